/** The classes of a probe: their numbers, names and sizes. Pure functions. */

import type { Outputs, Probe } from "../api/types";

export interface ClassInfo {
  readonly label: number;
  readonly name: string;
  /** How many samples of the probe have it. */
  readonly count: number;
}

/** All classes that a sample has, and all that have a name, ascending by number; none where the probe has no labels. */
export function classesOf(probe: Probe): ClassInfo[] {
  const counts = new Map<number, number>();
  probe.class_names?.forEach((_, label) => {
    counts.set(label, 0);
  });
  for (const label of probe.labels ?? []) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([label, count]) => ({ label, name: className(probe, label), count }));
}

export function className(probe: Probe, label: number): string {
  return probe.class_names?.[label] ?? String(label);
}

/** Where a probe has neither labels nor class names, its classes are those that the models tell apart. */
export function predictedClasses(outputs: readonly Outputs[]): ClassInfo[] {
  const highest = Math.max(
    -1,
    ...outputs.map(({ prediction }) => prediction?.reduce((a, b) => Math.max(a, b), -1) ?? -1),
  );
  return Array.from({ length: highest + 1 }, (_, label) => ({ label, name: String(label), count: 0 }));
}
