import { describe, expect, it } from "vitest";
import { alignByName, keysOf } from "./name_alignment";
import { layersNamed } from "./overview.fixture";

const cellsOf = (...models: string[][]) =>
  alignByName(models.map((names) => layersNamed(...names))).cells.map((cells) =>
    cells.map((layer) => layer?.name ?? null),
  );
const numbered = (pattern: string, numbers: Iterable<number>) =>
  [...numbers].map((number) => pattern.replace("#", `${number}`));

describe("aligning layers by name", () => {
  it("puts namesakes into one column and leaves gaps where a model has none", () => {
    expect(cellsOf(["stage1", "stage2", "stage3", "stage4", "fc"], ["stage1", "stage2", "fc"])).toEqual([
      ["stage1", "stage2", "stage3", "stage4", "fc"],
      ["stage1", "stage2", null, null, "fc"],
    ]);
  });

  it("gives what has no namesake the place between those that have", () => {
    expect(cellsOf(["in", "body", "neck", "fc"], ["in", "trunk", "fc"])).toEqual([
      ["in", "body", "neck", "fc"],
      ["in", null, "trunk", "fc"],
    ]);
    expect(cellsOf(["in", "fc"], ["in", "a", "b", "fc"])).toEqual([
      ["in", null, null, "fc"],
      ["in", "a", "b", "fc"],
    ]);
  });

  it("is as by depth where no name is shared", () => {
    expect(cellsOf(["a", "b", "c", "d", "e"], ["x", "y", "z"])[1]).toEqual(["x", null, "y", null, "z"]);
  });

  it("takes the numbers of blocks for their names, whatever leads to them", () => {
    const teacher = [...numbered("bert.encoder.layer.#.output", [0, 1, 2, 3, 4, 5]), "classifier"];
    const student = [...numbered("blocks.#", [1, 3, 5]), "head"];
    expect(cellsOf(teacher, student)[1]).toEqual([null, "blocks.1", null, "blocks.3", null, "blocks.5", "head"]);
  });

  it("does not take the first of a list and the one called first for two different ones", () => {
    const [, student] = cellsOf(numbered("layer#", [1, 2, 3]), numbered("blocks.#", [0, 1, 2]));
    expect(student).toEqual(["blocks.0", "blocks.1", "blocks.2"]);
  });

  it("keeps every model's layers in order and loses none", () => {
    const models = [
      ["conv", "layer1", "layer2", "layer3", "fc"],
      ["layer2", "conv", "layer3", "logits"],
      numbered("features.#", [0, 4, 9]),
    ];
    const found = cellsOf(...models);
    expect(found.map((cells) => cells.filter((name) => name !== null))).toEqual(models);
    expect(new Set(found.map((cells) => cells.length)).size).toBe(1);
  });

  it("tells blocks within stages apart", () => {
    expect(keysOf(["layer1.0.conv2", "layer1.1.conv2", "layer2.0.conv2", "fc"])).toEqual([
      ["layer1.0.conv2", "item 1.0"],
      ["layer1.1.conv2", "item 1.1"],
      ["layer2.0.conv2", "item 2.0"],
      ["fc"],
    ]);
  });
});
