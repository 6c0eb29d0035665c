/** From amounts to places on a colour scale: where a scale begins and ends, and what lies beyond. Pure functions. */

import { scaleLinear } from "d3-scale";
import type { Rgb } from "../drawing/hex_color";
import type { SampleValue } from "./column";

/** How far the values of a column reach: nearly all of them, and all. */
export interface Reach {
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
}

export interface NumberScale {
  readonly low: number;
  readonly high: number;
  /** Whether it runs from one sign to the other, with 0 in its middle. */
  readonly diverging: boolean;
  /** Whether values lie beyond its ends: they have the ends' colours. */
  readonly isPassed: readonly [below: boolean, above: boolean];
}

/** A few far values must not take the whole scale: this share of values lies beyond each robust end. */
const BEYOND = 0.01;
/** More than enough to tell a quantile; all of 200,000 would take a while to sort. */
const MOST_SORTED = 20_000;

/** Null where there is no number. */
export function reachOf(values: ArrayLike<SampleValue>): Reach | null {
  const stride = Math.ceil(values.length / MOST_SORTED);
  const some: number[] = [];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    if (i % stride === 0) some.push(value);
  }
  if (least > most) return null;
  const sorted = Float64Array.from(some.length > 0 ? some : [least, most]).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return { low: at(BEYOND), high: at(1 - BEYOND), least, most };
}

export function joinedReach(a: Reach | null, b: Reach | null): Reach | null {
  if (a === null || b === null) return a ?? b;
  return {
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  };
}

/** The scale of a column: its declared ends where it has them, else round numbers about what its values reach; `all` may go beyond. */
export function scaleOf(
  range: readonly [number | null, number | null],
  reach: Reach | null,
  all: Reach | null = reach,
): NumberScale {
  const [first, last] = range;
  const seen = reach ?? { low: first ?? 0, high: last ?? (first ?? 0) + 1, least: 0, most: 0 };
  const diverging = first === null && last === null && seen.low < 0 && seen.high > 0;
  const far = Math.max(-seen.low, seen.high);
  const from = diverging ? -far : (first ?? seen.low);
  const to = diverging ? far : (last ?? seen.high);
  const [low, high] = rounded(from, to > from ? to : from + 1);
  const scale = { low: first ?? low, high: last ?? high, diverging };
  return { ...scale, isPassed: [all !== null && all.least < scale.low, all !== null && all.most > scale.high] };
}

/** Round ends grow in coarse stages, so that a scale stays as it is from step to step. */
function rounded(low: number, high: number): [number, number] {
  const [from, to] = scaleLinear([low, high], [0, 1]).nice(5).domain();
  return [from as number, to as number];
}

/** Where on the scale, 0 to 1. */
export function placeOn({ low, high }: NumberScale, value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** The colour of an amount; undefined where it is not known. */
export function colorOn(scale: NumberScale, colors: readonly Rgb[], value: SampleValue | undefined): Rgb | undefined {
  return typeof value === "number" && Number.isFinite(value)
    ? colors[Math.round(placeOn(scale, value) * (colors.length - 1))]
    : undefined;
}
