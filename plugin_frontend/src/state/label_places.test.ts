import { describe, expect, it } from "vitest";
import { besideMarks, labelPlaces } from "./label_places";

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

describe("labels beside marks in one line", () => {
  const mark = (x: number) => ({ x, width: 60 });
  const overlap = ([a, b]: number[]) => (a as number) < (b as number) + 60 && (b as number) < (a as number) + 60;

  it("stand at the right of their marks, and at the left where there is no room", () => {
    expect(besideMarks([mark(100)], 0, 500)).toEqual([107]);
    expect(besideMarks([mark(480)], 0, 500)).toEqual([413]);
  });

  it("never lie over one another, in any order", () => {
    for (let x = 0; x <= 500; x += 10)
      for (let y = 0; y <= 500; y += 10)
        expect(overlap(besideMarks([mark(x), mark(y)], 0, 500)), `${x}, ${y}`).toBe(false);
  });
});
