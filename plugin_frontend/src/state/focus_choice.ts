/** Choosing the one or two maps that have the view to themselves. */

import { computed } from "@preact/signals";
import type { LayerInfo } from "../api/types";
import { layerAt } from "./alignment";
import { focused, type PanelInfo } from "./grid";
import { layerBeside } from "./layer_matching";
import { isTeacher, type Row, teacherOf } from "./rows";
import { focus, type LayerRef } from "./settings";
import { allRows, rows } from "./shown_rows";
import { openMaps } from "./views";

export interface FocusedMap {
  readonly row: Row;
  readonly layer: LayerInfo;
}

const refTo = ({ row, layer }: FocusedMap): LayerRef => ({ run: row.run, model: row.model.name, layer: layer.name });

export const openAlone = (panel: PanelInfo) => openMaps([refTo(panel)]);

/** The layer of a row to be seen beside a map: in its column, else at its depth. */
function besideIn(row: Row, first: FocusedMap): LayerInfo | null {
  const { layers } = row.model;
  if (row.key === first.row.key) {
    const place = layers.findIndex((layer) => layer.name === first.layer.name);
    return layers[place + 1] ?? layers[place - 1] ?? null;
  }
  const own = first.row.model.layers;
  const place = own.findIndex((layer) => layer.name === first.layer.name);
  return layerBeside(first.row, first.layer.name, row) ?? layers[layerAt(place, layers.length, own.length)] ?? null;
}

/** What a map is first compared with: its teacher's, a teacher's with a student's, without either another row's. */
export const usualSecond = computed<FocusedMap | null>(() => {
  const first = focused.value?.[0];
  if (first === undefined) return null;
  const others = [...rows.value, ...allRows.value].filter((row) => row.key !== first.row.key);
  const teacher = isTeacher(first.row) ? null : teacherOf(first.row, rows.value, allRows.value);
  const row = teacher ?? others.find((one) => !isTeacher(one)) ?? others[0];
  const layer = row === undefined ? null : besideIn(row, first);
  return row === undefined || layer === null ? null : { row, layer };
});

function show(maps: readonly FocusedMap[]): void {
  focus.value = maps.map(refTo);
}

export function chooseSecond(second: FocusedMap | null): void {
  const first = focused.peek()?.[0];
  if (first !== undefined) show(second === null ? [first] : [first, second]);
}

/** Another model's map as the second, of the layer beside the first's. */
export function chooseSecondRow(key: string): void {
  const first = focused.peek()?.[0];
  const row = allRows.peek().find((one) => one.key === key);
  const layer = first === undefined || row === undefined ? null : besideIn(row, first);
  if (row !== undefined && layer !== null) chooseSecond({ row, layer });
}

export function chooseSecondLayer(name: string): void {
  const row = focused.peek()?.[1]?.row;
  const layer = row?.model.layers.find((one) => one.name === name);
  if (row !== undefined && layer !== undefined) chooseSecond({ row, layer });
}

export const swapMaps = () => show((focused.peek() ?? []).toReversed());
export const closeSecond = () => chooseSecond(null);
