/** The samples that moved most between two steps of one layer. Pure functions. */

import type { Neighbours } from "../api/types";

export interface Moved {
  /** Most first. */
  readonly samples: readonly number[];
  /** What the first and the last of them moved by. */
  readonly most: number;
  readonly least: number;
  /** How many others moved just as much as the last of them. */
  readonly asMuch: number;
  /** Of how many it cannot be told. */
  readonly unknown: number;
}

/**
 * The share of each sample's neighbours at one step that are not its neighbours at the other. NaN where it is left open, by
 * equal distances, who the neighbours are.
 */
export function neighbourChange(before: Neighbours, now: Neighbours): Float32Array {
  const { k, tied } = now;
  return Float32Array.from({ length: tied.length }, (_, sample) => {
    if (before.k !== k || before.tied[sample] === 1 || tied[sample] === 1) return Number.NaN;
    const of = ({ indices }: Neighbours) => indices.subarray(sample * k, (sample + 1) * k);
    const old = new Set(of(before));
    let fresh = 0;
    for (const neighbour of of(now)) if (!old.has(neighbour)) fresh++;
    return fresh / k;
  });
}

/** The `count` samples among `among` with the largest amounts; those that did not move at all are never among them. */
export function mostMoved(amounts: ArrayLike<number>, count: number, among: readonly number[]): Moved {
  const amountOf = (sample: number) => amounts[sample] ?? Number.NaN;
  const known = among.filter((sample) => Number.isFinite(amountOf(sample)));
  const ranked = known.filter((sample) => amountOf(sample) > 0).sort((a, b) => amountOf(b) - amountOf(a) || a - b);
  const samples = ranked.slice(0, count);
  const [first, last] = [samples[0], samples.at(-1)];
  return {
    samples,
    most: first === undefined ? 0 : amountOf(first),
    least: last === undefined ? 0 : amountOf(last),
    asMuch: ranked.slice(count).filter((sample) => amountOf(sample) === amountOf(last as number)).length,
    unknown: among.length - known.length,
  };
}
