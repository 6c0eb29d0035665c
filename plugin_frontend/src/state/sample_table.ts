/** The list of selected samples as a table: its columns, by what it can be sorted, and the samples in that order. */

import { computed, effect, signal } from "@preact/signals";
import { columnToTellOf } from "./alignment";
import type { ColumnOwner, SampleColumn, SampleValue } from "./column";
import { columns, type PanelInfo, panels, rows } from "./grid";
import { type Row, rowNames } from "./rows";
import { columnText, sampleColumns } from "./sample_columns";
import { sortedSamples } from "./sample_order";
import { plainText, textColumns } from "./sample_text";
import { probe } from "./server";
import { hoveredPanel, inspected, selection, sortColumn, sortDescending } from "./settings";

export interface TableColumn {
  /** Stable: the sample column's key and whose it is. */
  readonly key: string;
  readonly label: string;
  readonly text: string;
  /** What the column's header stands under: the model, or the map; null: the sample's own. */
  readonly group: string | null;
  /** Null: the id, which is no column of values. */
  readonly column: SampleColumn | null;
  readonly owner: ColumnOwner;
}

/** What is narrow enough to show always; the rest shows while it is what the list is sorted by. */
const SHOWN_ALWAYS = ["confidence", "kept", "changed"];

const NOBODY: ColumnOwner = { row: null, panel: null };

/** The map in which the user last pointed something out: its values are the table's. */
const lastPointed = signal<string | null>(null);

/** Returns what ends it. */
export function rememberLastMap(): () => void {
  return effect(() => {
    // Not wherever the pointer passes: on its way to the table it passes many maps.
    [selection.value, inspected.value];
    const panel = hoveredPanel.peek();
    if (panel !== null) lastPointed.value = panel;
  });
}

/** That map; or the last hidden layer's of the first model that learns. */
export const tableMap = computed<PanelInfo | null>(() => {
  const all = panels.value;
  const pointed = all.find((panel) => panel.key === lastPointed.value);
  if (pointed !== undefined) return pointed;
  const learning = all.filter((panel) => panel.row.model.role !== "teacher");
  const among = learning.length > 0 ? learning : all;
  const first = among.filter((panel) => panel.row.key === among[0]?.row.key);
  return first.find((panel) => panel.column === columnToTellOf(columns.value)) ?? first.at(-1) ?? null;
});

function tableColumn(column: SampleColumn, group: string | null, owner: ColumnOwner, whose: string): TableColumn {
  const { key, label, text } = column;
  return { key: whose === "" ? key : `${key}@${whose}`, label, text, group, column, owner };
}

const isText = ({ key }: SampleColumn) =>
  key.startsWith("metadata:") && textColumns().has(key.slice("metadata:".length));

const ofRow = (column: SampleColumn, row: Row, name: string) =>
  tableColumn(column, name, { row, panel: null }, row.key);

/** Everything that the list can be sorted by. */
export const sortableColumns = computed<readonly TableColumn[]>(() => {
  if (probe.value === null) return [];
  const names = rowNames(rows.value);
  const all = sampleColumns.value;
  const map = tableMap.value;
  const id: TableColumn = {
    key: "id",
    label: "Id",
    text: "What the probe calls the sample.",
    group: null,
    column: null,
    owner: NOBODY,
  };
  const ofSamples = all.filter((column) => column.scope === "sample");
  const isFirst = (column: SampleColumn) => column.key === "label" || isText(column);
  return [
    id,
    ...ofSamples.filter(isFirst).map((column) => tableColumn(column, null, NOBODY, "")),
    ...rows.value.flatMap((row) =>
      all.flatMap((column) => (column.scope === "model" ? ofRow(column, row, names.get(row.key) ?? "") : [])),
    ),
    ...(map === null
      ? []
      : all
          .filter((column) => column.scope === "map")
          .map((column) => tableColumn(column, mapName(map, names), { row: map.row, panel: map }, "map"))),
    ...ofSamples.filter((column) => !isFirst(column)).map((column) => tableColumn(column, null, NOBODY, "")),
  ];
});

const mapName = (map: PanelInfo, names: ReadonlyMap<string, string>) =>
  `${names.get(map.row.key) ?? map.row.model.name} · ${map.layer.name}`;

export const sortedBy = computed(() => sortableColumns.value.find((one) => one.key === sortColumn.value) ?? null);

const isName = ({ column }: TableColumn) => column === null || column.key === "label" || isText(column);
const isPrediction = ({ column }: TableColumn) => column?.key === "prediction";
const isShownAlways = (one: TableColumn) =>
  isName(one) || isPrediction(one) || SHOWN_ALWAYS.includes(one.column?.key ?? "");

/** One heading for all models: each stands by its own mark. */
const besideOthers = (one: TableColumn): TableColumn => ({
  ...one,
  group: "Predictions",
  label: one.group ?? one.label,
});

/**
 * First what names the samples and what each model takes them for, to be compared at a glance; beside it what the list is
 * sorted by, where that has no place of its own.
 */
export const tableColumns = computed<readonly TableColumn[]>(() => {
  const by = sortedBy.value;
  const all = sortableColumns.value.filter((one) => isShownAlways(one) || one.column?.scope === "sample");
  const first = [...all.filter(isName), ...all.filter(isPrediction).map(besideOthers)];
  const others = all.filter((one) => !isName(one) && !isPrediction(one));
  if (by === null || isShownAlways(by)) return [...first, ...others];
  return [...first, by, ...others.filter((one) => one !== by)];
});

export function valuesOf({ column, owner }: TableColumn): ArrayLike<SampleValue> | null {
  return column === null ? (probe.value?.ids ?? null) : column.values(owner);
}

/** The selected samples, in the order that the user wants. */
export const listedSamples = computed<readonly number[]>(() => {
  const by = sortedBy.value;
  return sortedSamples(selection.value, by === null ? null : valuesOf(by), sortDescending.value);
});

/** What a cell says. */
export function cellText({ column }: TableColumn, value: SampleValue | undefined): string {
  return column === null || column.key.startsWith("metadata:") ? plainText(value) : columnText(column, value);
}

/** A click on a header: sort by it; if that is so already, the other way round. */
export function sortBy(key: string): void {
  if (sortColumn.peek() === key) sortDescending.value = !sortDescending.peek();
  else {
    sortColumn.value = key;
    sortDescending.value = false;
  }
}
