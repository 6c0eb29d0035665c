import { expect, it } from "vitest";
import { moved } from "./heat_keys";

it("keys go from cell to cell and stop at the edges", () => {
  const last = { line: 3, column: 4 };
  const from = { line: 0, column: 2 };
  expect(moved(from, "ArrowDown", last, false)).toEqual({ line: 1, column: 2 });
  expect(moved(from, "ArrowUp", last, false)).toEqual(from);
  expect(moved(from, "ArrowLeft", last, false)).toEqual({ line: 0, column: 1 });
  expect(moved({ line: 0, column: 4 }, "ArrowRight", last, false)).toEqual({ line: 0, column: 4 });
  expect(moved(from, "End", last, false)).toEqual({ line: 0, column: 4 });
  expect(moved(from, "End", last, true)).toEqual(last);
  expect(moved(last, "Home", last, true)).toEqual({ line: 0, column: 0 });
  expect(moved(from, "Enter", last, false)).toBeNull();
});
