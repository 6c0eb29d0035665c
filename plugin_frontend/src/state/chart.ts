/** What the chart shows, derived: the measure, the layer, the lines, the axis of steps. */

import { computed, signal } from "@preact/signals";
import type { MeasureInfo } from "../api/types";
import { columnToTellOf, layerAt } from "./alignment";
import { columns, rows, step, steps } from "./grid";
import { teacherRow } from "./layer_matching";
import { linesOf, measureNames, type Partner } from "./series";
import { measures, overview } from "./server";
import { chosenAxis, chosenMeasure, chosenMeasureColumn } from "./settings";
import { isLogSpaced } from "./timeline";

/** The step under the pointer on the chart, while it is there. */
export const chartHover = signal<number | null>(null);

export const choices = computed(() => measureNames(measures.value, rows.value, overview.value?.measures ?? {}));

export const measure = computed(() => {
  const chosen = chosenMeasure.value;
  return chosen !== null && choices.value.includes(chosen) ? chosen : (choices.value[0] ?? null);
});

/** A measure that the user logged has no description. */
export function infoOf(name: string): MeasureInfo {
  return (
    overview.value?.measures[name] ?? {
      label: name,
      group: "",
      scope: "output",
      higher_is_better: null,
      range: [null, null],
      direction: "",
      text: "",
      low_is_alike: false,
      needs_labels: false,
      needs_teacher: false,
      default: false,
      while_training: true,
    }
  );
}

/** Of which column's layers the chart tells: unless chosen, the last hidden one's of those that most rows have. */
export const measureColumn = computed(() => {
  const { count } = columns.value;
  const chosen = chosenMeasureColumn.value;
  if (chosen !== null && chosen < count) return chosen;
  return columnToTellOf(columns.value);
});

/** The teacher's layer in a column or, where it has none there, at its depth. */
export function partnerAt(column: number): Partner | null {
  const teacher = teacherRow.value;
  if (teacher === null) return null;
  const { layers } = teacher.model;
  const place = rows.value.indexOf(teacher);
  const layer = columns.value.cells[place]?.[column] ?? layers[layerAt(column, layers.length, columns.value.count)];
  return layer === undefined ? null : { run: teacher.run, model: teacher.model.name, layer: layer.name };
}

export const lines = computed(() => {
  if (measure.value === null) return [];
  const column = measureColumn.value;
  const layers = columns.value.cells.map((cells) => cells[column] ?? null);
  return linesOf(measures.value, rows.value, measure.value, layers, partnerAt(column));
});

export const axis = computed(() => chosenAxis.value ?? (isLogSpaced(steps.value) ? "log" : "linear"));

/** The step whose values are written beside the chart. */
export const readStep = computed(() => chartHover.value ?? step.value);
