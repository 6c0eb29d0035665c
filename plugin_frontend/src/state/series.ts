/** The lines of the chart: which measures there are, and one measure of every row over its steps. Pure functions. */

import type { LayerInfo, MeasureInfo, MeasureSeries, ModelMeasures, RunMeasures } from "../api/types";
import type { Row } from "./rows";
import type { LayerRef } from "./settings";
import { storedStep } from "./timeline";

export type Measures = ReadonlyMap<string, RunMeasures>;

export interface Line {
  readonly row: Row;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  /** For a measure of a pair: what the layer is compared with. */
  readonly against: string | null;
  /** Whether that is the very partner that was asked for. */
  readonly isPartner: boolean;
}

export function measuresOf(measures: Measures, row: Row): ModelMeasures | null {
  return measures.get(row.run)?.[row.model.name] ?? null;
}

const indexes = new WeakMap<ModelMeasures, ReadonlyMap<string, readonly MeasureSeries[]>>();

/** All series of a measure, of one layer (null: of the outputs): one, or for pairs one for each partner. */
export function seriesNamed(found: ModelMeasures, measure: string, layer: string | null): readonly MeasureSeries[] {
  let index = indexes.get(found);
  if (index === undefined) {
    const made = new Map<string, MeasureSeries[]>();
    for (const one of found.series) {
      const key = JSON.stringify([one.measure, one.layer]);
      const known = made.get(key);
      if (known === undefined) made.set(key, [one]);
      else known.push(one);
    }
    indexes.set(found, made);
    index = made;
  }
  return index.get(JSON.stringify([measure, layer])) ?? [];
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

/** What a measure of a pair is to compare with, if it can be had. */
export type Partner = LayerRef;

/** One line for each row that has the measure; `layers` is, row by row, the layer meant, and `partner` what a pair means. */
export function linesOf(
  measures: Measures,
  rows: readonly Row[],
  measure: string,
  layers: readonly (LayerInfo | null)[],
  partner: Partner | null,
): Line[] {
  return rows.flatMap((row, i) => {
    const layer = layers[i]?.name ?? null;
    const found =
      (layer === null ? null : seriesOf(measures, row, measure, layer, partner)) ??
      seriesOf(measures, row, measure, null, partner);
    return found === null ? [] : [{ row, ...found }];
  });
}

/** A measure of one layer of a row (null: of its outputs) over its steps; of several pairs the one most like `partner`. */
export function seriesOf(
  measures: Measures,
  row: Row,
  measure: string,
  layer: string | null,
  partner: Partner | null,
): Omit<Line, "row"> | null {
  const found = measuresOf(measures, row);
  const candidates = found === null ? [] : seriesNamed(found, measure, layer);
  const [first, ...others] = candidates;
  if (found === null || first === undefined) return null;
  const likeness = (one: MeasureSeries) => {
    if (partner === null || one.other_layer !== partner.layer) return 0;
    return 1 + Number(one.other_model === partner.model) + Number((one.other_run ?? row.run) === partner.run);
  };
  const best = others.reduce((a, b) => (likeness(b) > likeness(a) ? b : a), first);
  const isPartner = likeness(best) === 3;
  return {
    steps: found.steps,
    values: best.values,
    against: best.other_layer === null ? null : otherName(best, isPartner),
    isPartner,
  };
}

/** The run is named where it is neither the row's own nor the one that was asked for. */
function otherName({ other_run, other_model, other_layer }: MeasureSeries, isPartner: boolean): string {
  return `${other_model}'s ${other_layer}${other_run === null || isPartner ? "" : ` (${other_run})`}`;
}

/** A row's value at a step on the slider: that of its stored step; null where there is none. */
export function valueAt(line: Pick<Line, "steps" | "values">, step: number): number | null {
  const stored = storedStep(line.steps, step);
  return stored === null ? null : (line.values[line.steps.indexOf(stored)] ?? null);
}

/** The value of one layer's measure in a panel's header. */
export function layerValue(measures: Measures, row: Row, measure: string, layer: string, step: number): number | null {
  const found = measuresOf(measures, row);
  const series = found === null ? undefined : seriesNamed(found, measure, layer)[0];
  return found && series ? valueAt({ steps: found.steps, values: series.values }, step) : null;
}
