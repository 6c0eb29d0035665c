/** The samples' colours in each map: what they mean, and the bytes that the renderer takes. */

import { computed } from "@preact/signals";
import type { Frame, Outputs } from "../api/types";
import { pointAlpha } from "../drawing/density";
import { hex, type Rgb } from "../drawing/hex_color";
import { DIMMED, NORMAL, SELECTED } from "../drawing/marks";
import {
  categorical,
  correctness as correctnessColors,
  sequential,
  sequentialAreas,
  unknown,
} from "../drawing/palette";
import type { PointStyle } from "../drawing/renderer";
import { classesOf, predictedClasses } from "./classes";
import { panels, rowsInUse } from "./grid";
import { dark } from "./host_page";
import { shown } from "./motion";
import { outputsOf } from "./outputs";
import { emphasised } from "./selection";
import { probe } from "./server";
import { type ColorBy, chosenColor, hiddenCorrectness, hiddenLabels, hiddenPredictions, isolated } from "./settings";

const SCALE_STEPS = 256;

export const theme = computed(() => (dark.value ? "dark" : "light"));

export const classes = computed(() => {
  if (probe.value === null) return [];
  const found = classesOf(probe.value);
  return found.length > 0 ? found : predictedClasses(rowsInUse.value.flatMap((row) => outputsOf(row) ?? []));
});

/** What there is to colour by. Without labels nothing can be right or wrong. */
export const colorChoices = computed<readonly ColorBy[]>(() =>
  probe.value?.labels
    ? ["label", "prediction", "correctness", "confidence", "changed", "kept"]
    : ["prediction", "confidence", "changed", "kept"],
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

export const scale = computed(() => sequential(theme.value, SCALE_STEPS));
/** The colours of heat maps, least alike to most alike. */
export const areaScale = computed(() => sequentialAreas(theme.value, SCALE_STEPS));
export const verdictColors = computed(() => correctnessColors(theme.value));
const unknownColor = computed(() => unknown(theme.value));

export const cssColor = (color: Rgb | undefined) => hex(color ?? unknownColor.value);

/** 1 where the sample's label is predicted, 0 where not; null while unknown. */
export function correctness(outputs: Outputs | null, labels: readonly number[] | null, sample: number): number | null {
  const predicted = outputs?.prediction?.[sample];
  const label = labels?.[sample];
  return predicted === undefined || label === undefined ? null : Number(predicted === label);
}

/** The colour of a value between 0 and 1. */
export function shareColor(share: number | null | undefined): Rgb | undefined {
  return share === null || share === undefined ? undefined : scale.value[Math.round(share * (SCALE_STEPS - 1))];
}

interface Look {
  /** Undefined: nothing is known of the sample. */
  readonly color: Rgb | undefined;
  /** Whether the legend hides it. */
  readonly hidden: boolean;
}

/** One sample's look, by what its model puts out and, for colourings that are of a single map, by the map on screen. */
function look(outputs: Outputs | null, frame: Frame | null, sample: number): Look {
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
    case "confidence":
      return { color: shareColor(outputs?.confidence?.[sample]), hidden: unlisted };
    case "changed":
      return { color: shareColor(frame?.changed?.[sample]), hidden: unlisted };
    case "kept":
      return { color: shareColor(frame?.kept[sample]), hidden: unlisted };
  }
}

function colorsOf(outputs: Outputs | null, frame: Frame | null, size: number): Uint8Array {
  const colors = new Uint8Array(4 * size);
  const alpha = Math.round(255 * pointAlpha(size));
  const alone = isolated.value;
  for (let i = 0; i < size; i++) {
    const { color, hidden } = look(outputs, frame, i);
    colors.set(color ?? unknownColor.value, 4 * i);
    colors[4 * i + 3] = hidden || alone?.has(i) === false ? 0 : alpha;
  }
  return colors;
}

const emphasis = computed(() => {
  const chosen = emphasised.value;
  const marks = new Uint8Array(probe.value?.size ?? 0).fill(chosen.size === 0 ? NORMAL : DIMMED);
  for (const sample of chosen) marks[sample] = SELECTED;
  return marks;
});

/** Whether each map has colours of its own, rather than those of its model. */
const ofSingleMaps = computed(() => colorBy.value === "changed" || colorBy.value === "kept");

/** The colours of each row, by its key; one array for all of them where they do not depend on the model. */
const rowColors = computed<ReadonlyMap<string, Uint8Array>>(() => {
  const size = probe.value?.size ?? 0;
  if (ofSingleMaps.value) return new Map();
  if (colorBy.value === "label") {
    const shared = colorsOf(null, null, size);
    return new Map(rowsInUse.value.map((row) => [row.key, shared]));
  }
  return new Map(rowsInUse.value.map((row) => [row.key, colorsOf(outputsOf(row), null, size)]));
});

/** The colours of each map, kept with it until anything but the maps is another. */
const mapColors = computed(() => {
  const size = probe.value?.size ?? 0;
  const known = new WeakMap<Frame, Uint8Array>();
  // Read here, so that a change of any of them makes this anew.
  [colorBy.value, scale.value, unknownColor.value, hiddenLabels.value, isolated.value];
  return (frame: Frame): Uint8Array => {
    const colors = known.get(frame) ?? colorsOf(null, frame, size);
    known.set(frame, colors);
    return colors;
  };
});

/** By panel key: the panels that have a map, in the colours of the map that they show just now. */
export const styles = computed<ReadonlyMap<string, PointStyle>>(() => {
  const found = new Map<string, PointStyle>();
  for (const panel of panels.value) {
    const frame = shown.value.get(panel.key)?.frame;
    if (frame === undefined) continue;
    const colors = ofSingleMaps.value ? mapColors.value(frame) : rowColors.value.get(panel.row.key);
    if (colors !== undefined) found.set(panel.key, { colors, emphasis: emphasis.value });
  }
  return found;
});

/** Whether a map on screen is of a first step: nothing has changed since a step before, because there is none. */
export const someHaveNoChange = computed(() => [...shown.value.values()].some(({ frame }) => frame.changed === null));
