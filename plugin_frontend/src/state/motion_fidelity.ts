/**
 * What moved between two frames of one layer, and whether that tells what happened: kd_projector/projection/motion.py in
 * the browser, where both frames are. Pure functions.
 */

import type { Frame } from "../api/types";
import { dimensionsOf } from "./drawn_coordinates";

export interface Motion {
  /** Mean over the samples, in RMS radii of the later map. */
  readonly displacement: number;
  /** Rank correlation of displacement and true change, -1 to 1; null where either does not vary or no change is known. */
  readonly fidelity: number | null;
}

const known = new WeakMap<Frame, { readonly before: Frame; readonly motion: Motion }>();

/** From the frame of the stored step before to the one now. */
export function motionBetween(before: Frame, now: Frame): Motion {
  const kept = known.get(now);
  if (kept?.before === before) return kept.motion;
  const moved = displacements(before.coordinates, now.coordinates, dimensionsOf(now));
  const motion = {
    displacement: moved.reduce((sum, one) => sum + one, 0) / Math.max(1, moved.length),
    fidelity: now.changed === null ? null : rankCorrelation(moved, now.changed),
  };
  known.set(now, { before, motion });
  return motion;
}

/** How far each sample moved, in RMS radii of the later map. */
export function displacements(before: Float32Array, now: Float32Array, stride: 2 | 3 = 2): Float32Array {
  const radius = rmsRadius(now, stride) || 1;
  return Float32Array.from({ length: now.length / stride }, (_, i) => {
    let squares = 0;
    for (let axis = stride * i; axis < stride * (i + 1); axis++)
      squares += ((now[axis] as number) - (before[axis] as number)) ** 2;
    return Math.sqrt(squares) / radius;
  });
}

function rmsRadius(coordinates: Float32Array, stride: 2 | 3): number {
  const samples = coordinates.length / stride;
  const middle = new Float64Array(stride);
  coordinates.forEach((value, i) => {
    middle[i % stride] = (middle[i % stride] as number) + value / samples;
  });
  let squares = 0;
  coordinates.forEach((value, i) => {
    squares += (value - (middle[i % stride] as number)) ** 2;
  });
  return Math.sqrt(squares / samples);
}

/** Spearman's rank correlation of two columns of one length, ties sharing their mean rank; null if either is constant. */
export function rankCorrelation(first: Float32Array, second: Float32Array): number | null {
  const [a, b] = [meanRanks(first), meanRanks(second)];
  const middle = (a.length - 1) / 2;
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - middle, (b[i] as number) - middle];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA === 0 || ofB === 0 ? null : both / Math.sqrt(ofA * ofB);
}

/** The rank of each value from 0; equal values share the mean of theirs. */
export function meanRanks(values: Float32Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((i, j) => (values[i] as number) - (values[j] as number));
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (const sample of order.subarray(start, end)) ranks[sample] = (start + end - 1) / 2;
  }
  return ranks;
}
