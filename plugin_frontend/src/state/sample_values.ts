/** What of samples has to be worked out of what is known of them. Pure functions; the same objects give the same arrays. */

import type { Frame, Neighbours, Outputs } from "../api/types";
import { byIdentity, byIdentityOfTwo } from "./by_identity";

/** 1 where two classes are the same, 0 where not. */
export const same = byIdentityOfTwo((predicted: ArrayLike<number>, expected: ArrayLike<number>) =>
  Uint8Array.from({ length: predicted.length }, (_, i) => Number(predicted[i] === expected[i])),
);

/** How many of the models predict another class than the one that most of them predict. */
export function dissenters(predictions: readonly ArrayLike<number>[]): Uint16Array {
  const length = Math.min(...predictions.map((prediction) => prediction.length));
  return Uint16Array.from({ length: predictions.length === 0 ? 0 : length }, (_, i) => {
    const votes = new Map<number, number>();
    for (const prediction of predictions)
      votes.set(prediction[i] as number, (votes.get(prediction[i] as number) ?? 0) + 1);
    return predictions.length - Math.max(...votes.values());
  });
}

/** How far each sample lies from where it lay on another map. */
export const displacements = byIdentityOfTwo((before: Frame, now: Frame) => {
  const dimensions = now.coordinates.length / now.kept.length;
  const [from, to] = [before.coordinates, now.coordinates];
  return Float32Array.from({ length: from.length === to.length ? now.kept.length : 0 }, (_, i) => {
    let squares = 0;
    for (let axis = dimensions * i; axis < dimensions * (i + 1); axis++)
      squares += ((to[axis] as number) - (from[axis] as number)) ** 2;
    return Math.sqrt(squares);
  });
});

/**
 * Of each sample's k nearest neighbours, the share that are its k nearest in the other embedding too; null where equal
 * distances leave open, in either, which samples those are.
 */
export const sharedNeighbours = byIdentityOfTwo((own: Neighbours, other: Neighbours): (number | null)[] => {
  const k = Math.min(own.k, other.k);
  return Array.from({ length: own.tied.length }, (_, i) => {
    if (own.tied[i] !== 0 || other.tied[i] !== 0) return null;
    const theirs = other.indices.subarray(i * other.k, i * other.k + k);
    let shared = 0;
    for (const one of own.indices.subarray(i * own.k, i * own.k + k)) if (theirs.includes(one)) shared += 1;
    return shared / k;
  });
});

/** For each list of outputs, the models' predictions as far as they are there. */
export function predictionsOf(outputs: readonly (Outputs | null)[]): Int32Array[] {
  return outputs.flatMap((one) => one?.prediction ?? []);
}

/** Which values there are, in the order of numbers or letters, and how many samples have each; null last. */
export const valueCounts = byIdentity((values: ArrayLike<string | number | boolean | null>) => {
  const counts = new Map<string | number | boolean | null, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as string | number | boolean | null;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const inOrder = new Intl.Collator("en", { numeric: true });
  return [...counts].sort(([a], [b]) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : inOrder.compare(String(a), String(b)),
  );
});

/** 1 where the sample's label is predicted, 0 where not; null while unknown. */
export function correctness(outputs: Outputs | null, labels: readonly number[] | null, sample: number): number | null {
  const predicted = outputs?.prediction?.[sample];
  const label = labels?.[sample];
  return predicted === undefined || label === undefined ? null : Number(predicted === label);
}
