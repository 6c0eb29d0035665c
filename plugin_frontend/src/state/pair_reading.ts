/** How alike the two focused layers are, by the measure of the Similarity view. */

import { computed } from "@preact/signals";
import { infoOf } from "./chart";
import type { FocusedMap } from "./focus_choice";
import { focused, step } from "./grid";
import { valueText } from "./number_format";
import { seriesOf, valueAt } from "./series";
import { measures } from "./server";
import { similarity } from "./similarity_view";

/** What one map's model was measured with the other's: a student's run knows its teacher, a teacher no student. */
function seriesWith(of: FocusedMap, other: FocusedMap, measure: string) {
  const partner = { run: other.row.run, model: other.row.model.name, layer: other.layer.name };
  const series = seriesOf(measures.value, of.row, measure, of.layer.name, partner);
  return series?.isPartner ? series : null;
}

/** Null where one map is focused, or where the two were not compared. */
export const pairReading = computed(() => {
  const [first, second] = focused.value ?? [];
  const name = similarity.value;
  if (first === undefined || second === undefined || name === null || step.value === null) return null;
  const series = seriesWith(second, first, name) ?? seriesWith(first, second, name);
  if (series === null) return null;
  const { label, direction } = infoOf(name);
  return { label, direction, value: valueText(valueAt(series, step.value)) };
});
