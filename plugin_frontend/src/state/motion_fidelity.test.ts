import { describe, expect, it } from "vitest";
import type { Frame } from "../api/types";
import { displacements, meanRanks, motionBetween, rankCorrelation } from "./motion_fidelity";

const column = (...values: number[]) => new Float32Array(values);

function frame(coordinates: number[], changed: number[] | null): Frame {
  return {
    key: "",
    quality: {},
    coordinates: column(...coordinates),
    kept: column(),
    changed: changed === null ? null : column(...changed),
  };
}

describe("ranks", () => {
  it("count from the smallest value", () => {
    expect([...meanRanks(column(30, -1, 7))]).toEqual([2, 0, 1]);
  });

  it("are shared by equal values, as their mean", () => {
    expect([...meanRanks(column(2, 1, 2, 5, 2, 1))]).toEqual([3, 0.5, 3, 5, 3, 0.5]);
  });

  it("are those of nobody where there are no values", () => {
    expect(meanRanks(column())).toHaveLength(0);
  });
});

describe("Spearman's rank correlation", () => {
  it.each([
    { x: [1, 2, 3, 4, 5], y: [5, 6, 7, 8, 7], rho: 0.8207826816681233 },
    { x: [106, 86, 100, 101, 99, 103], y: [7, 0, 27, 50, 28, 29], rho: 0.3142857142857143 },
    { x: [0, 0, 1, 2, 2, 2, 5], y: [1, 3, 2, 2, 4, 4, 4], rho: 0.6862745098039215 },
  ])("of $x and $y agrees with scipy.stats.spearmanr", ({ x, y, rho }) => {
    expect(rankCorrelation(column(...x), column(...y))).toBeCloseTo(rho, 12);
  });

  it("sees only the order of the values", () => {
    expect(rankCorrelation(column(1, 2, 3, 4), column(1, 10, 1000, 1e6))).toBeCloseTo(1, 12);
    expect(rankCorrelation(column(1, 2, 3, 4), column(4, 3, 2, 1))).toBeCloseTo(-1, 12);
  });

  it("is not defined where either column is constant", () => {
    expect(rankCorrelation(column(1, 1, 1), column(1, 2, 3))).toBeNull();
    expect(rankCorrelation(column(1, 2, 3), column(0, 0, 0))).toBeNull();
    expect(rankCorrelation(column(), column())).toBeNull();
  });
});

describe("the motion between two frames", () => {
  // The corners of a square round (5, 5): its RMS radius is the square root of 2.
  const square = [4, 4, 6, 4, 6, 6, 4, 6];

  it("is measured in radii of the later map", () => {
    const moved = displacements(column(4, 4, 6, 4, 6, 6, 4, 8), column(...square));
    expect([...moved]).toEqual([0, 0, 0, Math.fround(Math.SQRT2)]);
  });

  it("is faithful where those that moved most changed most", () => {
    const before = frame([4, 4, 6, 5, 6, 8, 4, 9], null);
    const faithful = motionBetween(before, frame(square, [0, 0.2, 0.4, 0.6]));
    expect(faithful.displacement).toBeCloseTo((0 + 1 + 2 + 3) / 4 / Math.SQRT2, 6);
    expect(faithful.fidelity).toBeCloseTo(1, 12);
    expect(motionBetween(before, frame(square, [0.6, 0.4, 0.2, 0])).fidelity).toBeCloseTo(-1, 12);
  });

  it("has no fidelity where nothing moved, or no change is known", () => {
    expect(motionBetween(frame(square, null), frame(square, [0, 0.2, 0.4, 0.6])).fidelity).toBeNull();
    expect(motionBetween(frame([0, 0, 1, 1, 2, 2, 3, 3], null), frame(square, null)).fidelity).toBeNull();
  });

  it("is another from another frame before", () => {
    const now = frame(square, [0, 0.2, 0.4, 0.6]);
    expect(motionBetween(frame(square, null), now).displacement).toBe(0);
    expect(motionBetween(frame([4, 4, 6, 5, 6, 8, 4, 9], null), now).displacement).toBeGreaterThan(1);
  });

  it("is none, not an error, where the later map is a single point", () => {
    expect(motionBetween(frame([1, 1, 1, 1], null), frame([1, 1, 1, 1], [0, 1])).displacement).toBe(0);
  });
});
