/** Who is truly near the inspected sample, model by model in one column of layers, and which of them are near it in the teacher's too. */

import { computed } from "@preact/signals";
import { columnToTellOf } from "./alignment";
import { columns, type PanelInfo, panelInColumn, rows, step, teacherPanelOf } from "./grid";
import { nearestOf, neighboursOf } from "./neighbours";
import { isTeacher, type Row } from "./rows";
import { sampleOnScreen } from "./sample_history";
import { chosenNeighbourColumn } from "./settings";

/** Unless chosen, the last hidden layers' of those that most rows have. */
export const neighbourColumn = computed(() => {
  const chosen = chosenNeighbourColumn.value;
  return chosen !== null && chosen < columns.value.count ? chosen : columnToTellOf(columns.value);
});

/** Of each row: its layer in that column at the step on screen; null where it has none. */
const panelsInColumn = computed<readonly (PanelInfo | null)[]>(() => {
  const at = step.value;
  return rows.value.map((row) => (at === null ? null : panelInColumn(row, neighbourColumn.value, at)));
});

/** Whose neighbours the inspector has to have. */
export const inspectedPanels = computed<readonly PanelInfo[]>(() => {
  if (sampleOnScreen.value === null) return [];
  const own = panelsInColumn.value.filter((panel) => panel !== null);
  return [...own, ...own.flatMap((panel) => teacherPanelOf(panel) ?? [])];
});

export interface RowNeighbours {
  readonly row: Row;
  /** Null: the model has no layer in this column. */
  readonly panel: PanelInfo | null;
  /** Nearest first; null while they are not known. */
  readonly nearest: readonly number[] | null;
  /** Which of them are among the teacher's; null: there is no teacher here, or its are not known yet. */
  readonly shared: ReadonlySet<number> | null;
  /** Whether more are just as near as the last of them, here or in the teacher: then it is chance who is listed. */
  readonly isTied: boolean;
}

export function sharedWith(nearest: readonly number[], others: Iterable<number>): ReadonlySet<number> {
  const known = new Set(others);
  return new Set(nearest.filter((sample) => known.has(sample)));
}

/** Row by row. */
export const sampleNeighbours = computed<readonly RowNeighbours[]>(() => {
  const sample = sampleOnScreen.value;
  if (sample === null) return [];
  return rows.value.map((row, i) => {
    const panel = panelsInColumn.value[i] ?? null;
    const own = panel === null ? null : neighboursOf(panel);
    if (panel === null || own === null) return { row, panel, nearest: null, shared: null, isTied: false };
    const nearest = [...nearestOf(own, sample)];
    const teacherPanel = isTeacher(row) ? null : teacherPanelOf(panel);
    const teacher = teacherPanel === null ? null : neighboursOf(teacherPanel);
    const shared = teacher === null ? null : sharedWith(nearest, nearestOf(teacher, sample));
    const isTied = own.tied[sample] === 1 || teacher?.tied[sample] === 1;
    return { row, panel, nearest, shared, isTied };
  });
});
