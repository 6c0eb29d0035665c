/**
 * Lines from one sample, on every map, to its true nearest neighbours in that map's own embedding, wherever the map put
 * them: what is near on the map and what is near in truth, at one look.
 */

import { computed, effect, signal } from "@preact/signals";
import type { Neighbours } from "../api/types";
import { type Rgb, rgb } from "../drawing/hex_color";
import { squaredDistance, squaredReach } from "../drawing/nearest";
import type { LineLayer } from "../drawing/renderer";
import { styles } from "./colors";
import { drawnEnds, strideOf } from "./drawn_coordinates";
import { frameOf } from "./frames";
import { type PanelInfo, panels } from "./grid";
import { dark } from "./host_page";
import type { LinesByPanel } from "./map_lines";
import { shown } from "./motion";
import { nearestOf, neighboursOf } from "./neighbours";
import { hovered, inspected, neighbourLines } from "./settings";

/** Whoever only passes over a sample does not ask for its neighbours. */
const REST_MS = 80;
const NEAR_WIDTH = 1.6;
const FAR_WIDTH = 1.1;
/** Of the nearest neighbour's line, and of the last one's. */
const ALPHAS = [0.95, 0.45] as const;

/** The sample that the pointer rests on. */
const rested = signal<number | null>(null);

/** Returns what ends it. */
export function followRestingPointer(): () => void {
  let timer = 0;
  const stop = effect(() => {
    const sample = hovered.value;
    clearTimeout(timer);
    if (sample === null) rested.value = null;
    else if (sample !== rested.peek())
      timer = window.setTimeout(() => {
        rested.value = sample;
      }, REST_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** The sample that has lines: the one that the pointer rests on; without any under it, the inspected one. */
export const linkedSample = computed(() => {
  if (!neighbourLines.value) return null;
  if (hovered.value === null) return inspected.value;
  return rested.value === hovered.value ? rested.value : null;
});

/** Asked for as soon as the pointer comes near a sample, so that they are there when it rests. */
export const linkedPanels = computed<readonly PanelInfo[]>(() =>
  neighbourLines.value && (hovered.value !== null || inspected.value !== null) ? panels.value : [],
);

/** A sample's true neighbours on one map, nearest first, and which of them the map has near it. */
export interface Links {
  readonly neighbours: readonly number[];
  readonly isNear: readonly boolean[];
  /** Whether others are just as near as the last of them. */
  readonly isTied: boolean;
}

export function linksOf(neighbours: Neighbours, sample: number, coordinates: Float32Array): Links | null {
  const found = [...nearestOf(neighbours, sample)];
  if (found.length === 0) return null;
  const stride = strideOf(coordinates, neighbours.tied.length);
  const reach = squaredReach(coordinates, sample, neighbours.k, stride);
  return {
    neighbours: found,
    isNear: found.map((other) => squaredDistance(coordinates, sample, other, stride) <= reach),
    isTied: neighbours.tied[sample] === 1,
  };
}

/** By panel key: of maps that are at rest on, or on their way to, the frame that the neighbours are of. */
export const links = computed<ReadonlyMap<string, Links>>(() => {
  const found = new Map<string, Links>();
  const sample = linkedSample.value;
  if (sample === null) return found;
  for (const panel of panels.value) {
    const neighbours = neighboursOf(panel);
    const frame = shown.value.get(panel.key)?.frame;
    if (neighbours === null || frame === undefined || frame !== frameOf(panel)) continue;
    if (neighbours.tied.length !== frame.kept.length) continue;
    const one = linksOf(neighbours, sample, frame.coordinates);
    if (one !== null) found.set(panel.key, one);
  }
  return found;
});

/** The colours of lines to neighbours that the map has near the sample, and to those that it has elsewhere. */
export const linkColors = computed(() =>
  dark.value ? { near: "#ffffff", far: "#ff9a3d" } : { near: "#16181d", far: "#c2560a" },
);

interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** Lines from a sample to others, between two places of all; the earlier in `ranks`, the stronger. */
export function linkLayer(
  { from, to }: Ends,
  sample: number,
  others: readonly { readonly sample: number; readonly rank: number }[],
  count: number,
  color: Rgb,
  width: number,
): LineLayer {
  const segments = new Float32Array(4 * others.length);
  const ends = new Float32Array(4 * others.length);
  const colors = new Uint8Array(4 * others.length);
  others.forEach((other, i) => {
    for (const [into, place] of [
      [segments, from],
      [ends, to],
    ] as const) {
      into.set(place.subarray(2 * sample, 2 * sample + 2), 4 * i);
      into.set(place.subarray(2 * other.sample, 2 * other.sample + 2), 4 * i + 2);
    }
    const [first, last] = ALPHAS;
    const alpha = first + (last - first) * (count > 1 ? other.rank / (count - 1) : 0);
    colors.set([...color, Math.round(255 * alpha)], 4 * i);
  });
  return { segments, to: ends, colors, width, above: true };
}

/** By panel key: the links whose ends are not hidden. */
const visibleLinks = computed(() => {
  const visible = new Map<string, { readonly sample: number; readonly rank: number; readonly isNear: boolean }[]>();
  const sample = linkedSample.value;
  for (const [key, { neighbours, isNear }] of links.value) {
    const colors = styles.value.get(key)?.colors;
    if (sample === null || colors === undefined || colors[4 * sample + 3] === 0) continue;
    visible.set(
      key,
      neighbours
        .map((other, rank) => ({ sample: other, rank, isNear: isNear[rank] as boolean }))
        .filter((other) => colors[4 * other.sample + 3] !== 0),
    );
  }
  return visible;
});

export const neighbourLineLayers = computed<LinesByPanel>(() => {
  const layers = new Map<string, readonly LineLayer[]>();
  const sample = linkedSample.value;
  for (const [key, others] of visibleLinks.value) {
    const now = shown.value.get(key);
    if (sample === null || now === undefined) continue;
    const ends = drawnEnds(now);
    const count = links.value.get(key)?.neighbours.length ?? 0;
    const layer = (isNear: boolean, color: string, width: number) =>
      linkLayer(
        ends,
        sample,
        others.filter((one) => one.isNear === isNear),
        count,
        rgb(color),
        width,
      );
    const { near, far } = linkColors.value;
    layers.set(key, [layer(false, far, FAR_WIDTH), layer(true, near, NEAR_WIDTH)]);
  }
  return layers;
});

/** By panel key: the neighbours, to be ringed. */
export const markedNeighbours = computed<ReadonlyMap<string, Uint32Array>>(
  () => new Map([...visibleLinks.value].map(([key, others]) => [key, Uint32Array.from(others, (one) => one.sample)])),
);
