/** The samples' colours in each map: what they mean, and the bytes that the renderer takes. */

import { computed } from "@preact/signals";
import type { Frame } from "../api/types";
import { pointAlpha } from "../drawing/density";
import { hex, type Rgb } from "../drawing/hex_color";
import { DIMMED, NORMAL, SELECTED } from "../drawing/marks";
import {
  categorical,
  correctness as correctnessColors,
  diverging,
  sequential,
  sequentialAreas,
  unknown,
} from "../drawing/palette";
import type { PointStyle } from "../drawing/renderer";
import { byIdentity, byIdentityOfTwo } from "./by_identity";
import { classes } from "./class_list";
import { colorColumn, valuesShown } from "./color_column";
import { numberScale } from "./color_ends";
import { colorOn } from "./color_scales";
import type { SampleValue } from "./column";
import { panels } from "./grid";
import { magnification } from "./home_view";
import { dark } from "./host_page";
import { shown } from "./motion";
import { emphasised } from "./selection";
import { probe } from "./server";
import { fadeByQuality, pointedValue } from "./settings";
import { hiddenByColor, isHiddenIn, visible } from "./visible_samples";

const SCALE_STEPS = 256;
/** What a faded sample keeps of its alpha if none of its true neighbours are near it. */
const LEAST_FADED = 0.12;

export const theme = computed(() => (dark.value ? "dark" : "light"));

/** The colour of each class, by its number. */
export const classColors = computed(() => {
  const found = classes.value;
  const palette = categorical(found.length, theme.value);
  return new Map(found.map(({ label }, i) => [label, palette[i] as Rgb]));
});

/** The colours of amounts, from the scale's low end to its high one. */
export const scale = computed(() => (numberScale.value.diverging ? diverging : sequential)(theme.value, SCALE_STEPS));
/** The colours of heat maps, least alike to most alike. */
export const areaScale = computed(() => sequentialAreas(theme.value, SCALE_STEPS));
const unknownColor = computed(() => unknown(theme.value));

export const cssColor = (color: Rgb | undefined) => hex(color ?? unknownColor.value);

/** The colour of each value of a column of names: that of its place among all, so that hiding some changes none. */
export const valueColors = computed<ReadonlyMap<SampleValue, Rgb>>(() => {
  const { categories, isVerdict } = colorColumn.value;
  if (isVerdict) {
    const { right, wrong } = correctnessColors(theme.value);
    return new Map<SampleValue, Rgb>([
      [1, right],
      [0, wrong],
    ]);
  }
  const found = categories();
  const palette = categorical(found.length, theme.value);
  return new Map(found.map(({ value }, i) => [value, palette[i] as Rgb]));
});

const colorOf = computed<(value: SampleValue | undefined) => Rgb | undefined>(() => {
  if (colorColumn.value.kind === "number") {
    const [ends, colors] = [numberScale.value, scale.value];
    return (value) => colorOn(ends, colors, value);
  }
  const colors = valueColors.value;
  return (value) => (value === undefined ? undefined : colors.get(value));
});

const NOTHING_KNOWN: ArrayLike<SampleValue> = [];
const NOT_FADED = new Float32Array(0);

/** In coarse stages: while the camera moves, not every frame may make all colours anew. */
const baseAlpha = computed(() =>
  pointAlpha(visible.value.length, 2 ** Math.round(Math.log2(Math.max(1, magnification.value)))),
);

/** Makes the colours of values, each array of them once until anything but the maps is another. */
const painter = computed(() => {
  const [color, shows, blank] = [colorOf.value, visible.value, unknownColor.value];
  const hidden = hiddenByColor.value;
  const alpha = 255 * baseAlpha.value;
  return byIdentityOfTwo((values: ArrayLike<SampleValue>, kept: Float32Array) => {
    const colors = new Uint8Array(4 * shows.length);
    for (let i = 0; i < shows.length; i++) {
      const value = values[i];
      colors.set(color(value) ?? blank, 4 * i);
      const isHidden = shows[i] === 0 || isHiddenIn(hidden, value);
      colors[4 * i + 3] = isHidden ? 0 : Math.round(alpha * fade(kept[i]));
    }
    return colors;
  });
});

const fade = (kept: number | undefined) => (kept === undefined ? 1 : LEAST_FADED + (1 - LEAST_FADED) * kept);

/** The emphasis of each array of values: of the selection; while the legend points at a value, of those that have it. */
const emphasizer = computed(() => {
  const [chosen, pointed] = [emphasised.value, pointedValue.value];
  const size = probe.value?.size ?? 0;
  if (pointed !== undefined)
    return byIdentity((values: ArrayLike<SampleValue>) =>
      Uint8Array.from({ length: size }, (_, i) => ((values[i] ?? null) === pointed ? SELECTED : DIMMED)),
    );
  const plain = new Uint8Array(size).fill(chosen.size === 0 ? NORMAL : DIMMED);
  for (const sample of chosen) plain[sample] = SELECTED;
  return () => plain;
});

/** A map's colours and emphasis, of what is known of its samples. */
export function styleOf(values: ArrayLike<SampleValue> | null, frame: Frame): PointStyle {
  const known = values ?? NOTHING_KNOWN;
  const colors = painter.value(known, fadeByQuality.value ? frame.kept : NOT_FADED);
  return { colors, emphasis: emphasizer.value(known) };
}

/** By panel key: the panels that have a map, in the colours of the map that they show just now. */
export const styles = computed<ReadonlyMap<string, PointStyle>>(() => {
  const found = new Map<string, PointStyle>();
  for (const panel of panels.value) {
    const frame = shown.value.get(panel.key)?.frame;
    if (frame !== undefined) found.set(panel.key, styleOf(valuesShown(panel, frame), frame));
  }
  return found;
});

/** One of each kind of value that has no colour. */
const gapsOf = byIdentity((values: ArrayLike<SampleValue>): readonly (SampleValue | undefined)[] => {
  const gaps = new Set<SampleValue | undefined>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || (typeof value === "number" && !Number.isFinite(value))) gaps.add(value);
  }
  return [...gaps];
});

/** Why samples on screen have no value in the column that colours them; empty where all have one. */
export const unknownReasons = computed<readonly string[]>(() => {
  const column = colorColumn.value;
  const reasons = panels.value.flatMap((panel) => {
    const frame = shown.value.get(panel.key)?.frame;
    if (frame === undefined) return [];
    const values = valuesShown(panel, frame);
    const gaps = values === null || values.length === 0 ? [undefined] : gapsOf(values);
    return gaps.map((gap) => column.unknown({ row: panel.row, panel }, gap) ?? "Not known");
  });
  return [...new Set(reasons)];
});

/** All of them in one line. */
export const unknownText = computed(() =>
  unknownReasons.value.map((text, i) => (i === 0 ? text : text.charAt(0).toLowerCase() + text.slice(1))).join("; "),
);
