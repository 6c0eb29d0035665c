/** Samples sorted by a column's values. A pure function. */

import type { SampleValue } from "./column";

const text = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Names as people sort them ("digit 9" before "digit 10"), amounts by size, no before yes. */
function compare(a: SampleValue, b: SampleValue): number {
  if (typeof a === "string" && typeof b === "string") return text.compare(a, b);
  if (typeof a === "string" || typeof b === "string") return text.compare(String(a), String(b));
  return Number(a) - Number(b);
}

const isKnown = (value: SampleValue | undefined): value is NonNullable<SampleValue> =>
  value !== null && value !== undefined && !Number.isNaN(value);

/**
 * `samples` by their `values` (of all samples of the probe; null: unknown, then in the probe's order). Equal ones stay in the
 * probe's order, and those without a value come last, in either direction.
 */
export function sortedSamples(
  samples: Iterable<number>,
  values: ArrayLike<SampleValue> | null,
  descending: boolean,
): number[] {
  const ordered = [...samples].sort((a, b) => a - b);
  if (values === null) return descending ? ordered.reverse() : ordered;
  const sign = descending ? -1 : 1;
  return ordered.sort((a, b) => {
    const one = values[a];
    const other = values[b];
    if (!isKnown(one) || !isKnown(other)) return Number(isKnown(other)) - Number(isKnown(one)) || a - b;
    return sign * compare(one, other) || a - b;
  });
}
