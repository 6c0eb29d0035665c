import { describe, expect, it } from "vitest";
import type { Probe } from "../api/types";
import { findSamples } from "./find_samples";

const probe: Probe = {
  fingerprint: "f",
  size: 5,
  ids: ["17", "170", "217", "a.b", "Ärger"],
  labels: [0, 1, 1, 0, 2],
  class_names: ["cat", "dog", "horse"],
  metadata: { writer: ["ann", "bob", null, "17", "Ann"], year: [1999, 2001, 2001, null, 2017] },
  thumbnails: null,
};
const all = [0, 1, 2, 3, 4];

function samples(text: string, isPattern = false, among = all): number[] | string {
  const found = findSamples(probe, { text, isPattern }, among);
  return "error" in found ? found.error : found.hits.map((hit) => hit.sample);
}

describe("part of a text", () => {
  it("finds it in ids, classes and metadata, whatever the case", () => {
    expect(samples("dog")).toEqual([1, 2]);
    expect(samples("ANN")).toEqual([0, 4]);
    expect(samples("2001")).toEqual([1, 2]);
  });

  it("tells whole texts first, then beginnings", () => {
    expect(samples("17")).toEqual([0, 3, 1, 2, 4]);
  });

  it("takes signs literally", () => {
    expect(samples("a.b")).toEqual([3]);
    expect(samples("(")).toEqual([]);
  });

  it("looks into one field where that is named", () => {
    expect(samples("id:17")).toEqual([0, 1, 2]);
    expect(samples("writer: 17")).toEqual([3]);
    expect(samples("Label:o")).toEqual([1, 2, 4]);
    expect(samples("colour:red")).toEqual([]);
  });

  it("finds all with nothing typed, and only among those that there are", () => {
    expect(samples("")).toEqual(all);
    expect(samples("17", false, [2, 4])).toEqual([2, 4]);
  });

  it("says where", () => {
    const found = findSamples(probe, { text: "1", isPattern: false }, [2]);
    expect(found).toEqual({ hits: [{ sample: 2, field: "id", text: "217", from: 1, to: 2 }] });
  });
});

describe("regular expression", () => {
  it("finds what it matches, in the samples' order", () => {
    expect(samples("^17", true)).toEqual([0, 1, 3]);
    expect(samples("id:^\\d+$", true)).toEqual([0, 1, 2]);
    expect(samples("^ärger$", true)).toEqual([4]);
  });

  it("says in a sentence what is wrong with one", () => {
    expect(samples("(", true)).toBe("This is not a regular expression yet: unterminated group.");
    expect(samples("/: [", true)).toMatch(/^This is not a regular expression yet: .*class.*\.$/);
  });
});
