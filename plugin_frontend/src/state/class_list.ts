/** The classes of the probe on screen; where it has neither labels nor names, those that the models tell apart. */

import { computed } from "@preact/signals";
import { classesOf, predictedClasses } from "./classes";
import { rowsInUse } from "./grid";
import { outputsOf } from "./outputs";
import { probe } from "./server";

export const classes = computed(() => {
  if (probe.value === null) return [];
  const found = classesOf(probe.value);
  return found.length > 0 ? found : predictedClasses(rowsInUse.value.flatMap((row) => outputsOf(row) ?? []));
});
