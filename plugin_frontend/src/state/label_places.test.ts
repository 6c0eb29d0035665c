import { describe, expect, it } from "vitest";
import { labelPlaces } from "./label_places";

describe("labels beside a chart", () => {
  it("stay where they are wanted if nothing is in the way", () => {
    expect(labelPlaces([80, 10, 40], 12, 0, 100)).toEqual([80, 10, 40]);
  });
  it("make way for each other, in their order, within the chart", () => {
    const places = labelPlaces([99, 98, 97, 5], 12, 0, 100) ?? [];
    expect(places[3]).toBe(5);
    expect(places.slice(0, 3)).toEqual([100, 88, 76]);
  });
  it("are left out where they do not fit", () => {
    expect(labelPlaces([1, 2, 3], 60, 0, 100)).toBeNull();
    expect(labelPlaces([], 60, 0, 100)).toEqual([]);
  });
});
