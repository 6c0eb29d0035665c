import { describe, expect, it } from "vitest";
import { dragged, gripAt, histogram, valueCounts, within } from "./histogram";

const all = (values: ArrayLike<unknown>) => Array.from({ length: values.length }, (_, i) => i);

describe("histogram", () => {
  it("counts every known value once, the largest too", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => i / 999);
    const found = histogram(values, all(values), [0, 1]);
    expect(found?.extent).toEqual([0, 1]);
    expect(found?.counts).toHaveLength(40);
    expect(found?.counts.reduce((a, b) => a + b)).toBe(1000);
    expect(found?.unknown).toBe(0);
  });

  it("gives few values a bin each", () => {
    const shares = Float32Array.from({ length: 160 }, (_, i) => (i % 16) / 15);
    expect(histogram(shares, all(shares), [0, 1])?.counts).toEqual(new Array(16).fill(10));
  });

  it("leaves out what is unknown, and says how much that is", () => {
    const values = [1, null, Number.NaN, 3];
    expect(histogram(values, all(values), [null, null])).toEqual({ extent: [1, 3], counts: [1, 1], unknown: 2 });
    expect(histogram([null], [0], [0, 1])).toBeNull();
  });

  it("comes near to values that fill little of their range", () => {
    expect(histogram([0.12, 0.16, 0.2], [0, 1, 2], [0, 1])?.extent).toEqual([0.12, 0.2]);
    expect(histogram([0.1, 0.9], [0, 1], [0, 1])?.extent).toEqual([0, 1]);
  });

  it("stretches to what a range's missing end and its values need, and to no more than one bin for one value", () => {
    expect(histogram([2, 5], [0, 1], [0, null])?.extent).toEqual([0, 5]);
    expect(histogram([2, 2], [0, 1], [null, null])?.counts).toEqual([2]);
  });
});

describe("brush", () => {
  const extent = [0, 10] as const;

  it("holds both ends of its range", () => {
    expect(within([1, 2, 3, 4, null, Number.NaN], [2, 3], [0, 1, 2, 3, 4, 5])).toEqual([1, 2]);
    expect(within([2, 2, 2], [2, 2], [0, 2])).toEqual([0, 2]);
  });

  it("is taken by its ends, by its middle, or made anew", () => {
    expect(gripAt(2.1, [2, 6], extent, 0.3)).toBe("low");
    expect(gripAt(5.9, [2, 6], extent, 0.3)).toBe("high");
    expect(gripAt(4, [2, 6], extent, 0.3)).toBe("whole");
    expect(gripAt(8, [2, 6], extent, 0.3)).toBe("new");
    expect(gripAt(5, [0, 10], extent, 0.3)).toBe("new"); // all of it cannot move
    expect(gripAt(10, [10, 10], extent, 0.3)).toBe("low"); // the only end that can go anywhere
  });

  it("follows the pointer, never beyond the axis, its ends in order", () => {
    expect(dragged("new", [0, 10], extent, 7, 3)).toEqual([3, 7]);
    expect(dragged("low", [2, 6], extent, 2, 8)).toEqual([6, 8]);
    expect(dragged("high", [2, 6], extent, 6, 99)).toEqual([2, 10]);
    expect(dragged("whole", [2, 6], extent, 4, 99)).toEqual([6, 10]);
    expect(dragged("whole", [2, 6], extent, 4, 3)).toEqual([1, 5]);
  });
});

it("lists values in their order, each with its samples, the unknown last", () => {
  expect(valueCounts([10, 9, null, 10], [0, 1, 2, 3])).toEqual([
    { value: 9, samples: [1] },
    { value: 10, samples: [0, 3] },
    { value: null, samples: [2] },
  ]);
  expect(valueCounts(["b", "a", "b"], [0, 1]).map(({ value }) => value)).toEqual(["a", "b"]);
});
