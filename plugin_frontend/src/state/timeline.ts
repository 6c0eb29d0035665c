/** The steps of several models as one timeline. Pure functions of ascending lists of steps. */

/** All steps of all lists, ascending, each once. */
export function mergedSteps(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** How many items of an ascending list are not above `value`. */
function countUpTo(steps: readonly number[], value: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The stored step that shows a model at `step`: the last one not after it, else its first; null where it has none. */
export function storedStep(steps: readonly number[], step: number): number | null {
  return steps[Math.max(countUpTo(steps, step) - 1, 0)] ?? null;
}

/** The stored step before `step`; null where that is the first. */
export function stepBefore(steps: readonly number[], step: number): number | null {
  const index = countUpTo(steps, step) - 1;
  return steps[steps[index] === step ? index - 1 : index] ?? null;
}

/** The step nearest to a value, the earlier one of two equally near; null where there is none. */
export function nearestStep(steps: readonly number[], value: number): number | null {
  const after = countUpTo(steps, value);
  const before = steps[after - 1];
  const next = steps[after];
  if (before === undefined) return next ?? null;
  if (next === undefined) return before;
  return value - before <= next - value ? before : next;
}

/** The step `by` places further on from `step`, stopping at either end; null where there is none. */
export function neighbourStep(steps: readonly number[], step: number, by: number): number | null {
  const index = countUpTo(steps, step) - 1;
  return steps[Math.min(Math.max(index + by, 0), steps.length - 1)] ?? null;
}

/** Whether a linear axis would crowd most ticks into a corner, so that a logarithmic one should be offered first. */
export function isLogSpaced(steps: readonly number[]): boolean {
  const first = steps[0];
  const last = steps[steps.length - 1];
  const middle = steps[Math.floor(steps.length / 2)];
  if (first === undefined || last === undefined || middle === undefined || steps.length < 5) return false;
  return (middle - first) / (last - first) < 0.25;
}
