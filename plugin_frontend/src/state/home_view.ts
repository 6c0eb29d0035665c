/**
 * How far one has to stand back to see the maps whole. It is found once for each method, mode and reference and only ever grows, in coarse
 * stages, so that going from step to step the maps stay comparable in size and nothing jumps.
 */

import { computed, effect, signal } from "@preact/signals";
import { type Camera, HALF_EXTENT } from "../drawing/renderer";
import { frameOf } from "./frames";
import { panels } from "./grid";
import { mapsKey } from "./maps";
import { camera } from "./settings";

/** A few far outliers may lie beyond the edge: fitting them would make all else small. They are there on zooming out. */
const SHARE_INSIDE = 0.995;
const STAGE = 0.2;

/** By `mapsKey`: half the side of the square of map units that a panel shows at home. */
const extents = signal<ReadonlyMap<string, number>>(new Map());
const known = new WeakMap<Float32Array, number>();

/** Half the side of the square round the origin that holds nearly all samples, rounded up. */
export function extentOf(coordinates: Float32Array): number {
  let extent = known.get(coordinates);
  if (extent === undefined) {
    const reach = Float32Array.from({ length: coordinates.length / 2 }, (_, i) =>
      Math.max(Math.abs(coordinates[2 * i] as number), Math.abs(coordinates[2 * i + 1] as number)),
    ).sort();
    const far = reach[Math.ceil(SHARE_INSIDE * reach.length) - 1] ?? 1;
    extent = STAGE * Math.ceil((far * 1.04) / STAGE);
    known.set(coordinates, extent);
  }
  return extent;
}

export const home = computed<Camera>(() => {
  const extent = extents.value.get(mapsKey.value) ?? HALF_EXTENT;
  return { x: 0, y: 0, scale: HALF_EXTENT / extent };
});

/** Where all panels look: home, until the user moves. */
export const view = computed<Camera>(() => camera.value ?? home.value);

/** How much larger than at home. */
export const magnification = computed(() => view.value.scale / home.value.scale);

/** Returns what ends it. */
export function keepMapsInView(): () => void {
  return effect(() => {
    const maps = mapsKey.value;
    const frames = panels.value.flatMap((panel) => frameOf(panel) ?? []);
    if (frames.length === 0) return;
    const before = extents.peek().get(maps) ?? 0;
    const extent = Math.max(before, ...frames.map((frame) => extentOf(frame.coordinates)));
    if (extent > before) extents.value = new Map(extents.peek()).set(maps, extent);
  });
}
