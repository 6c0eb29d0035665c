/** What the Measures view shows, derived: which measures there are to choose from, and the charts. */

import { computed, signal } from "@preact/signals";
import type { MeasureGroup } from "../api/types";
import { choices, infoOf, measure, partnerAt } from "./chart";
import { columnNames, columns, rows, shownColumns, step } from "./grid";
import { layersShownOf } from "./layer_matching";
import { commandToMeasure } from "./measure_command";
import { measures, overview, probe } from "./server";
import { measuresOver } from "./settings";
import { chartsOfDepth, chartsOfLayers, chartsOfOutputs, type SmallChart } from "./small_multiples";

/** Where the pointer is on a chart: at which x, and in which chart; null while it is on none. */
export const charted = signal<{ readonly chart: string; readonly x: number } | null>(null);

/** The row that the pointer is on in the list of lines: all others step back. */
export const markedRow = signal<string | null>(null);

export interface ChoiceGroup {
  readonly group: MeasureGroup;
  readonly measures: readonly string[];
}

/** The measures there are, by the question that they answer; the user's own scalars with the outputs. */
export const choiceGroups = computed<readonly ChoiceGroup[]>(() => {
  const groups = overview.value?.measure_groups ?? [];
  const known = new Set(groups.map((group) => group.name));
  const groupOf = (name: string) => (known.has(infoOf(name).group) ? infoOf(name).group : "outputs");
  return groups
    .map((group) => ({ group, measures: choices.value.filter((name) => groupOf(name) === group.name) }))
    .filter((one) => one.measures.length > 0);
});

/** The described measures that no row on screen has. */
export const missing = computed(() =>
  Object.keys(overview.value?.measures ?? {}).filter((name) => !choices.value.includes(name)),
);

/** Those of them that the probe has no labels for. */
export const unlabelled = computed(() => {
  const hasNoLabels = probe.value !== null && probe.value.labels === null;
  return missing.value.filter((name) => hasNoLabels && infoOf(name).needs_labels);
});

/** Those that can be computed from what is logged. */
export const computable = computed(() => missing.value.filter((name) => !unlabelled.value.includes(name)));

/** What computes `names`. */
export const commandFor = (names: readonly string[]) => commandToMeasure(names, overview.value?.measures ?? {});

/** Whether the measures of a row on screen have not come yet. */
export const areComing = computed(() => rows.value.some((row) => !measures.value.has(row.run)));

export const outputMeasures = computed(() => choices.value.filter((name) => infoOf(name).scope === "output"));
export const layerMeasures = computed(() => choices.value.filter((name) => infoOf(name).scope === "layer"));

/** Measures of the outputs show all in one go. */
export const showsOutputs = computed(
  () => measuresOver.value === "steps" && measure.value !== null && infoOf(measure.value).scope === "output",
);

/** Whether all charts are of one measure, so that one scale can serve them all. */
export const isOneMeasure = computed(() => measuresOver.value === "steps" && !showsOutputs.value);

export const charts = computed<readonly SmallChart[]>(() => {
  if (measuresOver.value === "depth") {
    const layers = rows.value.map((_, place) => layersShownOf(place));
    if (step.value === null) return [];
    return chartsOfDepth(measures.value, rows.value, layers, step.value, layerMeasures.value, infoOf);
  }
  if (measure.value === null) return [];
  if (showsOutputs.value) return chartsOfOutputs(measures.value, rows.value, outputMeasures.value, infoOf);
  return chartsOfLayers(
    measures.value,
    rows.value,
    columns.value,
    shownColumns.value,
    columnNames.value,
    measure.value,
    partnerAt,
  );
});

/** Where all charts are read: under the pointer, else at the step on the slider, or at the last layer; null: nowhere. */
export const readAt = computed(() => charted.value?.x ?? (measuresOver.value === "steps" ? step.value : 1));
