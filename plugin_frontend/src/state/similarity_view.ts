/** What the Similarity view shows, derived: the measure, the heat maps, and the rows that have none. */

import { computed, signal } from "@preact/signals";
import { infoOf } from "./chart";
import { allRows, rows, step } from "./grid";
import { colorDomain, type HeatMap, heatMapOf, layersNamedBy, type ModelRef, partnersOf } from "./heat_maps";
import { layersShownOf } from "./layer_matching";
import { isTeacher, type Row } from "./rows";
import { measureNames, measuresOf } from "./series";
import { measures, overview } from "./server";
import { chosenSimilarity, type LayerRef } from "./settings";

/** A cell under the pointer or in focus. */
export interface CellRef {
  readonly map: string;
  readonly line: number;
  readonly column: number;
  /** Its middle on the page and its side, CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export const pointedCell = signal<CellRef | null>(null);

/** The rows that are compared with a teacher. */
export const comparedRows = computed(() => rows.value.filter((row) => !isTeacher(row)));

/** All measures by which layers can be compared. */
export const pairMeasures = computed(() =>
  Object.keys(overview.value?.measures ?? {}).filter((name) => infoOf(name).scope === "pair"),
);

export const similarityChoices = computed(() =>
  measureNames(measures.value, comparedRows.value, overview.value?.measures ?? {}).filter(
    (name) => infoOf(name).scope === "pair",
  ),
);

/** Those that no row on screen has. */
export const missingSimilarities = computed(() =>
  pairMeasures.value.filter((name) => !similarityChoices.value.includes(name)),
);

export const similarity = computed(() => {
  const chosen = chosenSimilarity.value;
  const known = similarityChoices.value;
  return chosen !== null && known.includes(chosen) ? chosen : (known[0] ?? null);
});

const preferred = computed<ModelRef[]>(() =>
  rows.value.filter(isTeacher).map((row) => ({ run: row.run, model: row.model.name })),
);

/** Layers that were left out under "Layers" are left out here too; of a teacher that does not show, none are. */
function teacherLayersOf(row: Row, teacher: ModelRef, measure: string): string[] {
  const compared = layersNamedBy(measures.value, row, teacher, measure);
  const shownAt = rows.value.findIndex((one) => one.run === teacher.run && one.model.name === teacher.model);
  const there = allRows.value.find((one) => one.run === teacher.run && one.model.name === teacher.model);
  const left = shownAt < 0 ? there?.model.layers : layersShownOf(shownAt);
  return left === undefined ? compared : left.map((one) => one.name).filter((name) => compared.includes(name));
}

/** For each compared row: its heat maps, one a teacher; none where it was compared with no one. */
export const heatMaps = computed<readonly { readonly row: Row; readonly maps: readonly HeatMap[] }[]>(() => {
  const name = similarity.value;
  const at = step.value;
  return comparedRows.value.map((row) => {
    if (name === null || at === null) return { row, maps: [] };
    const place = rows.value.indexOf(row);
    const layers = layersShownOf(place);
    const partners = partnersOf(measures.value, row, name, preferred.value);
    const low = infoOf(name).low_is_alike;
    const maps = partners.map((teacher) =>
      heatMapOf(measures.value, row, teacher, name, layers, teacherLayersOf(row, teacher, name), at, low),
    );
    return { row, maps };
  });
});

/** The ends of the colour scale, the same for all heat maps and all steps. */
export const domain = computed<[number, number]>(() => {
  const name = similarity.value;
  if (name === null) return [0, 1];
  const series = comparedRows.value.flatMap((row) => measuresOf(measures.value, row)?.series ?? []);
  const values = series.flatMap((one) => (one.measure === name ? one.values : []));
  return colorDomain(values, infoOf(name).range);
});

/** The two maps behind a cell: the teacher's first. */
export function mapsOfCell(map: HeatMap, line: number, column: number): LayerRef[] {
  const { row, teacher, teacherLayers, lines } = map;
  const ours = lines[line]?.layer;
  const theirs = teacherLayers[column];
  if (ours === undefined || theirs === undefined) return [];
  return [
    { ...teacher, layer: theirs },
    { run: row.run, model: row.model.name, layer: ours },
  ];
}
