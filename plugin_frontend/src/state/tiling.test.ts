import { describe, expect, it } from "vitest";
import { type TileShape, tiling } from "./tiling";

const SHAPE: TileShape = { leastWidth: 200, leastHeight: 150, mostHeight: 400, aspect: 1.4 };

describe("tiles", () => {
  it.each([1, 2, 3, 5, 10, 14, 25, 60])("of %i charts are all there, no narrower than they must be", (count) => {
    const { columns, rows, width, height } = tiling(count, 1090, 580, SHAPE);
    expect(columns * rows).toBeGreaterThanOrEqual(count);
    expect(columns * (rows - 1)).toBeLessThan(count);
    expect(width).toBeGreaterThanOrEqual(200);
    expect(columns * width).toBeLessThanOrEqual(1090);
    expect(height).toBeGreaterThanOrEqual(150);
    expect(height).toBeLessThanOrEqual(400);
  });
  it("fit the view where they can", () => {
    for (const count of [1, 2, 5, 12, 15]) {
      const { rows, height } = tiling(count, 1090, 580, SHAPE);
      expect(rows * height).toBeLessThanOrEqual(580);
    }
  });
  it("have a width also where there is hardly any", () => {
    expect(tiling(3, 120, 90, SHAPE)).toMatchObject({ columns: 1, rows: 3, height: 150 });
  });
});
