import { describe, expect, it } from "vitest";
import type { Probe } from "../api/types";
import { type About, aboutMethod, aboutProbe, aboutRun, plain, valuesText, warningText } from "./about";
import { aboutAsJson, aboutAsMarkdown } from "./about_text";
import { measureOf, methodOf, modelOf, overviewOf, runOf } from "./overview.fixture";

const PROBE: Probe = {
  fingerprint: "9f2c",
  size: 3,
  ids: ["a", "b", "c"],
  labels: [0, 1, 1],
  class_names: ["cat", "dog|wolf"],
  metadata: { brightness: [0.25, null, 0.5], writer: ["x", "y", "x"] },
  thumbnails: { sheets: 1, width: 32, height: 24, columns: 2, per_sheet: 4 },
};

const RUN = runOf("kd", [modelOf("teacher", "teacher", [0]), modelOf("net", null, [0, 1000])], {
  settings: { every: "every 100 steps", measures: ["knn", "mine"], odd_one: null },
  warnings: { skipped_steps: 1, failed_measures: 3, failed_steps: 0 },
  revision: 1,
});
const OVERVIEW = { ...overviewOf(RUN), measures: { knn: measureOf({ label: "kNN accuracy" }) } };

const factsOf = (facts: readonly { name: string; value: string }[]) =>
  Object.fromEntries(facts.map(({ name, value }) => [name, value]));

describe("a run", () => {
  const run = aboutRun(RUN, OVERVIEW);

  it("tells its settings in words", () => {
    expect(factsOf(run.facts)).toMatchObject({
      Created: "22 November 2026 at 10:00 UTC",
      Probed: "every 100 steps",
      "Measures while training": "kNN accuracy, mine",
      "Odd one": "not set",
      "Went back to a checkpoint": "1×",
    });
  });

  it("tells what went wrong, and nothing of what did not", () => {
    expect(run.warnings).toEqual([
      "1 step was left out because writing was behind.",
      "3 measures could not be computed.",
    ]);
    expect(warningText("new_kind", 2)).toBe("New kind: 2");
  });

  it("tells its models' steps and layers", () => {
    expect(run.models.map(({ name, role, steps }) => [name, role, steps])).toEqual([
      ["teacher", "teacher", "embedded once, at step 0"],
      ["net", "no role", "2 steps, 0 to 1\u2009000"],
    ]);
    expect(run.models[0]?.layers[0]).toEqual({
      name: "a",
      dimensions: 8,
      shape: "8",
      pooling: "none needed",
      isOutput: false,
    });
  });

  it("that cannot be read says why, and no more", () => {
    const broken = aboutRun(runOf("bad", [], { error: "It is damaged.", fingerprint: null }), OVERVIEW);
    expect(broken).toEqual({ name: "bad", error: "It is damaged.", facts: [], warnings: [], models: [] });
  });
});

describe("a probe", () => {
  it("tells its classes and what its columns hold", () => {
    const found = aboutProbe(PROBE);
    expect(found.classes.map(({ name, count }) => [name, count])).toEqual([
      ["cat", 1],
      ["dog|wolf", 2],
    ]);
    expect(factsOf(found.columns)).toEqual({
      brightness: "numbers from 0.250 to 0.500, 1 missing",
      writer: "2 different values",
    });
    expect(valuesText([null, null])).toBe("0 different values, 2 missing");
  });
});

it("values are said plainly", () => {
  expect([null, true, 3, "x", [1, "y"], { a: 1 }].map(plain)).toEqual(["not set", "yes", "3", "x", "1, y", '{"a":1}']);
});

describe("the text for an appendix", () => {
  const about: About = {
    runs: [aboutRun(RUN, OVERVIEW)],
    probe: aboutProbe(PROBE),
    maps: { method: "tsne", mode: "readout", reference: "teacher · a, step 0" },
    methods: [aboutMethod({ ...methodOf("tsne", "readout", "anchored"), params: { perplexity: 30 } })],
    versions: [{ name: "torch", value: "2.13" }],
  };

  it("has everything in Markdown tables whose cells hold", () => {
    const text = aboutAsMarkdown(about);
    for (const part of [
      "## Run kd",
      "| a | 8 | 8 | none needed |",
      "- Fingerprint: 9f2c",
      "| dog\\|wolf | 2 |",
      "| perplexity | 30 |",
      "| torch | 2.13 |",
      "Mode readout: readout.",
    ])
      expect(text).toContain(part);
  });

  it("is the same as JSON", () => {
    expect(JSON.parse(aboutAsJson(about))).toEqual(about);
  });
});
