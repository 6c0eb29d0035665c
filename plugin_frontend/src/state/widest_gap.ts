/** Where over the steps a baseline and a student differ most, in the measure that the chart shows. */

import { computed } from "@preact/signals";
import { lines } from "./chart";
import { steps } from "./grid";
import type { Row } from "./rows";
import { type Line, valueAt } from "./series";

type Curve = Pick<Line, "row" | "steps" | "values">;

export interface Gap {
  readonly step: number;
  readonly student: Row;
  readonly baseline: Row;
  readonly values: { readonly student: number; readonly baseline: number };
}

/** A curve's value at a step of the timeline; null before its first step too. */
const known = (curve: Curve, step: number) => ((curve.steps[0] ?? Infinity) <= step ? valueAt(curve, step) : null);

/** Of all pairs of a student and a baseline, the widest gap, at its first step; null where none ever differ. */
export function widestGap(curves: readonly Curve[], timeline: readonly number[]): Gap | null {
  const ofRole = (role: string) => curves.filter(({ row }) => row.model.role === role);
  let widest: Gap | null = null;
  let width = 0;
  for (const student of ofRole("student")) {
    for (const baseline of ofRole("baseline")) {
      for (const step of timeline) {
        const [a, b] = [known(student, step), known(baseline, step)];
        if (a === null || b === null || !(Math.abs(a - b) > width)) continue;
        width = Math.abs(a - b);
        widest = { step, student: student.row, baseline: baseline.row, values: { student: a, baseline: b } };
      }
    }
  }
  return widest;
}

export const gap = computed(() => widestGap(lines.value, steps.value));
