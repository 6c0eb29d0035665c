/** How alike the two focused layers are, by the measure of the Similarity view. */

import { computed } from "@preact/signals";
import { infoOf } from "./chart";
import { focused, step } from "./grid";
import { valueText } from "./number_format";
import { seriesOf, valueAt } from "./series";
import { measures } from "./server";
import { similarity } from "./similarity_view";

/** Null where one map is focused, or where the two were not compared. */
export const pairReading = computed(() => {
  const [first, second] = focused.value ?? [];
  const name = similarity.value;
  if (first === undefined || second === undefined || name === null || step.value === null) return null;
  const partner = { run: first.row.run, model: first.row.model.name, layer: first.layer.name };
  const series = seriesOf(measures.value, second.row, name, second.layer.name, partner);
  if (series === null || !series.isPartner) return null;
  const { label, direction } = infoOf(name);
  return { label, direction, value: valueText(valueAt(series, step.value)) };
});
