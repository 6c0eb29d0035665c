/** How the values of a column are spread, and the range of them that a brush leaves. Pure functions. */

import type { SampleValue } from "./sample_columns";

export type Range = readonly [low: number, high: number];

export interface Histogram {
  /** The least and the largest that its axis reaches. */
  readonly extent: Range;
  /** Samples a bin, all bins of one width. */
  readonly counts: readonly number[];
  readonly unknown: number;
}

const MOST_BINS = 40;
/** Values that fill less of their range than this are seen from near: an untrained model is as unsure of everything. */
const LEAST_FILLED = 0.2;

const isKnown = (value: SampleValue | undefined): value is number =>
  typeof value === "number" && Number.isFinite(value);

/** Null where no value is known. Values that are few, like shares of 15, get a bin each. */
export function histogram(
  values: ArrayLike<SampleValue>,
  among: readonly number[],
  range: readonly [number | null, number | null],
): Histogram | null {
  const known = among.map((sample) => values[sample]).filter(isKnown);
  if (known.length === 0) return null;
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  const whole: Range = [Math.min(range[0] ?? least, least), Math.max(range[1] ?? most, most)];
  const isNarrow = most > least && most - least < LEAST_FILLED * (whole[1] - whole[0]);
  const [low, high] = isNarrow ? [least, most] : whole;
  const bins = low === high ? 1 : Math.min(MOST_BINS, Math.max(2, new Set(known).size));
  const counts = new Array<number>(bins).fill(0);
  for (const value of known) {
    const bin = low === high ? 0 : Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low)));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { extent: [low, high], counts, unknown: among.length - known.length };
}

/** The samples whose value lies in a range, both ends included. */
export function within(values: ArrayLike<SampleValue>, [low, high]: Range, among: readonly number[]): number[] {
  return among.filter((sample) => {
    const value = values[sample];
    return isKnown(value) && value >= low && value <= high;
  });
}

export type Grip = "low" | "high" | "whole" | "new";

/** Which part of a brush a place takes hold of: an end that is near, else the whole if it can move, else a new brush begins. */
export function gripAt(at: number, [low, high]: Range, extent: Range, reach: number): Grip {
  const toLow = Math.abs(at - low);
  const toHigh = Math.abs(at - high);
  if (Math.min(toLow, toHigh) <= reach) {
    // Of two ends on one spot, the one that can go where the pointer is.
    if (toLow === toHigh) return at < low || low === extent[1] ? "low" : "high";
    return toLow < toHigh ? "low" : "high";
  }
  const isWhole = low <= extent[0] && high >= extent[1];
  return at > low && at < high && !isWhole ? "whole" : "new";
}

/** The brush while it is dragged from one value to another, having been `before`. Ends that pass each other change parts. */
export function dragged(grip: Grip, before: Range, extent: Range, from: number, to: number): Range {
  const inside = (value: number) => Math.min(extent[1], Math.max(extent[0], value));
  const between = (a: number, b: number): Range => [Math.min(a, b), Math.max(a, b)];
  if (grip === "new") return between(inside(from), inside(to));
  if (grip === "low") return between(inside(to), before[1]);
  if (grip === "high") return between(before[0], inside(to));
  const by = Math.min(extent[1] - before[1], Math.max(extent[0] - before[0], to - from));
  return [before[0] + by, before[1] + by];
}

export interface ValueCount {
  readonly value: SampleValue;
  readonly samples: readonly number[];
}

/** The values of a column of names, each with its samples; numbers ascend, names are in the alphabet's order, unknown comes last. */
export function valueCounts(values: ArrayLike<SampleValue>, among: readonly number[]): ValueCount[] {
  const samples = new Map<SampleValue, number[]>();
  for (const sample of among) {
    const value = values[sample] ?? null;
    const of = samples.get(value);
    if (of === undefined) samples.set(value, [sample]);
    else of.push(sample);
  }
  const order = (a: SampleValue, b: SampleValue) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  };
  return [...samples].map(([value, of]) => ({ value, samples: of })).sort((a, b) => order(a.value, b.value));
}
