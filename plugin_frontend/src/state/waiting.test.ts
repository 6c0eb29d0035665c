import { describe, expect, it } from "vitest";
import { countAfter } from "./new_steps";
import { ordinal, shareDone } from "./waiting";

describe("a line of maps", () => {
  it("tells places as one says them", () => {
    expect([1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 103, 111].map(ordinal)).toEqual([
      "1st",
      "2nd",
      "3rd",
      "4th",
      "10th",
      "11th",
      "12th",
      "13th",
      "21st",
      "22nd",
      "103rd",
      "111th",
    ]);
  });

  it("is never said to be done before it is, and counts what failed as done with", () => {
    const now = { queued: 0, running: 1, done: 198, failed: 1, seconds_left: 1 };
    expect(shareDone(now)).toEqual({ done: 199, total: 200, percent: 99 });
    expect(shareDone({ queued: 0, running: 0, done: 0, failed: 0, seconds_left: null })).toBeNull();
    expect(shareDone(null)).toBeNull();
  });
});

it("steps are new that came after the newest that was known", () => {
  expect(countAfter([0, 5, 10, 20], 5)).toBe(2);
  expect(countAfter([0, 5], 5)).toBe(0);
  expect(countAfter([0, 5], null)).toBe(0);
});
