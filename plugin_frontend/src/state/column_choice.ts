/** Choosing columns and their order. */

import { columns, shownColumns } from "./layer_matching";
import { listed, movedTo, sameOrder, toggled } from "./ordered_choice";
import { chosenColumns } from "./settings";

const allColumns = () => Array.from({ length: columns.value.count }, (_, column) => column);

/** All columns in the order in which they are listed to choose from. */
export const listedColumns = () => listed(allColumns(), shownColumns.value);

function choose(shown: readonly number[]): void {
  chosenColumns.value = sameOrder(shown, allColumns()) ? null : shown;
}

/** One column always shows. */
export function toggleColumn(column: number): void {
  const shown = toggled(allColumns(), shownColumns.peek(), column);
  if (shown.length > 0) choose(shown);
}

export const showOnlyColumn = (column: number) => choose([column]);

/** In their order, and what was hidden at its place. */
export const showAllColumns = () => choose(listedColumns());

/** All, from input to output. */
export const showColumnsAsAtFirst = () => choose(allColumns());

export function moveColumn(column: number, place: number): void {
  choose(movedTo(shownColumns.peek(), column, place));
}
