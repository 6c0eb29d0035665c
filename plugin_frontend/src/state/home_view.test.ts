import { expect, it } from "vitest";
import { extentOf } from "./home_view";

/** 1,000 samples in the square of half side 1.5, and `far` more at 9. */
function map(far: number): Float32Array {
  const coordinates = new Float32Array(2000);
  for (let i = 0; i < 1000; i++) {
    coordinates[2 * i] = i < far ? 9 : 1.5 * Math.cos(i);
    coordinates[2 * i + 1] = 1.5 * Math.sin(i);
  }
  return coordinates;
}

it("holds the whole map with a little room", () => {
  expect(extentOf(map(0))).toBeCloseTo(1.6);
});

it("does not make all small for a few far outliers, but does for many", () => {
  expect(extentOf(map(4))).toBeCloseTo(1.6);
  expect(extentOf(map(40))).toBeGreaterThan(9);
});
