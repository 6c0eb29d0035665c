import { describe, expect, it } from "vitest";
import type { MeasureSeries, RunMeasures } from "../api/types";
import { layersNamed, measureOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { rowsOfProbe } from "./rows";
import { layerValue, linesOf, measureNames, valueAt } from "./series";

const one = (measure: string, layer: string | null, values: (number | null)[], against?: string): MeasureSeries => ({
  measure,
  layer,
  other_run: null,
  other_model: against ? "big" : null,
  other_layer: against ?? null,
  values,
});

const [a, b] = layersNamed("a", "b");
const overview = overviewOf(runOf("run", [modelOf("big", "teacher", [0]), modelOf("net", "student", [0, 5, 9])]));
const rows = rowsOfProbe(overview, "probe-1");
const measures = new Map<string, RunMeasures>([
  [
    "run",
    {
      big: { steps: [0], series: [one("knn_accuracy", "b", [0.9]), one("accuracy", null, [0.95])] },
      net: {
        steps: [0, 5, 9],
        series: [
          one("knn_accuracy", "a", [0.1, 0.2, 0.3]),
          one("knn_accuracy", "b", [0.4, null, 0.6]),
          one("linear_cka", "b", [0.1, 0.2, 0.3], "a"),
          one("linear_cka", "b", [0.5, 0.6, 0.7], "b"),
          one("accuracy", null, [0.3, 0.4, 0.5]),
          one("loss/task", null, [3, 2, 1]),
        ],
      },
    },
  ],
]);

const bigB = { run: "run", model: "big", layer: "b" };

describe("the lines of the chart", () => {
  it("are one for each row that has the measure at its own layer", () => {
    const lines = linesOf(measures, rows, "knn_accuracy", [b ?? null, a ?? null], null);
    expect(lines.map((line) => line.values)).toEqual([[0.9], [0.1, 0.2, 0.3]]);
  });

  it("compare, for a measure of pairs, with the teacher's layer in the same column, and say so", () => {
    const [line, ...others] = linesOf(measures, rows, "linear_cka", [b ?? null, b ?? null], bigB);
    expect(others).toEqual([]);
    expect(line?.values).toEqual([0.5, 0.6, 0.7]);
    expect(line?.against).toBe("big's b");
  });

  it("take a measure of the outputs whatever the layer", () => {
    expect(linesOf(measures, rows, "accuracy", [a ?? null, a ?? null], null)).toHaveLength(2);
  });

  it("leave a model out at a column where it has no layer", () => {
    expect(linesOf(measures, rows, "knn_accuracy", [b ?? null, null], null)).toHaveLength(1);
  });
});

it("lists the described measures first, then the user's own", () => {
  const info = measureOf();
  const described = { accuracy: info, silhouette: info, knn_accuracy: info };
  expect(measureNames(measures, rows, described)).toEqual(["accuracy", "knn_accuracy", "linear_cka", "loss/task"]);
});

describe("a value at a step", () => {
  it("is that of the stored step that the row shows", () => {
    expect(valueAt({ steps: [0, 5, 9], values: [1, 2, 3] }, 7)).toBe(2);
    expect(valueAt({ steps: [0, 5, 9], values: [1, null, 3] }, 7)).toBeNull();
    expect(valueAt({ steps: [], values: [] }, 7)).toBeNull();
  });
  it("is found for a panel's header by layer", () => {
    const student = rows[1];
    if (student === undefined) throw new Error("There is a student.");
    expect(layerValue(measures, student, "knn_accuracy", "b", 9)).toBe(0.6);
    expect(layerValue(measures, student, "knn_accuracy", "nowhere", 9)).toBeNull();
  });
});
