import { describe, expect, it } from "vitest";
import type { MeasureSeries, RunMeasures } from "../api/types";
import { colorDomain, heatMapOf, layersNamedBy, likeness, mostAlike, partnersOf } from "./heat_maps";
import { layersNamed, modelOf, overviewOf, runOf } from "./overview.fixture";
import { rowsOfProbe } from "./rows";

const pair = (layer: string, other_layer: string, values: (number | null)[], other_run: string | null = null) =>
  ({ measure: "cka", layer, other_run, other_model: "big", other_layer, values }) satisfies MeasureSeries;

const overview = overviewOf(
  runOf("soft", [modelOf("big", "teacher", [0]), modelOf("net", "student", [0, 5])]),
  runOf("plain", [modelOf("net", "baseline", [0, 5])]),
);
const [, student, baseline] = rowsOfProbe(overview, "probe-1");
if (student === undefined || baseline === undefined) throw new Error("There are a student and a baseline.");
const teacher = { run: "soft", model: "big" };
const measures = new Map<string, RunMeasures>([
  [
    "soft",
    {
      net: {
        steps: [0, 5],
        series: [
          pair("a", "a", [0.9, 0.8]),
          pair("a", "b", [0.2, 0.3]),
          pair("b", "a", [0.4, null]),
          pair("b", "b", [0.6, 0.7]),
        ],
      },
    },
  ],
  [
    "plain",
    { net: { steps: [0, 5], series: [pair("a", "a", [0.5, 0.1], "soft"), pair("a", "a", [0, 0], "elsewhere")] } },
  ],
]);
const layers = layersNamed("a", "b");

describe("a heat map", () => {
  it("has a line a layer and a value a teacher's layer, of the stored step", () => {
    const map = heatMapOf(measures, student, teacher, "cka", layers, ["a", "b"], 7, false);
    expect(map.step).toBe(5);
    expect(map.lines).toEqual([
      { layer: "a", values: [0.8, 0.3], best: 0 },
      { layer: "b", values: [null, 0.7], best: 1 },
    ]);
  });

  it("of a baseline is against the teacher of another run, and of no other", () => {
    const map = heatMapOf(measures, baseline, teacher, "cka", layers, ["a", "b"], 0, false);
    expect(map.lines.map((line) => line.values)).toEqual([
      [0.5, null],
      [null, null],
    ]);
    expect(map.lines[1]?.best).toBeNull();
  });

  it("knows whom a row was compared with: those on screen before others", () => {
    expect(partnersOf(measures, baseline, "cka", [])).toHaveLength(2);
    expect(partnersOf(measures, baseline, "cka", [teacher])).toEqual([teacher]);
    expect(partnersOf(measures, baseline, "rsa", [teacher])).toEqual([]);
    expect(layersNamedBy(measures, student, teacher, "cka")).toEqual(["a", "b"]);
  });
});

describe("the most alike", () => {
  it("is the highest, or the lowest where low means alike", () => {
    expect(mostAlike([0.1, null, 0.9, 0.9], false)).toBe(2);
    expect(mostAlike([0.1, null, 0.9], true)).toBe(0);
    expect(mostAlike([null, null], true)).toBeNull();
  });
});

describe("the colour scale", () => {
  it("runs from unrelated to the largest value, a tenth rounded up, within what the measure can be", () => {
    expect(colorDomain([0.12, null, 0.31], [0, 1])).toEqual([0, 0.4]);
    expect(colorDomain([0.3], [0, 1])).toEqual([0, 0.3]);
    expect(colorDomain([0.97], [0, 1])).toEqual([0, 1]);
    expect(colorDomain([-0.02, 0.5], [null, 1])).toEqual([-0.1, 0.5]);
    expect(colorDomain([], [0, 1])).toEqual([0, 1]);
    expect(colorDomain([0], [0, 1])).toEqual([0, 0.1]);
  });
  it("has the most alike at its strong end, whichever way the measure goes", () => {
    expect(likeness(0.3, [0, 0.4], false)).toBeCloseTo(0.75);
    expect(likeness(0.3, [0, 0.4], true)).toBeCloseTo(0.25);
    expect(likeness(2, [0, 1], false)).toBe(1);
  });
});
