/** The classes of a probe: their numbers, names and sizes. Pure functions. */

import type { Probe } from "../api/types";

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
