/** What the sheet Select has to choose values from: the column, whose it is, and the range of values. */

import { computed } from "@preact/signals";
import { panels, rows } from "./grid";
import { histogram, type Range } from "./histogram";
import { type ColumnOwner, columnOf, sampleColumns } from "./sample_columns";
import { available } from "./selection";
import { chosenRange, chosenValueColumn, chosenValuePanel, chosenValueRow } from "./settings";

export const column = computed(() => columnOf(chosenValueColumn.value ?? "") ?? sampleColumns.value[0] ?? null);

export function chooseColumn(key: string): void {
  chosenValueColumn.value = key;
  chosenRange.value = null;
}

/** Whose column it is: of rows the first that is no teacher, of maps that model's last, unless chosen otherwise. */
export const owner = computed<ColumnOwner>(() => {
  const ofRole = rows.value.find((row) => row.model.role !== "teacher") ?? rows.value[0];
  const row = rows.value.find(({ key }) => key === chosenValueRow.value) ?? ofRole ?? null;
  const ofRow = panels.value.filter((panel) => panel.row.key === row?.key);
  const panel = panels.value.find(({ key }) => key === chosenValuePanel.value) ?? ofRow.at(-1) ?? panels.value[0];
  return { row, panel: panel ?? null };
});

export function chooseRow(row: string): void {
  chosenValueRow.value = row;
  chosenRange.value = null;
}

export function choosePanel(panel: string): void {
  chosenValuePanel.value = panel;
  chosenRange.value = null;
}

export const columnValues = computed(() => column.value?.values(owner.value) ?? null);

export const columnHistogram = computed(() =>
  column.value?.kind !== "number" || columnValues.value === null
    ? null
    : histogram(columnValues.value, available.value, column.value.range),
);

/** What the brush leaves: never beyond the axis, which another step may have moved. */
export const range = computed<Range>(() => {
  const [low, high] = columnHistogram.value?.extent ?? [0, 0];
  const chosen = chosenRange.value;
  if (chosen === null) return [low, high];
  return [Math.min(high, Math.max(low, chosen[0])), Math.max(low, Math.min(high, chosen[1]))];
});

export const isWholeRange = computed(() => chosenRange.value === null);

export function chooseRange(chosen: Range | null): void {
  const extent = columnHistogram.peek()?.extent;
  const isWhole = chosen === null || (extent !== undefined && chosen[0] <= extent[0] && chosen[1] >= extent[1]);
  chosenRange.value = isWhole ? null : chosen;
}
