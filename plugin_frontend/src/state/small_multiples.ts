/** The charts of the Measures view, as data: which there are, with which curves. Pure functions. */

import type { LayerInfo, MeasureInfo } from "../api/types";
import type { Columns } from "./alignment";
import type { Row } from "./rows";
import { type Measures, measuresOf, type Partner, seriesNamed, seriesOf } from "./series";
import type { MeasuresOver } from "./settings";
import { storedStep } from "./timeline";

/** One model's line in a chart. */
export interface Curve {
  readonly row: Row;
  /** Ascending: steps, or relative depths. */
  readonly xs: readonly number[];
  readonly values: readonly (number | null)[];
  /** What stands at each x, where it is a layer. */
  readonly layers: readonly string[] | null;
}

export interface SmallChart {
  readonly key: string;
  readonly measure: string;
  readonly title: string;
  /** Under the title: what it is compared with, or which way is which. */
  readonly subtitle: string;
  readonly curves: readonly Curve[];
}

/** One chart a column: a measure of the layers that stand there, over the steps. `partnerAt`: whom pairs compare with there. */
export function chartsOfLayers(
  measures: Measures,
  rows: readonly Row[],
  columns: Columns,
  shown: readonly number[],
  names: readonly string[],
  measure: string,
  partnerAt: (column: number) => Partner | null,
): SmallChart[] {
  return shown.map((column) => {
    const partner = partnerAt(column);
    const found = rows.flatMap((row, i) => {
      const layer = columns.cells[i]?.[column];
      const series = layer ? seriesOf(measures, row, measure, layer.name, partner) : null;
      return series === null ? [] : [{ curve: curveOf(row, series), against: series.against }];
    });
    const against = [...new Set(found.flatMap((one) => one.against ?? []))];
    return {
      key: `${measure}/${column}`,
      measure,
      title: names[column] ?? "",
      subtitle: against.length === 0 ? "" : `with ${against.join(", ")}`,
      curves: found.map((one) => one.curve),
    };
  });
}

/** One chart a measure of the outputs, over the steps. */
export function chartsOfOutputs(
  measures: Measures,
  rows: readonly Row[],
  names: readonly string[],
  infoOf: (measure: string) => MeasureInfo,
): SmallChart[] {
  return names.map((measure) => {
    const found = rows.flatMap((row) => {
      const series = seriesOf(measures, row, measure, null, null);
      return series === null ? [] : [curveOf(row, series)];
    });
    return { key: measure, measure, title: infoOf(measure).label, subtitle: infoOf(measure).direction, curves: found };
  });
}

/** One chart a measure of single layers: its values at one step, from each model's first layer (0) to its last (1). */
export function chartsOfDepth(
  measures: Measures,
  rows: readonly Row[],
  layers: readonly (readonly LayerInfo[])[],
  step: number,
  names: readonly string[],
  infoOf: (measure: string) => MeasureInfo,
): SmallChart[] {
  return names.map((measure) => {
    const curves = rows.flatMap((row, i) => depthCurve(measures, row, layers[i] ?? [], step, measure) ?? []);
    return { key: measure, measure, title: infoOf(measure).label, subtitle: infoOf(measure).direction, curves };
  });
}

function curveOf(row: Row, series: { steps: readonly number[]; values: readonly (number | null)[] }): Curve {
  return { row, xs: series.steps, values: series.values, layers: null };
}

function depthCurve(
  measures: Measures,
  row: Row,
  layers: readonly LayerInfo[],
  step: number,
  measure: string,
): Curve | null {
  const found = measuresOf(measures, row);
  const stored = found === null ? null : storedStep(found.steps, step);
  if (found === null || stored === null) return null;
  const at = found.steps.indexOf(stored);
  const values = layers.map(({ name }) => {
    return seriesNamed(found, measure, name)[0]?.values[at] ?? null;
  });
  if (values.every((value) => value === null)) return null;
  const depths = layers.map(({ name }) => relativeDepth(row.model.layers, name));
  return { row, xs: depths, values, layers: layers.map((layer) => layer.name) };
}

/** 0 is a model's first logged layer, 1 its last; an only layer is the last. */
export function relativeDepth(layers: readonly LayerInfo[], name: string): number {
  const place = layers.findIndex((layer) => layer.name === name);
  return layers.length === 1 ? 1 : place / (layers.length - 1);
}

export interface Reading {
  readonly x: number;
  readonly value: number;
  readonly layer: string | null;
}

/** What a curve says at x: of steps that of the stored step, of depths that of the nearest layer; null where nothing is known. */
export function readingAt(curve: Curve, x: number, over: MeasuresOver): Reading | null {
  const index = over === "steps" ? curve.xs.indexOf(storedStep(curve.xs, x) ?? Number.NaN) : nearest(curve.xs, x);
  const value = curve.values[index];
  const at = curve.xs[index];
  if (value === null || value === undefined || at === undefined) return null;
  return { x: at, value, layer: curve.layers?.[index] ?? null };
}

function nearest(xs: readonly number[], x: number): number {
  return xs.reduce((best, at, i) => (Math.abs(at - x) < Math.abs((xs[best] ?? Infinity) - x) ? i : best), 0);
}
