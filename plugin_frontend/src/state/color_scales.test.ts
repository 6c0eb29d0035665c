import { describe, expect, it } from "vitest";
import type { Rgb } from "../drawing/hex_color";
import { colorOn, joinedReach, placeOn, reachOf, scaleOf } from "./color_scales";

const GREYS = Array.from({ length: 11 }, (_, i): Rgb => [i, i, i]);

describe("how far values reach", () => {
  it("leaves out the few that are far from all others, but knows of them", () => {
    const values = Array.from({ length: 1000 }, (_, i) => i / 1000);
    values[17] = 500;
    const reach = reachOf(values);
    expect(reach?.high).toBeLessThan(1);
    expect(reach?.most).toBe(500);
    expect(reach?.low).toBeCloseTo(0.01, 2);
  });

  it("passes over what is unknown, and is nothing where all is", () => {
    expect(reachOf([null, 3, Number.NaN, 5])).toMatchObject({ least: 3, most: 5 });
    expect(reachOf([null, Number.NaN])).toBeNull();
    expect(joinedReach(null, null)).toBeNull();
  });

  it("of two steps is that of both", () => {
    const joined = joinedReach(reachOf([0, 1]), reachOf([-4, 0.5]));
    expect(joined).toEqual({ low: -4, high: 1, least: -4, most: 1 });
  });
});

describe("a scale", () => {
  it("has the ends that its column declares, whatever was seen", () => {
    expect(scaleOf([0, 1], reachOf([0.2, 0.3]))).toMatchObject({ low: 0, high: 1, isPassed: [false, false] });
  });

  it("has round ends where the column has none, and says what passes them", () => {
    const values = Array.from({ length: 1000 }, (_, i) => i * 0.00187);
    values.push(90);
    const scale = scaleOf([0, null], reachOf(values));
    expect(scale).toMatchObject({ low: 0, high: 2, diverging: false, isPassed: [false, true] });
  });

  it("does not change with every step: its ends move in coarse stages", () => {
    const ends = [1.81, 1.86, 1.9, 1.95].map((most) => scaleOf([0, null], reachOf([0, most])).high);
    expect(new Set(ends)).toEqual(new Set([2]));
  });

  it("has zero in its middle where there are two signs", () => {
    const scale = scaleOf([null, null], reachOf([-1, 0, 4.2]));
    expect(scale.diverging).toBe(true);
    expect(scale.low).toBe(-scale.high);
    expect(placeOn(scale, 0)).toBe(0.5);
    expect(scaleOf([null, null], reachOf([2, 8])).diverging).toBe(false);
  });

  it("gives what lies beyond the ends' colours, and nothing to what is unknown", () => {
    const scale = scaleOf([0, 10], null);
    expect([-3, 0, 5, 10, 99].map((value) => colorOn(scale, GREYS, value)?.[0])).toEqual([0, 0, 5, 10, 10]);
    expect(colorOn(scale, GREYS, null)).toBeUndefined();
    expect(colorOn(scale, GREYS, Number.NaN)).toBeUndefined();
  });

  it("of one value only still has two ends", () => {
    const { low, high } = scaleOf([null, null], reachOf([7, 7]));
    expect(low).toBeLessThan(high);
  });
});
