import { expect, it } from "vitest";
import { freeName, parsed, withRenamed, withSaved } from "./saved_selections";

const saved = [
  { name: "sevens", samples: [1, 7] },
  { name: "odd ones", samples: [1, 3] },
];

it("reads back what it wrote", () => {
  expect(parsed(JSON.stringify(saved), 8)).toEqual(saved);
});

it("takes nothing that is no selection of these samples", () => {
  expect(parsed(null, 8)).toEqual([]);
  expect(parsed("{not json", 8)).toEqual([]);
  expect(parsed('{"a": 1}', 8)).toEqual([]);
  expect(parsed('[null, {"name": 3, "samples": []}, {"name": "a", "samples": [0.5]}]', 8)).toEqual([]);
  expect(parsed(JSON.stringify(saved), 4)).toEqual([saved[1]]); // sample 7 is of no probe of four
});

it("adds a selection at the end, in ascending order, and replaces one of the same name", () => {
  expect(withSaved(saved, "new", new Set([5, 2]))).toEqual([...saved, { name: "new", samples: [2, 5] }]);
  expect(withSaved(saved, "sevens", [7])).toEqual([{ name: "sevens", samples: [7] }, saved[1]]);
});

it("renames, but not to a name that is taken", () => {
  expect(withRenamed(saved, "sevens", "7s")?.map((one) => one.name)).toEqual(["7s", "odd ones"]);
  expect(withRenamed(saved, "sevens", "odd ones")).toBeNull();
  expect(withRenamed(saved, "sevens", "sevens")).toEqual(saved);
});

it("proposes a name that is free", () => {
  expect(freeName([])).toBe("Selection 1");
  expect(freeName([{ name: "Selection 1", samples: [] }])).toBe("Selection 2");
});
