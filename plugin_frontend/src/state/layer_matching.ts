/**
 * Which layers of different models share a column: by what the user chose, as far as it can be had, and why a place is
 * empty.
 *
 * By CKA, columns must not change under the eyes of someone who looks while a training goes on. So the match is made
 * once, at the step that is the newest when it is chosen (`layerMatchStep`), and later steps change nothing until the
 * user has it made again.
 */

import { computed, effect } from "@preact/signals";
import type { LayerInfo } from "../api/types";
import { alignLayers, type Columns, columnName } from "./alignment";
import { alignByCka, type CkaColumns, type Likeness, MATCHING_MEASURE, newestComparedStep } from "./cka_alignment";
import { commandToMeasure } from "./measure_command";
import { alignByName } from "./name_alignment";
import { isTeacher, type Row } from "./rows";
import { measures, overview } from "./server";
import { chosenColumns, chosenMeasureColumn, type LayerMatch, layerMatch, layerMatchStep } from "./settings";
import { allRows, rows } from "./shown_rows";

/** The teacher that columns and pairs are of: the one on screen, else the first that there is. */
export const teacherRow = computed(() => rows.value.find(isTeacher) ?? allRows.value.find(isTeacher) ?? null);

/** The newest step at which a row on screen is compared with the teacher. */
export const newestMatchStep = computed(() => {
  const teacher = teacherRow.value;
  return teacher === null ? null : newestComparedStep(measures.value, rows.value, teacher, allRows.value);
});

/** Whether layers can be matched by CKA, and if not, why. */
export const ckaState = computed<"there" | "reading" | "no teacher" | "not computed">(() => {
  if (teacherRow.value === null) return "no teacher";
  if (newestMatchStep.value !== null) return "there";
  return rows.value.some((row) => !measures.value.has(row.run)) ? "reading" : "not computed";
});

/** What computes the CKA that is not there. */
export const commandForCka = computed(() => commandToMeasure([MATCHING_MEASURE], overview.value?.measures ?? {}));

/** How the columns are made: as chosen, or by depth where that cannot be had. */
export const match = computed<LayerMatch>(() => {
  const canBe = ckaState.value === "there" || ckaState.value === "reading";
  return layerMatch.value === "cka" && !canBe ? "depth" : layerMatch.value;
});

/** The step by whose CKA the columns are made. */
export const matchStep = computed(() =>
  match.value === "cka" ? (layerMatchStep.value ?? newestMatchStep.value) : null,
);

/** The columns that some rows would have among themselves. */
export function columnsOf(some: readonly Row[]): Columns | CkaColumns {
  const layers = some.map((row) => row.model.layers);
  if (match.value === "depth") return alignLayers(layers);
  if (match.value === "name") return byName(some);
  const teacher = some.find(isTeacher) ?? teacherRow.value;
  const step = matchStep.value ?? Number.POSITIVE_INFINITY;
  return teacher === null ? alignLayers(layers) : alignByCka(measures.value, some, teacher, step, allRows.value);
}

/** Whatever the order in which the rows show, the columns stay. */
function byName(some: readonly Row[]): Columns {
  const inOrder = allRows.value.filter((row) => some.includes(row));
  const { count, cells } = alignByName(inOrder.map((row) => row.model.layers));
  return { count, cells: some.map((row) => cells[inOrder.indexOf(row)] ?? []) };
}

export const columns = computed(() => columnsOf(rows.value));

/** Matched by CKA, columns are the teacher's layers and are called so. */
export const columnNames = computed(() => {
  const teacher = match.value === "cka" ? teacherRow.value : null;
  return Array.from(
    { length: columns.value.count },
    (_, column) => teacher?.model.layers[column]?.name ?? columnName(columns.value, column),
  );
});

/** The columns that show, in order, by their place among all. Where other rows leave none of those chosen, all show. */
export const shownColumns = computed(() => {
  const all = Array.from({ length: columns.value.count }, (_, column) => column);
  const left = chosenColumns.value?.filter((column) => column < all.length) ?? [];
  return left.length > 0 ? left : all;
});

/** The layers of a row in the columns that show, each once and from input to output; all of them while all columns show. */
export function layersShownOf(rowIndex: number): readonly LayerInfo[] {
  const layers = rows.value[rowIndex]?.model.layers ?? [];
  if (shownColumns.value.length === columns.value.count) return layers;
  const shown = new Set(shownColumns.value.map((column) => columns.value.cells[rowIndex]?.[column]));
  return layers.filter((layer) => shown.has(layer));
}

/**
 * The layer of another row that shares a column with a row's layer; null where none does. `column`: in which, where it
 * stands in several.
 */
export function layerBeside(row: Row, layer: string, other: Row, column: number | null = null): LayerInfo | null {
  const placeOf = (one: Row, among: readonly Row[]) => among.findIndex(({ key }) => key === one.key);
  const show = [other, row].every((one) => placeOf(one, rows.value) >= 0);
  const among = show ? rows.value : [other, row];
  const { cells } = show ? columns.value : columnsOf(among);
  const cellsOf = (one: Row) => cells[placeOf(one, among)] ?? [];
  const own = cellsOf(row).findIndex((one) => one?.name === layer);
  return cellsOf(other)[show && column !== null ? column : own] ?? null;
}

/** Why a row's layer stands in a column, where that is by CKA. */
export function likenessOf(rowIndex: number, column: number | null): Likeness | null {
  return column !== null && "likeness" in columns.value ? (columns.value.likeness[rowIndex]?.[column] ?? null) : null;
}

export interface EmptyPlace {
  readonly text: string;
  /** The whole of it. */
  readonly reason: string;
  /** What fills it. */
  readonly command: string | null;
}

/** Why no layer of a row stands in a column. */
export function whyEmpty(rowIndex: number, column: number): EmptyPlace {
  const row = rows.value[rowIndex];
  const name = columnNames.value[column] ?? "";
  const own = row?.model.layers.length ?? 0;
  const layers = own === 1 ? "one layer" : `${own} layers`;
  const model = row?.model.name ?? "";
  if (match.value === "name")
    return { text: "no such layer", reason: `${model} has no layer called like ${name}.`, command: null };
  if (match.value === "depth") {
    const reason = `${model} logged ${layers}, spread by relative depth over ${columns.value.count} columns.`;
    return { text: "no layer at this depth", reason, command: null };
  }
  if (row !== undefined && !measures.value.has(row.run))
    return { text: "reading the measures…", reason: "Which layer is most alike is not known yet.", command: null };
  const compared = "compared" in columns.value && columns.value.compared[rowIndex] === true;
  const teacher = teacherRow.value?.model.name ?? "the teacher";
  const reason = compared
    ? `No layer of ${model} was compared with ${teacher}'s ${name}.`
    : `${model}'s layers were not compared with those of ${teacher}.`;
  return { text: "not compared", reason, command: commandForCka.value };
}

/** Other columns mean other choices of columns. */
export function chooseLayerMatch(chosen: LayerMatch): void {
  layerMatch.value = chosen;
  layerMatchStep.value = null;
  chosenColumns.value = null;
  chosenMeasureColumn.value = null;
}

/** Have the columns made by the newest comparisons. */
export function matchAgain(): void {
  layerMatchStep.value = newestMatchStep.peek();
}

/** Holds the match at the step at which it is first made. Returns what ends it. */
export function keepMatchStill(): () => void {
  return effect(() => {
    const areComing = rows.value.some((row) => !measures.value.has(row.run));
    if (match.value === "cka" && layerMatchStep.value === null && !areComing)
      layerMatchStep.value = newestMatchStep.value;
  });
}
