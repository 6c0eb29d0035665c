import { describe, expect, it } from "vitest";
import { alignLayers, columnName, columnOf, columnToTellOf } from "./alignment";
import { layersNamed } from "./overview.fixture";

const names = (cells: readonly ({ name: string } | null)[] | undefined) => cells?.map((layer) => layer?.name ?? null);

describe("aligning the layers of models", () => {
  it("puts equally deep models side by side, layer by layer", () => {
    const columns = alignLayers([layersNamed("a", "b", "c"), layersNamed("x", "y", "z")]);
    expect(columns.count).toBe(3);
    expect(names(columns.cells[1])).toEqual(["x", "y", "z"]);
    expect(columnName(columns, 1)).toBe("b / y");
  });

  it("spreads a shallower model over the columns, first to first and last to last", () => {
    const columns = alignLayers([layersNamed("a", "b", "c", "d", "e"), layersNamed("x", "y", "z")]);
    expect(names(columns.cells[1])).toEqual(["x", null, "y", null, "z"]);
  });

  it("puts an only layer last", () => {
    expect(names(alignLayers([layersNamed("a", "b"), layersNamed("x")]).cells[1])).toEqual([null, "x"]);
  });

  it("never puts two layers into one column, nor out of order", () => {
    for (let count = 1; count <= 24; count++) {
      for (let depth = 1; depth <= count; depth++) {
        const places = Array.from({ length: depth }, (_, i) => columnOf(i, depth, count));
        expect(places.every((place, i) => i === 0 || place > (places[i - 1] as number))).toBe(true);
        expect(places.at(-1)).toBe(count - 1);
      }
    }
  });

  it("has no columns where there are no models", () => {
    expect(alignLayers([]).count).toBe(0);
  });
});

describe("the column to tell of", () => {
  const model = (count: number) => layersNamed(...Array.from({ length: count - 1 }, (_, i) => `stage${i}`), "logits");

  it("is the last one before the outputs where all models have as many layers", () => {
    expect(columnToTellOf(alignLayers([model(5), model(5)]))).toBe(3);
  });

  it("is one that most models have, were it the outputs'", () => {
    expect(columnToTellOf(alignLayers([model(20), model(3), model(1)]))).toBe(19);
  });

  it("is the first where there are no models or but one layer", () => {
    expect(columnToTellOf(alignLayers([]))).toBe(0);
    expect(columnToTellOf(alignLayers([model(1)]))).toBe(0);
  });
});
