import { describe, expect, it } from "vitest";
import { bookmarksIn } from "./bookmarks";
import { whatIsNotHere } from "./not_here";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { rowKey } from "./rows";

const overview = overviewOf(runOf("one", [modelOf("teacher", "teacher", [0]), modelOf("student", "student", [0, 5])]));

describe("what a link asks for", () => {
  it("is silent where all is here", () => {
    const values = {
      chosenProbe: "probe-1",
      chosenRows: [rowKey("one", "student")],
      chosenReference: ["one", "student", "a", 5] as const,
      chosenStep: 5,
    };
    expect(whatIsNotHere({ values, unread: [] }, overview)).toEqual([]);
  });

  it("is named where it is not, each once", () => {
    const values = {
      chosenRows: [rowKey("two", "student"), rowKey("two", "teacher"), rowKey("one", "baseline")],
      focus: [{ run: "one", model: "student", layer: "z" }],
      chosenReference: ["one", "student", "a", 7] as const,
      chosenStep: 1000,
    };
    expect(whatIsNotHere({ values, unread: ["novel"] }, overview)).toEqual([
      "run “two”",
      "model “baseline” of run “one”",
      "layer “z” of student (one)",
      "the reference student · a at step 7",
      "step 1\u2009000",
      "the setting “novel”",
    ]);
  });

  it("is of other samples where the probe is another", () => {
    const found = whatIsNotHere({ values: { chosenProbe: "probe-2", chosenStep: 99 }, unread: [] }, overview);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("samples");
  });
});

describe("the browser's store", () => {
  it("gives the bookmarks that are in it, and none for what is damaged", () => {
    const one = { name: "a", state: "v=1&step=3" };
    expect(bookmarksIn(JSON.stringify([one, { name: 3 }, null, "x"]))).toEqual([one]);
    for (const damaged of [null, "", "{", "{}", "3"]) expect(bookmarksIn(damaged)).toEqual([]);
  });
});
