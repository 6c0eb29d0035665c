import { describe, expect, it } from "vitest";
import { squaredDistance, squaredReach } from "./nearest";
import { randomPanel } from "./random_panel";

it("measures in three dimensions where there are three", () => {
  const places = new Float32Array([0, 0, 0, 1, 2, 2, 0, 0, -1]);
  expect(squaredDistance(places, 0, 1, 3)).toBe(9);
  expect([squaredReach(places, 0, 1, 3), squaredReach(places, 0, 2, 3)]).toEqual([1, 9]);
});

describe("the nearest on a map", () => {
  it("are k of all others, unless there are fewer", () => {
    const { to } = randomPanel(200, 8);
    for (const k of [1, 15, 199]) {
      const reach = squaredReach(to, 7, k);
      const within = Array.from({ length: 200 }, (_, j) => j).filter(
        (j) => j !== 7 && squaredDistance(to, 7, j) <= reach,
      );
      expect(within).toHaveLength(k);
    }
    expect(squaredReach(to, 7, 500)).toBe(squaredReach(to, 7, 199));
  });

  it("of a lone sample is no one", () => {
    expect(squaredReach(new Float32Array([1, 2]), 0, 15)).toBe(0);
  });
});
