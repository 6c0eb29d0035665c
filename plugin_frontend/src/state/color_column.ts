/** The column that colours the samples, and its values in the map that a panel shows just now. */

import { computed } from "@preact/signals";
import type { Frame } from "../api/types";
import { byIdentity } from "./by_identity";
import { PLAIN, type SampleColumn, type SampleValue } from "./column";
import { frameOf } from "./frames";
import type { PanelInfo } from "./grid";
import { sampleColumns } from "./sample_columns";
import { chosenColor } from "./settings";

/** What colours the samples while nothing is known of them. */
const NO_COLUMN: SampleColumn = {
  ...PLAIN,
  key: "",
  label: "",
  text: "",
  scope: "sample",
  kind: "category",
  values: () => null,
};

export const colorColumn = computed<SampleColumn>(() => {
  const columns = sampleColumns.value;
  return columns.find(({ key }) => key === chosenColor.value) ?? columns[0] ?? NO_COLUMN;
});

export const colorBy = computed(() => colorColumn.value.key);

/** By panel key: a column's last values there. */
const lastValues = byIdentity((_: SampleColumn) => new Map<string, ArrayLike<SampleValue> | null>());

/** A panel that waits for its map, or for its model's outputs, keeps the values that it had, as it keeps its map. */
export function valuesShown(panel: PanelInfo, frame: Frame): ArrayLike<SampleValue> | null {
  const column = colorColumn.value;
  const last = lastValues(column);
  const owner = { row: panel.row, panel };
  const isComing = column.isComing(owner) || (column.scope === "map" && frameOf(panel) !== frame);
  if (!isComing) last.set(panel.key, column.values(owner));
  return last.get(panel.key) ?? null;
}
