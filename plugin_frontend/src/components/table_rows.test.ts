import { expect, it } from "vitest";
import { ROW_HEIGHT, rowsInSight, targetRow } from "./table_rows";

it("makes few rows of many, and all that are in sight", () => {
  for (const scrolled of [0, 10, 5000 * ROW_HEIGHT, 9990 * ROW_HEIGHT]) {
    const { first, last } = rowsInSight(scrolled, 300, 10_000);
    expect(last - first).toBeLessThan(40);
    expect(first * ROW_HEIGHT).toBeLessThanOrEqual(scrolled);
    expect(last * ROW_HEIGHT).toBeGreaterThanOrEqual(Math.min(scrolled + 300, 10_000 * ROW_HEIGHT));
  }
});

it("stays within a list that became shorter than what was scrolled", () => {
  expect(rowsInSight(100_000, 300, 3)).toEqual({ first: 2, last: 3 });
  expect(rowsInSight(0, 300, 0)).toEqual({ first: 0, last: 0 });
});

it("goes from row to row and stops at either end", () => {
  expect(targetRow("ArrowDown", -1, 5, 3)).toBe(0);
  expect(targetRow("ArrowDown", 4, 5, 3)).toBe(4);
  expect(targetRow("PageUp", 2, 5, 3)).toBe(0);
  expect(targetRow("End", 0, 5, 3)).toBe(4);
  expect(targetRow("ArrowLeft", 0, 5, 3)).toBeNull();
  expect(targetRow("Home", 0, 0, 3)).toBeNull();
});
