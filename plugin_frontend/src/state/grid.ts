/** What the grid shows, derived from the server's overview and the user's settings: rows, columns, steps and panels. */

import { computed } from "@preact/signals";
import type { EmbeddingRef, LayerInfo } from "../api/types";
import { columnNames, columns, layerBeside, shownColumns } from "./layer_matching";
import { isTeacher, type Row, teacherOf } from "./rows";
import { chosenStep, chosenView, focus, focusLayout } from "./settings";
import { allRows, rows } from "./shown_rows";
import { mergedSteps, nearestStep, stepBefore, storedStep } from "./timeline";

/** One map on screen. */
export interface PanelInfo {
  /** The same for all steps and methods. */
  readonly key: string;
  readonly row: Row;
  readonly layer: LayerInfo;
  readonly rowIndex: number;
  /** Among the columns that show. */
  readonly columnIndex: number;
  /** Among all columns; null where it stands outside of the grid. */
  readonly column: number | null;
  /** The stored step that it shows. */
  readonly step: number;
}

export { allRows, columnNames, columns, rows, shownColumns };

/** A model that was embedded once has no say in the timeline, unless there is nothing else. */
export const steps = computed(() => {
  const moving = rows.value.filter((row) => !row.model.static);
  return mergedSteps((moving.length > 0 ? moving : rows.value).map((row) => row.model.steps));
});

/** The step on the slider; null while there is none. */
export const step = computed(() => {
  const chosen = chosenStep.value;
  return chosen === null ? (steps.value.at(-1) ?? null) : nearestStep(steps.value, chosen);
});

/** The focused maps that are there, with the rows that they belong to; null: all maps show. */
export const focused = computed(() => {
  if (focus.value === null) return null;
  const found = focus.value.flatMap((ref) => {
    const row = allRows.value.find((one) => one.run === ref.run && one.model.name === ref.model);
    const layer = row?.model.layers.find((one) => one.name === ref.layer);
    return row === undefined || layer === undefined ? [] : [{ row, layer }];
  });
  return found.length > 0 ? found : null;
});

/** Whether two maps lie one over the other. */
export const isOverlay = computed(() => focusLayout.value === "overlay" && focused.value?.length === 2);

/** The rows whose samples are on screen: those that show, and those of focused maps. */
export const rowsInUse = computed(() => [...new Set([...rows.value, ...(focused.value?.map((one) => one.row) ?? [])])]);

/** The panels as they are at a step, row by row; none while another view than the Projector shows. */
export function panelsAt(at: number): PanelInfo[] {
  if (chosenView.value !== "projector") return [];
  if (focused.value !== null) return focusedPanelsAt(focused.value, at);
  return rows.value.flatMap((row, rowIndex) => {
    const stored = storedStep(row.model.steps, at);
    if (stored === null) return [];
    const layers = shownColumns.value.map((column) => columns.value.cells[rowIndex]?.[column] ?? null);
    return shownColumns.value.flatMap((column, columnIndex) => {
      const layer = layers[columnIndex];
      if (!layer) return [];
      // Matched by CKA, a layer may stand in several columns.
      const copy = layers.slice(0, columnIndex).filter((one) => one === layer).length;
      return [{ key: keyOf(row, layer, copy), row, layer, rowIndex, columnIndex, column, step: stored }];
    });
  });
}

function focusedPanelsAt(maps: readonly Pick<PanelInfo, "row" | "layer">[], at: number): PanelInfo[] {
  return maps.flatMap(({ row, layer }, place) => {
    const stored = storedStep(row.model.steps, at);
    const columnIndex = isOverlay.value ? 0 : place;
    const copy = maps.slice(0, place).filter((one) => one.layer === layer).length;
    return stored === null
      ? []
      : [{ key: keyOf(row, layer, copy), row, layer, rowIndex: 0, columnIndex, column: null, step: stored }];
  });
}

const keyOf = (row: Row, layer: LayerInfo, copy = 0) =>
  JSON.stringify([row.run, row.model.name, layer.name, ...(copy > 0 ? [copy] : [])]);

/**
 * The teacher's layer in a panel's column, at the step on screen, whether it shows or not: a panel that can be asked for
 * its frame, its neighbours and so on. Null for a teacher's own, and where no teacher has a layer there.
 */
export function teacherPanelOf(panel: PanelInfo): PanelInfo | null {
  const { row, layer, columnIndex, column } = panel;
  if (isTeacher(row) || step.value === null) return null;
  const teacher = teacherOf(row, rows.value, allRows.value);
  const stored = teacher === null ? null : storedStep(teacher.model.steps, step.value);
  if (teacher === null || stored === null) return null;
  const found = layerBeside(row, layer.name, teacher, column);
  if (!found) return null;
  const rowIndex = rows.value.findIndex(({ key }) => key === teacher.key);
  return { key: keyOf(teacher, found), row: teacher, layer: found, rowIndex, columnIndex, column, step: stored };
}

/** A row's layer in one of all columns at a step, whether the column shows or not; null where the row has none there. */
export function panelInColumn(row: Row, column: number, at: number): PanelInfo | null {
  const rowIndex = rows.value.indexOf(row);
  const layer = columns.value.cells[rowIndex]?.[column];
  const stored = storedStep(row.model.steps, at);
  if (!layer || stored === null) return null;
  const columnIndex = shownColumns.value.indexOf(column);
  return { key: keyOf(row, layer), row, layer, rowIndex, columnIndex, column, step: stored };
}

export const panels = computed(() => (step.value === null ? [] : panelsAt(step.value)));

export function embeddingOf(panel: PanelInfo): EmbeddingRef {
  return [panel.row.run, panel.row.model.name, panel.layer.name, panel.step];
}

/** The same layer at the stored step before; null at its first. */
export function panelBefore(panel: PanelInfo): PanelInfo | null {
  const before = stepBefore(panel.row.model.steps, panel.step);
  return before === null ? null : { ...panel, step: before };
}

/** Go to a step; the newest one sticks, so that later ones follow by themselves. */
export function goToStep(target: number | null): void {
  if (target !== null) chosenStep.value = target === steps.value.at(-1) ? null : target;
}
