import { expect, it } from "vitest";
import { extentOf } from "./home_view";
import { HOME_ROTATION, seen } from "./rotation";

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

it("holds a map of three dimensions however it is turned", () => {
  const flat = map(0);
  const deep = Float32Array.from({ length: 3000 }, (_, i) =>
    i % 3 === 2 ? 1.5 : (flat[2 * Math.floor(i / 3) + (i % 3)] as number),
  );
  const extent = extentOf(deep, 3);
  for (const rotation of [HOME_ROTATION, { yaw: 1.2, pitch: 0.9 }, { yaw: -2.9, pitch: -1.5 }])
    expect(Math.max(...seen(deep, rotation).map(Math.abs))).toBeLessThanOrEqual(extent);
  expect(extent).toBeLessThan(3);
});
