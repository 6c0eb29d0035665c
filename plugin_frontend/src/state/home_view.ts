/**
 * How far one has to stand back to see the maps whole. It is found once for each method, mode and reference and only ever grows, in coarse
 * stages, so that going from step to step the maps stay comparable in size and nothing jumps.
 */

import { computed, effect, signal } from "@preact/signals";
import { type Camera, HALF_EXTENT } from "../drawing/renderer";
import { dimensionsOf } from "./drawn_coordinates";
import { frameOf } from "./frames";
import { panels } from "./grid";
import { mapDimensions, mapsKey } from "./maps";
import { HOME_ROTATION, seenRadius } from "./rotation";
import { camera, rotation } from "./settings";

/** A few far outliers may lie beyond the edge: fitting them would make all else small. They are there on zooming out. */
const SHARE_INSIDE = 0.995;
const STAGE = 0.2;

/** By `mapsKey`: half the side of the square of map units that a panel shows at home. */
const extents = signal<ReadonlyMap<string, number>>(new Map());
const known = new WeakMap<Float32Array, number>();

/**
 * Half the side of the square round the origin that holds nearly all samples, rounded up; of a map of three dimensions,
 * however it is turned.
 */
export function extentOf(coordinates: Float32Array, stride: 2 | 3 = 2): number {
  let extent = known.get(coordinates);
  if (extent === undefined) {
    const at = (i: number) => Math.abs(coordinates[i] as number);
    const reach = Float32Array.from({ length: coordinates.length / stride }, (_, i) =>
      stride === 2
        ? Math.max(at(2 * i), at(2 * i + 1))
        : seenRadius(Math.sqrt(at(3 * i) ** 2 + at(3 * i + 1) ** 2 + at(3 * i + 2) ** 2)),
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

/** Whether the maps are just as they are when nobody has moved or turned them. */
export const isHome = computed(
  () => camera.value === null && (mapDimensions.value === 2 || rotation.value === HOME_ROTATION),
);

export function goHome(): void {
  camera.value = null;
  rotation.value = HOME_ROTATION;
}

/** Returns what ends it. */
export function keepMapsInView(): () => void {
  return effect(() => {
    const maps = mapsKey.value;
    const frames = panels.value.flatMap((panel) => frameOf(panel) ?? []);
    if (frames.length === 0) return;
    const before = extents.peek().get(maps) ?? 0;
    const extent = Math.max(before, ...frames.map((frame) => extentOf(frame.coordinates, dimensionsOf(frame))));
    if (extent > before) extents.value = new Map(extents.peek()).set(maps, extent);
  });
}
