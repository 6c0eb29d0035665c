import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  available,
  clearSelection,
  combined,
  emphasised,
  howOf,
  inverted,
  invertSelection,
  isolateSelection,
  previewed,
  select,
  showAllSamples,
} from "./selection";
import { overview, probes } from "./server";
import { chosenColor, hiddenLabels, hiddenValues, isolated, selection } from "./settings";
import { showing } from "./visible_samples";

const N = 8;
const labels = [0, 0, 1, 1, 2, 2, 0, 1];
const writer = ["ann", "bob", "ann", "bob", "ann", "bob", "ann", null];
const everyone = Array.from({ length: N }, (_, i) => i);
const sorted = (samples: ReadonlySet<number>) => [...samples].sort((a, b) => a - b);

describe("the algebra", () => {
  const before = new Set([1, 2, 3]);

  it("replaces, adds, takes away and keeps what both have", () => {
    expect(sorted(combined(before, [3, 4], "replace"))).toEqual([3, 4]);
    expect(sorted(combined(before, [3, 4], "add"))).toEqual([1, 2, 3, 4]);
    expect(sorted(combined(before, [3, 4], "remove"))).toEqual([1, 2]);
    expect(sorted(combined(before, [3, 4], "intersect"))).toEqual([3]);
  });

  it("never changes the set that it starts from", () => {
    for (const how of ["replace", "add", "remove", "intersect"] as const) combined(before, [3, 4], how);
    inverted(before, everyone);
    expect(sorted(before)).toEqual([1, 2, 3]);
  });

  it("inverts to what it began with when done twice", () => {
    expect(sorted(inverted(before, everyone))).toEqual([0, 4, 5, 6, 7]);
    expect(sorted(inverted(inverted(before, everyone), everyone))).toEqual([1, 2, 3]);
  });

  it("takes away what it has added to a set without it", () => {
    const added = combined(before, [6, 7], "add");
    expect(sorted(combined(added, [6, 7], "remove"))).toEqual([1, 2, 3]);
  });
});

it("a sample shows that is hidden in some maps only, or of which a map does not know yet", () => {
  const hidden = new Set([1]);
  expect(
    showing([1, 1, 1, 0], hidden, [
      [1, 1, 2, 2],
      [1, 2, 2, 2],
    ]),
  ).toEqual([1, 2]);
  expect(showing([1, 1, 1, 0], hidden, [[1, 1, 2, 2], []])).toEqual([0, 1, 2]);
  expect(showing([1, 1, 1, 0], hidden, [])).toEqual([0, 1, 2]);
});

it("Shift adds and Alt takes away, and Alt holds where both are down", () => {
  expect(howOf({ shiftKey: false, altKey: false })).toBe("replace");
  expect(howOf({ shiftKey: true, altKey: false })).toBe("add");
  expect(howOf({ shiftKey: false, altKey: true })).toBe("remove");
  expect(howOf({ shiftKey: true, altKey: true })).toBe("remove");
});

describe("the user's selection", () => {
  const usualColor = chosenColor.value;
  beforeEach(() => {
    const run = { name: "r", error: null, fingerprint: "f", size: N, created: "", package_version: "" };
    overview.value = {
      runs: [{ ...run, settings: {}, warnings: {}, revision: 0, models: [] }],
    } as unknown as typeof overview.value;
    probes.value = new Map([
      ["f", { fingerprint: "f", size: N, ids: [], labels, class_names: null, metadata: { writer }, thumbnails: null }],
    ]);
  });
  afterEach(() => {
    clearSelection();
    showAllSamples();
    hiddenLabels.value = new Set();
    hiddenValues.value = new Map();
    chosenColor.value = usualColor;
    overview.value = null;
  });

  it("is inverted among all samples, or among those that are isolated", () => {
    select([0, 1]);
    invertSelection();
    expect(sorted(selection.value)).toEqual([2, 3, 4, 5, 6, 7]);
    isolateSelection();
    expect(available.value).toEqual([2, 3, 4, 5, 6, 7]);
    select([2, 3]);
    invertSelection();
    expect(sorted(selection.value)).toEqual([4, 5, 6, 7]);
  });

  it("is inverted among the samples that the legend does not hide", () => {
    hiddenLabels.value = new Set([1]);
    expect(available.value).toEqual([0, 1, 4, 5, 6]);
    select([0, 1]);
    invertSelection();
    expect(sorted(selection.value)).toEqual([4, 5, 6]);
    // Values of another column hide under their own colouring only; labels under every one.
    hiddenValues.value = new Map([["metadata:writer", new Set(["ann"])]]);
    expect(available.value).toEqual([0, 1, 4, 5, 6]);
    chosenColor.value = "metadata:writer";
    expect(available.value).toEqual([1, 5]);
    hiddenLabels.value = new Set();
    expect(available.value).toEqual([1, 3, 5, 7]);
    isolated.value = new Set([0, 1, 2, 3]);
    expect(available.value).toEqual([1, 3]);
  });

  it("cannot hide everything by isolating nothing", () => {
    isolateSelection();
    expect(isolated.value).toBeNull();
    expect(showAllSamples()).toBe(false);
  });

  it("gives way to a preview for as long as that lasts", () => {
    select([1]);
    previewed.value = new Set([5]);
    expect(sorted(emphasised.value)).toEqual([5]);
    expect(sorted(selection.value)).toEqual([1]);
    previewed.value = null;
    expect(sorted(emphasised.value)).toEqual([1]);
  });
});
