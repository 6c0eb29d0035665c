/** The lines of the chart: which measures there are, and one measure of every row over its steps. Pure functions. */

import type { LayerInfo, MeasureInfo, MeasureSeries, ModelMeasures, RunMeasures } from "../api/types";
import type { Row } from "./rows";
import { storedStep } from "./timeline";

export type Measures = ReadonlyMap<string, RunMeasures>;

export interface Line {
  readonly row: Row;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  /** For a measure of a pair: what the layer is compared with. */
  readonly against: string | null;
}

function measuresOf(measures: Measures, row: Row): ModelMeasures | null {
  return measures.get(row.run)?.[row.model.name] ?? null;
}

/** The measures that any row has, those that the server describes first and in its order. */
export function measureNames(
  measures: Measures,
  rows: readonly Row[],
  described: Readonly<Record<string, MeasureInfo>>,
): string[] {
  const found = new Set(rows.flatMap((row) => measuresOf(measures, row)?.series.map((series) => series.measure) ?? []));
  const known = Object.keys(described).filter((name) => found.has(name));
  return [...known, ...[...found].filter((name) => !known.includes(name)).sort()];
}

/** One line for each row that has the measure; `layers` is, row by row, the layer meant, and `partner` what a pair means. */
export function linesOf(
  measures: Measures,
  rows: readonly Row[],
  measure: string,
  layers: readonly (LayerInfo | null)[],
  partner: LayerInfo | null,
): Line[] {
  return rows.flatMap((row, i) => {
    const found = measuresOf(measures, row);
    const candidates = found?.series.filter((series) => series.measure === measure) ?? [];
    const series = bestOf(candidates, layers[i]?.name ?? null, partner?.name ?? null);
    if (found === null || series === undefined) return [];
    const against = series.other_layer === null ? null : `${series.other_model}'s ${series.other_layer}`;
    return [{ row, steps: found.steps, values: series.values, against }];
  });
}

function bestOf(
  candidates: readonly MeasureSeries[],
  layer: string | null,
  partner: string | null,
): MeasureSeries | undefined {
  const ofOutputs = candidates.find((series) => series.layer === null);
  const ofLayer = candidates.filter((series) => series.layer === layer);
  return ofLayer.find((series) => series.other_layer === partner) ?? ofLayer[0] ?? ofOutputs;
}

/** A row's value at a step on the slider: that of its stored step; null where there is none. */
export function valueAt(line: Pick<Line, "steps" | "values">, step: number): number | null {
  const stored = storedStep(line.steps, step);
  return stored === null ? null : (line.values[line.steps.indexOf(stored)] ?? null);
}

/** The value of one layer's measure in a panel's header. */
export function layerValue(measures: Measures, row: Row, measure: string, layer: string, step: number): number | null {
  const found = measuresOf(measures, row);
  const series = found?.series.find((one) => one.measure === measure && one.layer === layer);
  return found && series ? valueAt({ steps: found.steps, values: series.values }, step) : null;
}
