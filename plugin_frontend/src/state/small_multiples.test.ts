import { describe, expect, it } from "vitest";
import type { MeasureSeries, RunMeasures } from "../api/types";
import { alignLayers } from "./alignment";
import { layersNamed, measureOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { rowsOfProbe } from "./rows";
import {
  chartsOfDepth,
  chartsOfLayers,
  chartsOfOutputs,
  readingAt,
  relativeDepth,
  type SmallChart,
} from "./small_multiples";

const one = (
  measure: string,
  layer: string | null,
  values: (number | null)[],
  other: Partial<MeasureSeries> = {},
): MeasureSeries => ({ measure, layer, other_run: null, other_model: null, other_layer: null, values, ...other });

const three = layersNamed("a", "b", "c");
const two = layersNamed("x", "y");
const overview = overviewOf(
  runOf("soft", [modelOf("big", "teacher", [0], three), modelOf("net", "student", [0, 5, 9], two)]),
  runOf("plain", [modelOf("net", "baseline", [0, 9], two)]),
);
const rows = rowsOfProbe(overview, "probe-1");
const columns = alignLayers(rows.map((row) => row.model.layers));
const theirB = { other_model: "big", other_layer: "b" };
const theirC = { other_model: "big", other_layer: "c" };
const measures = new Map<string, RunMeasures>([
  [
    "soft",
    {
      big: { steps: [0], series: ["a", "b", "c"].map((layer, i) => one("knn", layer, [(7 + i) / 10])) },
      net: {
        steps: [0, 5, 9],
        series: [
          one("knn", "x", [0.1, 0.2, 0.3]),
          one("knn", "y", [0.4, null, 0.6]),
          one("cka", "y", [0.1, 0.1, 0.1], theirB),
          one("cka", "y", [0.5, 0.6, 0.7], theirC),
          one("accuracy", null, [0.3, 0.4, 0.5]),
          one("loss/task", null, [3, 2, 1]),
        ],
      },
    },
  ],
  ["plain", { net: { steps: [0, 9], series: [one("cka", "y", [0.2, 0.4], { ...theirC, other_run: "soft" })] } }],
]);
const infoOf = (name: string) => measureOf({ label: name.toUpperCase() });
const curves = (chart: SmallChart | undefined) =>
  chart?.curves.map(({ row, values }) => [row.run, row.model.name, values]);

describe("charts of layers over the steps", () => {
  const charts = (measure: string, partner: string | null = null) =>
    chartsOfLayers(measures, rows, columns, [0, 1, 2], ["a / x", "b", "c / y"], measure, () =>
      partner === null ? null : { run: "soft", model: "big", layer: partner },
    );

  it("are one a column, with the line of each row that has the measure at its own layer there", () => {
    const [first, middle, last] = charts("knn");
    expect(curves(first)).toEqual([
      ["soft", "big", [0.7]],
      ["soft", "net", [0.1, 0.2, 0.3]],
    ]);
    expect(curves(middle)).toEqual([["soft", "big", [0.8]]]);
    expect(curves(last)?.[1]).toEqual(["soft", "net", [0.4, null, 0.6]]);
  });

  it("compare pairs with the teacher's layer of the column, also of another run, and say which", () => {
    const last = charts("cka", "c")[2];
    expect(curves(last)).toEqual([
      ["soft", "net", [0.5, 0.6, 0.7]],
      ["plain", "net", [0.2, 0.4]],
    ]);
    expect(last?.subtitle).toBe("with big's c");
    const [other] = charts("cka", "b").slice(2);
    expect(other?.subtitle).toBe("with big's b, big's c (soft)"); // where it cannot be had, what there is
    expect(curves(charts("cka", "b")[2])?.[0]).toEqual(["soft", "net", [0.1, 0.1, 0.1]]);
  });

  it("never show the outputs' measures under a layer", () => {
    expect(charts("accuracy").flatMap((chart) => chart.curves)).toEqual([]);
  });
});

it("charts of outputs are one a measure, each of the rows that have it", () => {
  const charts = chartsOfOutputs(measures, rows, ["accuracy", "loss/task"], infoOf);
  expect(charts.map((chart) => chart.title)).toEqual(["ACCURACY", "LOSS/TASK"]);
  expect(charts.map(curves)).toEqual([[["soft", "net", [0.3, 0.4, 0.5]]], [["soft", "net", [3, 2, 1]]]]);
});

describe("charts of depth", () => {
  const at = (step: number) =>
    chartsOfDepth(
      measures,
      rows,
      rows.map((row) => row.model.layers),
      step,
      ["knn"],
      infoOf,
    )[0];

  it("go from each model's first layer at 0 to its last at 1, at the step that it shows", () => {
    expect(at(9)?.curves.map(({ xs, values, layers }) => [xs, values, layers])).toEqual([
      [
        [0, 0.5, 1],
        [0.7, 0.8, 0.9],
        ["a", "b", "c"],
      ],
      [
        [0, 1],
        [0.3, 0.6],
        ["x", "y"],
      ],
    ]);
    expect(at(7)?.curves[1]?.values).toEqual([0.2, null]);
  });

  it("leave out a model that has none of it", () => {
    expect(at(9)?.curves.map(({ row }) => row.run)).not.toContain("plain");
  });

  it("have a place for an only layer, which is the last", () => {
    expect(relativeDepth(layersNamed("only"), "only")).toBe(1);
  });
});

describe("a reading", () => {
  const [teacher, student] = chartsOfLayers(measures, rows, columns, [0], [""], "knn", () => null)[0]?.curves ?? [];
  if (teacher === undefined || student === undefined) throw new Error("There are two curves.");

  it("over the steps is of the stored step, which for a model embedded once is its only one", () => {
    expect(readingAt(student, 7, "steps")).toEqual({ x: 5, value: 0.2, layer: null });
    expect(readingAt(teacher, 7, "steps")?.value).toBe(0.7);
  });

  it("by depth is of the nearest layer, and names it", () => {
    const curve = { ...student, xs: [0, 0.5, 1], values: [1, null, 3], layers: ["p", "q", "r"] };
    expect(readingAt(curve, 0.8, "depth")).toEqual({ x: 1, value: 3, layer: "r" });
    expect(readingAt(curve, 0.5, "depth")).toBeNull();
  });
});
