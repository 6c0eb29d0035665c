import { describe, expect, it } from "vitest";
import { onlyOne, samplesWithin, toggled } from "./legend";

const all = [0, 1, 2, 3];

describe("the legend", () => {
  it("hides a class at a click and shows it at the next", () => {
    const hidden = toggled(new Set(), 2);
    expect([...hidden]).toEqual([2]);
    expect([...toggled(hidden, 2)]).toEqual([]);
  });

  it("leaves the set that it was given as it is", () => {
    const before = new Set([1]);
    toggled(before, 1);
    onlyOne(before, 1, all);
    expect([...before]).toEqual([1]);
  });

  it("shows a class alone, also a hidden one", () => {
    expect([...onlyOne(new Set(), 1, all)]).toEqual([0, 2, 3]);
    expect([...onlyOne(new Set([1, 2]), 1, all)]).toEqual([0, 2, 3]);
  });

  it("shows all again when the class is alone already", () => {
    expect(onlyOne(new Set([0, 2, 3]), 1, all).size).toBe(0);
  });

  it("comes to the same by a double click, which is two clicks first", () => {
    const clicked = toggled(toggled(new Set<number>(), 1), 1);
    expect([...onlyOne(clicked, 1, all)]).toEqual([0, 2, 3]);
  });
});

it("means the samples that have the class in all models that show", () => {
  const [a, b] = [Uint8Array.of(1, 0, 1, 1), Uint8Array.of(1, 1, 0, 1)];
  expect(samplesWithin([a, b], 1, [0, 1, 2])).toEqual([0]);
  expect(samplesWithin([a], 0, [0, 1, 2, 3])).toEqual([1]);
  expect(samplesWithin([], 1, [0, 1])).toEqual([]);
});
