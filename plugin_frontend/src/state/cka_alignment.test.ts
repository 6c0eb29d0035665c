import { describe, expect, it } from "vitest";
import type { MeasureSeries, RunMeasures } from "../api/types";
import { alignByCka, newestComparedStep } from "./cka_alignment";
import { layersNamed, modelOf, overviewOf, runOf } from "./overview.fixture";
import { type Row, rowsOfProbe } from "./rows";

const overview = overviewOf(
  runOf("kd", [
    modelOf("big", "teacher", [0], layersNamed("a", "b", "c", "d")),
    modelOf("net", "student", [0, 10, 20], layersNamed("x", "y")),
  ]),
  runOf("twin", [
    modelOf("big", "teacher", [0], layersNamed("a", "b", "c", "d")),
    modelOf("net", "student", [0], layersNamed("x", "y")),
  ]),
  runOf("plain", [modelOf("net", "baseline", [0], layersNamed("x", "y"))]),
);
const all = rowsOfProbe(overview, "probe-1");
const row = (run: string, model: string) => all.find((one) => one.run === run && one.model.name === model) as Row;
const teacher = row("kd", "big");
const student = row("kd", "net");

function pair(layer: string, other_layer: string, values: (number | null)[], other_run: string | null = null) {
  return { measure: "linear_cka", layer, other_run, other_model: "big", other_layer, values } satisfies MeasureSeries;
}

/** x is like a, then like a and b; y like the rest; at step 20 nothing is compared yet. */
const pairs = (other_run: string | null = null) => [
  pair("x", "a", [0.9, 0.8, null], other_run),
  pair("x", "b", [0.2, 0.7, null], other_run),
  pair("x", "c", [0.1, 0.3, null], other_run),
  pair("y", "a", [0.1, 0.2, null], other_run),
  pair("y", "b", [0.5, 0.6, null], other_run),
  pair("y", "c", [0.6, 0.9, null], other_run),
];
const measured = (run: string, series: MeasureSeries[]): [string, RunMeasures] => [
  run,
  { net: { steps: [0, 10, 20], series } },
];
const measures = new Map([measured("kd", pairs())]);

const align = (rows: Row[], step: number, of = measures) => alignByCka(of, rows, teacher, step, all);
const names = (cells: readonly ({ name: string } | null)[] | undefined) => cells?.map((layer) => layer?.name ?? null);

describe("aligning layers by CKA", () => {
  it("has the teacher's layers as columns, and in each the layer most like it", () => {
    const columns = align([teacher, student], 0);
    expect(names(columns.cells[0])).toEqual(["a", "b", "c", "d"]);
    expect(names(columns.cells[1])).toEqual(["x", "y", "y", null]);
    expect(columns.likeness[1]?.[1]).toEqual({ value: 0.5, step: 0 });
  });

  it("takes the last comparison up to the step, so that later steps change nothing", () => {
    expect(names(align([student], 10).cells[0])).toEqual(["x", "x", "y", null]);
    expect(align([student], 20)).toEqual(align([student], 10));
    expect(align([student], 9)).toEqual(align([student], 0));
  });

  it("knows the newest step that has a comparison", () => {
    expect(newestComparedStep(measures, [teacher, student], teacher, all)).toBe(10);
    expect(newestComparedStep(new Map(), [teacher, student], teacher, all)).toBeNull();
  });

  it("says which rows were not compared", () => {
    const columns = align([teacher, student, row("plain", "net")], 10);
    expect(columns.compared).toEqual([true, true, false]);
    expect(names(columns.cells[2])).toEqual([null, null, null, null]);
  });

  it("knows a baseline that was compared with a teacher of another run", () => {
    const more = new Map([measured("plain", pairs("kd"))]);
    expect(names(align([row("plain", "net")], 0, more).cells[0])).toEqual(["x", "y", "y", null]);
  });

  it("takes the teacher that a run watched itself for the one on screen, where their layers are the same", () => {
    const more = new Map([measured("twin", pairs())]);
    expect(names(align([row("twin", "net")], 0, more).cells[0])).toEqual(["x", "y", "y", null]);
    expect(names(align([row("twin", "big")], 0, more).cells[0])).toEqual(["a", "b", "c", "d"]);
  });
});
