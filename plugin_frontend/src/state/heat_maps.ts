/** The heat maps of the Similarity view, as data: one model's layers against a teacher's, at one step. Pure functions. */

import type { LayerInfo, MeasureInfo, MeasureSeries } from "../api/types";
import type { Row } from "./rows";
import { type Measures, measuresOf, seriesNamed } from "./series";
import { storedStep } from "./timeline";

export interface ModelRef {
  readonly run: string;
  readonly model: string;
}

export interface HeatMap {
  readonly key: string;
  readonly row: Row;
  readonly teacher: ModelRef;
  readonly teacherLayers: readonly string[];
  /** The stored step that it shows; null while there is none. */
  readonly step: number | null;
  /** One line a layer, from the first to the last. */
  readonly lines: readonly HeatLine[];
}

export interface HeatLine {
  readonly layer: string;
  /** By the teacher's layer; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** The teacher's layer that it is most alike; null where nothing is known. */
  readonly best: number | null;
}

/** The place of the value that is most alike, the first of equals; null where there is none. */
export function mostAlike(values: readonly (number | null)[], low: boolean): number | null {
  let best: number | null = null;
  values.forEach((value, i) => {
    if (value === null) return;
    const leader = best === null ? null : (values[best] as number);
    if (leader === null || (low ? value < leader : value > leader)) best = i;
  });
  return best;
}

function otherOf(row: Row, series: MeasureSeries): ModelRef | null {
  return series.other_model === null ? null : { run: series.other_run ?? row.run, model: series.other_model };
}

function isWith(row: Row, series: MeasureSeries, teacher: ModelRef): boolean {
  const other = otherOf(row, series);
  return other !== null && other.run === teacher.run && other.model === teacher.model;
}

/** The models that a row is compared with: those among `preferred` where there are any, else all. */
export function partnersOf(
  measures: Measures,
  row: Row,
  measure: string,
  preferred: readonly ModelRef[],
): readonly ModelRef[] {
  const series = measuresOf(measures, row)?.series.filter((one) => one.measure === measure) ?? [];
  const all = new Map(series.flatMap((one) => otherOf(row, one) ?? []).map((one) => [JSON.stringify(one), one]));
  const liked = [...all.values()].filter(({ run, model }) =>
    preferred.some((one) => one.run === run && one.model === model),
  );
  return liked.length > 0 ? liked : [...all.values()];
}

/** A row's heat map against one teacher; `layers` and `teacherLayers` are those that show, from the first to the last. */
export function heatMapOf(
  measures: Measures,
  row: Row,
  teacher: ModelRef,
  measure: string,
  layers: readonly LayerInfo[],
  teacherLayers: readonly string[],
  step: number,
  low: boolean,
): HeatMap {
  const found = measuresOf(measures, row);
  const stored = found === null ? null : storedStep(found.steps, step);
  const at = found === null || stored === null ? -1 : found.steps.indexOf(stored);
  const lines = layers.map(({ name }) => {
    const pairs = found === null ? [] : seriesNamed(found, measure, name).filter((one) => isWith(row, one, teacher));
    const values = teacherLayers.map((theirs) => {
      return pairs.find((pair) => pair.other_layer === theirs)?.values[at] ?? null;
    });
    return { layer: name, values, best: mostAlike(values, low) };
  });
  return { key: JSON.stringify([row.key, teacher]), row, teacher, teacherLayers, step: stored, lines };
}

/** The teacher's layers as far as series name them, in the order in which they were measured. */
export function layersNamedBy(measures: Measures, row: Row, teacher: ModelRef, measure: string): string[] {
  const series = measuresOf(measures, row)?.series.filter((one) => one.measure === measure) ?? [];
  return [...new Set(series.flatMap((one) => (isWith(row, one, teacher) ? (one.other_layer ?? []) : [])))];
}

const TICK = 0.1;

/**
 * The values at the ends of the colour scale: from 0 (unrelated), or less where values are less, to the largest value of
 * any step, a tenth rounded up. So the scale is the same for all heat maps, and stays while the steps go by.
 */
export function colorDomain(values: Iterable<number | null>, range: MeasureInfo["range"]): [number, number] {
  let low = 0;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === Number.NEGATIVE_INFINITY) return [range[0] ?? 0, range[1] ?? 1];
  const round = (value: number) => Math.round(value * 1e6) / 1e6; // 0.1 * 3 is not 0.3
  const bottom = round(TICK * Math.floor(round(low / TICK)));
  const top = round(TICK * Math.max(1, Math.ceil(round(high / TICK))));
  return [Math.max(bottom, range[0] ?? bottom), Math.min(top, range[1] ?? top)];
}

/** Where a value lies on the colour scale, 0 least and 1 most alike. */
export function likeness(value: number, [low, high]: readonly [number, number], lowIsMore: boolean): number {
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 1;
  return lowIsMore ? 1 - share : share;
}
