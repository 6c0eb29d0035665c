import { expect, it } from "vitest";
import { eachMapOnce } from "./export_choice";
import type { PanelInfo } from "./grid";
import { modelOf, runOf } from "./overview.fixture";

const model = modelOf("student", "student", [0, 10]);
const row = { key: "r/student", run: "r", model, runInfo: runOf("r", [model]) } as unknown as PanelInfo["row"];
const panel = (layer: number, columnIndex: number, step: number) =>
  ({
    key: `${layer}/${columnIndex}`,
    row,
    layer: model.layers[layer],
    rowIndex: 0,
    columnIndex,
    column: columnIndex,
    step,
  }) as PanelInfo;

it("a layer that stands in two columns is one map of the file; at another step it is another", () => {
  const panels = [panel(0, 0, 10), panel(1, 1, 10), panel(0, 2, 10), panel(0, 3, 0)];
  const found = eachMapOnce(panels).map(({ layer, step }) => [layer.name, step]);
  expect(found).toEqual([
    ["a", 10],
    ["b", 10],
    ["a", 0],
  ]);
});
