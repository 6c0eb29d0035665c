/** The legend as plain data, for pictures. */

import type { PictureLegend } from "../drawing/svg_picture";
import { colorColumn } from "./color_column";
import { numberScale } from "./color_ends";
import { cssColor, scale, unknownText, valueColors } from "./colors";
import { ghost, ghosts } from "./ghost";
import { hiddenIn } from "./hidden_values";
import { mapDimensions } from "./maps";
import { neighbourLineLayers } from "./neighbour_lines";
import { stepText } from "./number_format";
import { columnText, isShare } from "./sample_columns";
import { contours, fadeByQuality, isolated, selection } from "./settings";
import { comparisons } from "./teachers";
import { trailed } from "./trails";

const STOPS = 12;

export function pictureLegend(): PictureLegend {
  const column = colorColumn.value;
  const isNumber = column.kind === "number";
  const hidden = hiddenIn(column.key);
  const entries = column
    .categories()
    .filter(({ value }) => !hidden.has(value))
    .map(({ value, name }) => ({ name, color: cssColor(valueColors.value.get(value)) }));
  const unknown = { name: unknownText.value, color: cssColor(undefined) };
  return {
    title: column.label,
    entries: [...entries, ...(unknownText.value !== "" ? [unknown] : [])],
    ramp: isNumber ? ramp() : null,
    notes: notes(),
  };
}

function ramp(): PictureLegend["ramp"] {
  const column = colorColumn.value;
  const { low, high, isPassed } = numberScale.value;
  const all = scale.value;
  const colors = Array.from({ length: STOPS }, (_, i) =>
    cssColor(all[Math.round((i / (STOPS - 1)) * (all.length - 1))]),
  );
  const numbers = [
    `${isPassed[0] ? "≤ " : ""}${columnText(column, low)}`,
    `${isPassed[1] ? "≥ " : ""}${columnText(column, high)}`,
  ] as const;
  return { colors, labels: column.ends === null ? [numbers] : [numbers, column.ends] };
}

/** What the marks beside the colours mean, as far as there are any. */
function notes(): string[] {
  const column = colorColumn.value;
  return [
    ...(column.kind === "number" && (isShare(column) || column.ends === null) ? [column.text] : []),
    ...(column.isOfTeacher ? comparisons().map((text) => `${text}.`) : []),
    ...(fadeByQuality.value ? ["Pale: its true neighbours are not near it on the map."] : []),
    ...(mapDimensions.value === 3 ? ["3-D: what is farther away is smaller and paler."] : []),
    ...(ghosts.value.size > 0 ? [`Pale, underneath: step ${stepText(ghost.value ?? 0)}.`] : []),
    ...(trailed.value.length > 0 ? [`Trails: the way of ${trailed.value.length} selected samples up to now.`] : []),
    ...(neighbourLineLayers.value.size > 0 ? ["Straight lines: from a sample to its true neighbours."] : []),
    ...(contours.value ? ["Contours hold half and nine tenths of the samples of their colour."] : []),
    ...(selection.value.size > 0 ? [`Outlined: ${selection.value.size} selected samples.`] : []),
    ...(isolated.value === null ? [] : [`Only ${isolated.value.size} samples are shown.`]),
    ...(hiddenIn("label").size > 0 ? [`${hiddenIn("label").size} labels are hidden.`] : []),
  ];
}
