import { expect, it } from "vitest";
import { sortedSamples } from "./sample_order";

it("sorts amounts by size, in both directions, and leaves equal ones in the probe's order", () => {
  const values = new Float32Array([0.5, 10, 9, 0.5]);
  expect(sortedSamples([3, 2, 1, 0], values, false)).toEqual([0, 3, 2, 1]);
  expect(sortedSamples([3, 2, 1, 0], values, true)).toEqual([1, 2, 0, 3]);
});

it("sorts names with numbers as people do", () => {
  expect(sortedSamples([0, 1, 2], ["digit 10", "digit 9", "Digit 1"], false)).toEqual([2, 1, 0]);
});

it("puts samples without a value last in either direction", () => {
  const values = [null, 2, Number.NaN, 1];
  expect(sortedSamples([0, 1, 2, 3], values, false)).toEqual([3, 1, 0, 2]);
  expect(sortedSamples([0, 1, 2, 3], values, true)).toEqual([1, 3, 0, 2]);
});

it("sorts no before yes, and takes mixed columns as text", () => {
  expect(sortedSamples([0, 1], [true, false], false)).toEqual([1, 0]);
  expect(sortedSamples([0, 1, 2], ["b", 10, 9], false)).toEqual([2, 1, 0]);
});

it("keeps the probe's order, or turns it round, while no values are known", () => {
  expect(sortedSamples(new Set([5, 1, 3]), null, false)).toEqual([1, 3, 5]);
  expect(sortedSamples(new Set([5, 1, 3]), null, true)).toEqual([5, 3, 1]);
});

it("sorts ten thousand in the time of a frame or few", () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007);
  const sorted = sortedSamples(values.keys(), values, false);
  expect(sorted.length).toBe(10_000);
  for (let i = 1; i < sorted.length; i++)
    expect(values[sorted[i - 1] as number]).toBeLessThanOrEqual(values[sorted[i] as number] as number);
});
