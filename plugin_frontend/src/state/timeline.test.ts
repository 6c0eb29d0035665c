import { describe, expect, it } from "vitest";
import { isLogSpaced, mergedSteps, nearestStep, neighbourStep, stepBefore, storedStep } from "./timeline";

describe("the merged timeline", () => {
  it("has every step of every model once, ascending by number", () => {
    expect(mergedSteps([[0, 10, 200], [], [0, 5, 10, 1000]])).toEqual([0, 5, 10, 200, 1000]);
  });
});

describe("the stored step that stands for a model", () => {
  it("is the last one not after the slider's", () => {
    expect(storedStep([0, 10, 20], 19)).toBe(10);
    expect(storedStep([0, 10, 20], 20)).toBe(20);
    expect(storedStep([0, 10, 20], 999)).toBe(20);
  });
  it("is the first one where the model began later", () => {
    expect(storedStep([100, 200], 3)).toBe(100);
  });
  it("is none where nothing is stored", () => {
    expect(storedStep([], 3)).toBeNull();
  });
});

describe("the step before", () => {
  it("is the last stored one that is earlier, whether or not the step itself is stored", () => {
    expect(stepBefore([0, 10, 20], 20)).toBe(10);
    expect(stepBefore([0, 10, 20], 15)).toBe(10);
  });
  it("is none at the first", () => {
    expect(stepBefore([0, 10, 20], 0)).toBeNull();
    expect(stepBefore([], 3)).toBeNull();
  });
});

describe("moving along the timeline", () => {
  it("snaps to the nearest step, the earlier of two", () => {
    expect(nearestStep([0, 10, 20], 14)).toBe(10);
    expect(nearestStep([0, 10, 20], 15)).toBe(10);
    expect(nearestStep([0, 10, 20], 16)).toBe(20);
    expect(nearestStep([5, 10], -3)).toBe(5);
    expect(nearestStep([], 1)).toBeNull();
  });
  it("stops at either end", () => {
    expect(neighbourStep([0, 10, 20], 10, 1)).toBe(20);
    expect(neighbourStep([0, 10, 20], 20, 1)).toBe(20);
    expect(neighbourStep([0, 10, 20], 10, -5)).toBe(0);
  });
});

describe("the axis that is offered first", () => {
  it("is logarithmic for steps that are dense early", () => {
    expect(isLogSpaced([0, 1, 2, 4, 8, 16, 32, 64, 128, 256])).toBe(true);
    expect(isLogSpaced([0, 100, 200, 300, 400, 500])).toBe(false);
    expect(isLogSpaced([0, 1, 1000])).toBe(false);
  });
});
