/** Choosing rows and their order. */

import { batch } from "@preact/signals";
import { columns } from "./layer_matching";
import { listed, movedTo, sameOrder, toggled } from "./ordered_choice";
import { inChosenOrder, isTeacher, type Row, rowsAtFirst } from "./rows";
import { chosenColumns, chosenMeasureColumn, chosenRows } from "./settings";
import { allRows, rows } from "./shown_rows";

const keysOf = (some: readonly Row[]) => some.map((row) => row.key);

/** All rows in the order in which they are listed to choose from: teachers, then the others. */
export function listedRows(): Row[] {
  const among = (isAmong: (row: Row) => boolean) => listed(allRows.value.filter(isAmong), rows.value.filter(isAmong));
  return [...among(isTeacher), ...among((row) => !isTeacher(row))];
}

/** Rows with other layers make other columns: what was chosen among the old ones holds no more. */
function choose(keys: readonly string[]): void {
  const count = columns.peek().count;
  batch(() => {
    chosenRows.value = sameOrder(keys, keysOf(rowsAtFirst(allRows.peek()))) ? null : keys;
    if (columns.value.count === count) return;
    chosenColumns.value = null;
    chosenMeasureColumn.value = null;
  });
}

export function toggleRow(key: string): void {
  choose(keysOf(inChosenOrder(allRows.peek(), toggled(keysOf(allRows.peek()), keysOf(rows.peek()), key))));
}

export const showOnlyRow = (key: string) => choose([key]);
export const showAllRows = () => choose(keysOf(listedRows()));
export const showRowsAsAtFirst = () => choose(keysOf(rowsAtFirst(allRows.peek())));

/** To a place among the rows that show, teachers staying above the others. */
export function moveRow(key: string, place: number): void {
  choose(keysOf(inChosenOrder(allRows.peek(), movedTo(keysOf(rows.peek()), key, place))));
}
