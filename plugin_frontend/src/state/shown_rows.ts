/** The rows that there are, of the probe on screen, and those that show. */

import { computed } from "@preact/signals";
import { inChosenOrder, rowsAtFirst, rowsOfProbe } from "./rows";
import { overview, probeGroup } from "./server";
import { chosenRows } from "./settings";

export const allRows = computed(() =>
  overview.value === null || probeGroup.value === null ? [] : rowsOfProbe(overview.value, probeGroup.value.fingerprint),
);

export const rows = computed(() => {
  const chosen = chosenRows.value;
  const found = inChosenOrder(allRows.value, chosen ?? []);
  // A link may ask for rows that are not here at all.
  return chosen === null || (found.length === 0 && chosen.length > 0) ? rowsAtFirst(allRows.value) : found;
});
