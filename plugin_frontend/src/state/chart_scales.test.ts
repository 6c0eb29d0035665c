import { describe, expect, it } from "vitest";
import { labelledSteps, stepScale, valueDomain } from "./chart_scales";

const steps = [0, 1, 2, 4, 8, 16, 32, 64, 128, 600];

describe.each(["linear", "log"] as const)("the %s axis of steps", (axis) => {
  const scale = stepScale(steps, axis, 40, 840);
  it("runs from the first step to the last", () => {
    expect(scale.toPixel(0)).toBeCloseTo(40);
    expect(scale.toPixel(600)).toBeCloseTo(840);
  });
  it("keeps the order and finds each step again from its pixel", () => {
    const pixels = steps.map((step) => scale.toPixel(step));
    expect(pixels).toEqual([...pixels].sort((a, b) => a - b));
    steps.forEach((step, i) => {
      expect(scale.toStep(pixels[i] as number)).toBeCloseTo(step, 6);
    });
  });
  it("has a place for a single step", () => {
    expect(stepScale([7], axis, 40, 840).toPixel(7)).toBeCloseTo(40);
  });
  it("labels both ends, and nothing closer than the gap", () => {
    const labelled = labelledSteps(steps, scale, 50);
    expect(labelled[0]).toBe(0);
    expect(labelled.at(-1)).toBe(600);
    const pixels = labelled.map((step) => scale.toPixel(step));
    for (let i = 1; i < pixels.length; i++)
      expect((pixels[i] as number) - (pixels[i - 1] as number)).toBeGreaterThan(49.9);
  });
});

it("gives early steps more room on the logarithmic axis, also when training began late", () => {
  const late = steps.map((step) => step + 10_000);
  const place = (axis: "linear" | "log") => stepScale(late, axis, 0, 800).toPixel(10_008);
  expect(place("log")).toBeGreaterThan(200);
  expect(place("linear")).toBeLessThan(20);
});

describe("the axis of values", () => {
  it("holds all known values with some air", () => {
    const [low, high] = valueDomain([0.4, null, 0.6], [0, 1]);
    expect(low).toBeLessThan(0.4);
    expect(high).toBeGreaterThan(0.6);
  });
  it("never goes beyond what the measure can be", () => {
    expect(valueDomain([0.01, 0.99], [0, 1])).toEqual([0, 1]);
  });
  it("has some height for a constant, and some range for nothing", () => {
    for (const values of [[0.5, 0.5], [0], [], [null]]) {
      const [low, high] = valueDomain(values, [null, null]);
      expect(high).toBeGreaterThan(low);
    }
  });
});
