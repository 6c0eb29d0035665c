/** The samples' colours in each row: what they mean, and the bytes that the renderer takes. */

import { computed } from "@preact/signals";
import type { Outputs } from "../api/types";
import { pointAlpha } from "../drawing/density";
import { hex, type Rgb } from "../drawing/hex_color";
import { DIMMED, NORMAL, SELECTED } from "../drawing/marks";
import { categorical, correctness as correctnessColors, sequential, unknown } from "../drawing/palette";
import type { PointStyle } from "../drawing/renderer";
import { classesOf, predictedClasses } from "./classes";
import { rows } from "./grid";
import { dark } from "./host_page";
import { outputsOf } from "./outputs";
import { probe } from "./server";
import { type ColorBy, chosenColor, hiddenCorrectness, hiddenLabels, hiddenPredictions, selection } from "./settings";

const SCALE_STEPS = 256;

export const theme = computed(() => (dark.value ? "dark" : "light"));

export const classes = computed(() => {
  if (probe.value === null) return [];
  const found = classesOf(probe.value);
  return found.length > 0 ? found : predictedClasses(rows.value.flatMap((row) => outputsOf(row) ?? []));
});

/** What there is to colour by. Without labels nothing can be right or wrong. */
export const colorChoices = computed<readonly ColorBy[]>(() =>
  probe.value?.labels ? ["label", "prediction", "correctness", "confidence"] : ["prediction", "confidence"],
);

export const colorBy = computed<ColorBy>(() => {
  const chosen = chosenColor.value;
  return chosen !== null && colorChoices.value.includes(chosen) ? chosen : (colorChoices.value[0] as ColorBy);
});

/** The colour of each class, by its number. */
export const classColors = computed(() => {
  const found = classes.value;
  const palette = categorical(found.length, theme.value);
  return new Map(found.map(({ label }, i) => [label, palette[i] as Rgb]));
});

export const confidenceScale = computed(() => sequential(theme.value, SCALE_STEPS));
export const verdictColors = computed(() => correctnessColors(theme.value));
const unknownColor = computed(() => unknown(theme.value));

export const cssColor = (color: Rgb | undefined) => hex(color ?? unknownColor.value);

/** 1 where the sample's label is predicted, 0 where not; null while unknown. */
export function correctness(outputs: Outputs | null, labels: readonly number[] | null, sample: number): number | null {
  const predicted = outputs?.prediction?.[sample];
  const label = labels?.[sample];
  return predicted === undefined || label === undefined ? null : Number(predicted === label);
}

/** One sample's colour (undefined: nothing is known of it), and whether the legend hides it. */
function look(outputs: Outputs | null, sample: number): { color: Rgb | undefined; hidden: boolean } {
  const labels = probe.value?.labels ?? null;
  const label = labels?.[sample];
  const unlisted = label !== undefined && hiddenLabels.value.has(label);
  switch (colorBy.value) {
    case "label":
      return { color: label === undefined ? undefined : classColors.value.get(label), hidden: unlisted };
    case "prediction": {
      const predicted = outputs?.prediction?.[sample];
      if (predicted === undefined) return { color: undefined, hidden: unlisted };
      return { color: classColors.value.get(predicted), hidden: unlisted || hiddenPredictions.value.has(predicted) };
    }
    case "correctness": {
      const right = correctness(outputs, labels, sample);
      if (right === null) return { color: undefined, hidden: unlisted };
      const colors = verdictColors.value;
      return { color: right ? colors.right : colors.wrong, hidden: unlisted || hiddenCorrectness.value.has(right) };
    }
    case "confidence": {
      const confidence = outputs?.confidence?.[sample];
      const place = confidence === undefined ? undefined : Math.round(confidence * (SCALE_STEPS - 1));
      return { color: place === undefined ? undefined : confidenceScale.value[place], hidden: unlisted };
    }
  }
}

function colorsOf(outputs: Outputs | null, size: number): Uint8Array {
  const colors = new Uint8Array(4 * size);
  const alpha = Math.round(255 * pointAlpha(size));
  for (let i = 0; i < size; i++) {
    const { color, hidden } = look(outputs, i);
    colors.set(color ?? unknownColor.value, 4 * i);
    colors[4 * i + 3] = hidden ? 0 : alpha;
  }
  return colors;
}

const emphasis = computed(() => {
  const chosen = selection.value;
  const marks = new Uint8Array(probe.value?.size ?? 0).fill(chosen.size === 0 ? NORMAL : DIMMED);
  for (const sample of chosen) marks[sample] = SELECTED;
  return marks;
});

/** The colours of each row; one array for all of them where they do not depend on the model. */
const colors = computed<ReadonlyMap<string, Uint8Array>>(() => {
  const size = probe.value?.size ?? 0;
  if (colorBy.value === "label") {
    const shared = colorsOf(null, size);
    return new Map(rows.value.map((row) => [row.key, shared]));
  }
  return new Map(rows.value.map((row) => [row.key, colorsOf(outputsOf(row), size)]));
});

/** By row key. */
export const styles = computed<ReadonlyMap<string, PointStyle>>(
  () => new Map([...colors.value].map(([key, bytes]) => [key, { colors: bytes, emphasis: emphasis.value }])),
);
