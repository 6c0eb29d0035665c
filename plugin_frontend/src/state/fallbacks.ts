/** What is chosen and cannot be had from these logs, and what shows in its place; silent while that is not known yet. */

import { computed } from "@preact/signals";
import { choices, infoOf, measure } from "./chart";
import { colorColumn } from "./color_column";
import { ckaState, columnNames, columns, match, shownColumns } from "./layer_matching";
import type { LinkedName } from "./link";
import { currentMethod, currentMode, mapDimensions } from "./maps";
import { areComing } from "./measures_view";
import { modeName } from "./mode_names";
import { columnOf } from "./sample_columns";
import { overview, probe } from "./server";
import {
  chosenColor,
  chosenColumns,
  chosenMeasure,
  chosenMethod,
  chosenMode,
  chosenSimilarity,
  dimensions,
} from "./settings";
import { rows } from "./shown_rows";
import { similarity, similarityChoices } from "./similarity_view";

export interface Fallback {
  readonly name: LinkedName;
  /** What is not here, in words. */
  readonly asked: string;
  /** What shows instead, in words. */
  readonly instead: string;
  /** The setting that asks for what shows. */
  readonly value: unknown;
}

const nothing = "nothing";

function ofMethod(): Fallback | null {
  const [chosen, shown] = [chosenMethod.value, currentMethod.value];
  if (chosen === null || overview.value === null || chosen === shown?.name) return null;
  return { name: "chosenMethod", asked: `the method “${chosen}”`, instead: shown?.label ?? nothing, value: null };
}

function ofMode(): Fallback | null {
  const [chosen, method, shown] = [chosenMode.value, currentMethod.value, currentMode.value];
  if (chosen === null || method === null || chosen === shown?.name) return null;
  const instead = shown === null ? nothing : modeName(shown.name);
  return { name: "chosenMode", asked: `the mode “${modeName(chosen)}” of ${method.label}`, instead, value: null };
}

function ofDimensions(): Fallback | null {
  const method = currentMethod.value;
  if (method === null || mapDimensions.value === dimensions.value) return null;
  const asked = `maps of three dimensions by ${method.label}`;
  return { name: "dimensions", asked, instead: "two", value: mapDimensions.value };
}

function ofColor(): Fallback | null {
  const chosen = chosenColor.value;
  if (chosen === null || probe.value === null || columnOf(chosen) !== null) return null;
  const asked = `the colouring by “${chosen.replace(/^metadata:/, "")}”`;
  return { name: "chosenColor", asked, instead: colorColumn.value.label, value: null };
}

function ofColumns(): Fallback | null {
  const [chosen, { count }] = [chosenColumns.value, columns.value];
  if (chosen === null || count === 0 || (match.value === "cka" && ckaState.value === "reading")) return null;
  const missing = chosen.filter((column) => column >= count).map((column) => column + 1);
  if (missing.length === 0) return null;
  const left = chosen.filter((column) => column < count);
  const shown = shownColumns.value.map((column) => columnNames.value[column]).join(", ");
  const asked = `layer ${missing.length === 1 ? "column" : "columns"} ${missing.join(", ")}`;
  const [instead, value] = left.length === 0 ? [`all ${count}`, null] : [`only ${shown}`, left];
  return { name: "chosenColumns", asked, instead, value };
}

/** A measure, once those of all rows have come. */
function ofMeasure(
  name: LinkedName,
  what: string,
  chosen: string | null,
  known: readonly string[],
  shown: string | null,
): Fallback | null {
  if (chosen === null || rows.value.length === 0 || areComing.value || known.includes(chosen)) return null;
  const instead = shown === null ? nothing : infoOf(shown).label;
  return { name, asked: `the ${what} “${infoOf(chosen).label}”`, instead, value: null };
}

export const fallbacks = computed<readonly Fallback[]>(() =>
  [
    ofMethod(),
    ofMode(),
    ofDimensions(),
    ofColumns(),
    ofColor(),
    ofMeasure("chosenMeasure", "measure", chosenMeasure.value, choices.value, measure.value),
    ofMeasure(
      "chosenSimilarity",
      "similarity measure",
      chosenSimilarity.value,
      similarityChoices.value,
      similarity.value,
    ),
  ].filter((one) => one !== null),
);
