/** Trails: the way that each selected sample has come over the last logged steps, in every map; it fades into the past. */

import { computed } from "@preact/signals";
import type { LineLayer } from "../drawing/renderer";
import { styles } from "./colors";
import { dimensionsOf, drawn } from "./drawn_coordinates";
import { frameOf } from "./frames";
import { type PanelInfo, panelBefore, panels } from "./grid";
import type { LinesByPanel } from "./map_lines";
import { shown } from "./motion";
import { probe } from "./server";
import { selection, trails } from "./settings";

/** Logged steps of its model that a trail reaches back over. */
export const TRAIL_STEPS = 8;
/** More than these would be a thicket: of a larger selection, those that moved the furthest have trails. */
export const MOST_TRAILS = 60;
/** Of all frames of trails; far less than what is kept of frames, or they would push each other out. */
const BYTES = 64 * 2 ** 20;
const BYTES_PER_SAMPLE = 16;
const WIDTH = 1;
const OLDEST_ALPHA = 0.1;
const NEWEST_ALPHA = 0.8;

/** Where the samples of a map were, oldest first, and between which places they are now. */
export interface Path {
  readonly past: readonly Float32Array[];
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** Numbers a sample has in each of these; left out: 2. */
  readonly stride?: 2 | 3;
}

/** How many steps back trails of so many maps and samples reach: there is room for all of them. */
export function stepsBack(maps: number, samples: number): number {
  return Math.max(1, Math.min(TRAIL_STEPS, Math.floor(BYTES / (BYTES_PER_SAMPLE * Math.max(1, maps * samples)))));
}

export const reach = computed(() => stepsBack(panels.value.length, probe.value?.size ?? 0));

/** The same layer at its steps before, oldest first. */
function panelsBehind(panel: PanelInfo): PanelInfo[] {
  const behind: PanelInfo[] = [];
  for (let before = panelBefore(panel); before !== null && behind.length < reach.value; before = panelBefore(before))
    behind.unshift(before);
  return behind;
}

/** The maps that trails are made of; none while there is nothing to follow. */
export const trailPanels = computed(() =>
  trails.value && selection.value.size > 0 ? panels.value.flatMap(panelsBehind) : [],
);

/** By panel key. A step that is not there yet ends the way back: a line over it would show what was not. */
const paths = computed<ReadonlyMap<string, Path>>(() => {
  const found = new Map<string, Path>();
  if (trailPanels.value.length === 0) return found;
  for (const panel of panels.value) {
    const now = shown.value.get(panel.key);
    if (now === undefined || now.frame !== frameOf(panel)) continue;
    const past: Float32Array[] = [];
    for (const before of panelsBehind(panel).reverse()) {
      const coordinates = frameOf(before)?.coordinates;
      if (coordinates?.length !== now.to.length) break;
      past.unshift(coordinates);
    }
    if (past.length > 0) found.set(panel.key, { past, from: now.from, to: now.to, stride: dimensionsOf(now.frame) });
  }
  return found;
});

/** How far each of some samples went, over all paths, map units. */
export function wayLengths(samples: readonly number[], all: Iterable<Path>): Float64Array {
  const lengths = new Float64Array(samples.length);
  for (const { past, to, stride = 2 } of all) {
    const places = [...past, to];
    samples.forEach((sample, i) => {
      for (let k = 1; k < places.length; k++) {
        const [a, b] = [places[k - 1] as Float32Array, places[k] as Float32Array];
        lengths[i] = (lengths[i] as number) + Math.sqrt(squaredWay(a, b, sample, stride));
      }
    });
  }
  return lengths;
}

/** How far a sample is apart on two maps, squared. */
function squaredWay(a: Float32Array, b: Float32Array, sample: number, stride: number): number {
  let squares = 0;
  for (let axis = stride * sample; axis < stride * (sample + 1); axis++)
    squares += ((b[axis] as number) - (a[axis] as number)) ** 2;
  return squares;
}

/** All of the samples or, where they are more than `most`, those that went the furthest; ascending. */
export function furthest(samples: readonly number[], all: readonly Path[], most: number): number[] {
  const ascending = [...samples].sort((a, b) => a - b);
  if (ascending.length <= most) return ascending;
  const lengths = wayLengths(ascending, all);
  const order = ascending.map((_, i) => i).sort((a, b) => (lengths[b] as number) - (lengths[a] as number));
  return order
    .slice(0, most)
    .map((i) => ascending[i] as number)
    .sort((a, b) => a - b);
}

/** The samples that have trails. */
export const trailed = computed<readonly number[]>(() => {
  if (!trails.value) return [];
  const size = probe.value?.size ?? 0;
  const samples = [...selection.value].filter((sample) => sample < size);
  return furthest(samples, [...paths.value.values()], MOST_TRAILS);
});

/** The same path where it is drawn, of so many samples. */
function drawnPath({ past, from, to }: Path, samples: number): Path {
  return { past: past.map((place) => drawn(place, samples)), from: drawn(from, samples), to: drawn(to, samples) };
}

/** The trails of some samples in one map, in their colours there; hidden samples (alpha 0) have none. */
export function trailLayer({ past, from, to }: Path, samples: readonly number[], colors: Uint8Array): LineLayer {
  const visible = samples.filter((sample) => colors[4 * sample + 3] !== 0);
  const count = visible.length * past.length;
  const start = new Float32Array(4 * count);
  const end = new Float32Array(4 * count);
  const rgba = new Uint8Array(4 * count);
  let at = 0;
  // The oldest first, so that newer ones lie on top.
  past.forEach((place, k) => {
    const age = past.length === 1 ? 1 : k / (past.length - 1);
    const alpha = Math.round(255 * (OLDEST_ALPHA + age * (NEWEST_ALPHA - OLDEST_ALPHA)));
    const [nextFrom, nextTo] = k === past.length - 1 ? [from, to] : [past[k + 1], past[k + 1]];
    for (const sample of visible) {
      const point = 2 * sample;
      const old = place.subarray(point, point + 2);
      start.set(old, 4 * at);
      start.set((nextFrom as Float32Array).subarray(point, point + 2), 4 * at + 2);
      end.set(old, 4 * at);
      end.set((nextTo as Float32Array).subarray(point, point + 2), 4 * at + 2);
      rgba.set(colors.subarray(4 * sample, 4 * sample + 3), 4 * at);
      rgba[4 * at + 3] = alpha;
      at += 1;
    }
  });
  return { segments: start, to: end, colors: rgba, width: WIDTH, above: false };
}

export const trailLines = computed<LinesByPanel>(() => {
  const lines = new Map<string, readonly LineLayer[]>();
  for (const [key, path] of paths.value) {
    const colors = styles.value.get(key)?.colors;
    if (colors === undefined) continue;
    const seen = drawnPath(path, colors.length / 4);
    if (colors.length * 2 === seen.to.length * 4) lines.set(key, [trailLayer(seen, trailed.value, colors)]);
  }
  return lines;
});
