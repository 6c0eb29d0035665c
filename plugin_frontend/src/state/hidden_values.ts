/** Which values of a column the legend hides. Labels stay hidden under every colouring, other values under their own. */

import type { SampleValue } from "./column";
import { hiddenLabels, hiddenValues } from "./settings";

const NONE: ReadonlySet<SampleValue> = new Set();

export function hiddenIn(key: string): ReadonlySet<SampleValue> {
  return key === "label" ? hiddenLabels.value : (hiddenValues.value.get(key) ?? NONE);
}

export function hideIn(key: string, values: ReadonlySet<SampleValue>): void {
  if (key === "label") hiddenLabels.value = new Set([...values].map(Number));
  else hiddenValues.value = new Map(hiddenValues.peek()).set(key, values);
}
