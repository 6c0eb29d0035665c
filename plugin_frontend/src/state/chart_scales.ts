/** The chart's axes: where a step and a value lie. Pure functions of what is drawn. */

import { scaleLinear, scaleSymlog } from "d3-scale";
import type { StepAxis } from "./settings";

export interface StepScale {
  toPixel(step: number): number;
  toStep(pixel: number): number;
}

/** Steps to pixels and back. The logarithmic axis counts from the first step, as log(1 + distance), so 0 has a place. */
export function stepScale(steps: readonly number[], axis: StepAxis, left: number, right: number): StepScale {
  const first = steps[0] ?? 0;
  const span = Math.max(1, (steps.at(-1) ?? first) - first);
  const scale = (axis === "log" ? scaleSymlog() : scaleLinear()).domain([0, span]).range([left, right]);
  return { toPixel: (step) => scale(step - first), toStep: (pixel) => scale.invert(pixel) + first };
}

/** Steps with a written number: the ends first, then whichever keep `gap` pixels from all that have one. */
export function labelledSteps(steps: readonly number[], scale: StepScale, gap: number): number[] {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  const kept = first === last ? [first] : [first, last];
  for (const step of steps) {
    const x = scale.toPixel(step);
    if (kept.every((other) => Math.abs(scale.toPixel(other) - x) >= gap)) kept.push(step);
  }
  return kept.sort((a, b) => a - b);
}

/** The values' axis: what the data need, with a little air, but never beyond what the measure can be. */
export function valueDomain(
  values: readonly (number | null)[],
  range: readonly [number | null, number | null],
): [number, number] {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return [range[0] ?? 0, range[1] ?? 1];
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  const air = high > low ? (high - low) * 0.08 : Math.abs(high) * 0.1 || 0.5;
  return [
    Math.max(low - air, range[0] ?? Number.NEGATIVE_INFINITY),
    Math.min(high + air, range[1] ?? Number.POSITIVE_INFINITY),
  ];
}
