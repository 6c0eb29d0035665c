/**
 * Where samples are drawn: the one way from a map's coordinates to the plane of the screen, for points, ghosts, trails and lines
 * alike. Of a map of two dimensions they are its own; one of three is turned as all maps are, and seen in perspective.
 */

import type { Frame } from "../api/types";
import type { Panel } from "../drawing/renderer";
import { nearness, type Rotation, seen } from "./rotation";
import { rotation } from "./settings";

/** Numbers a sample has in coordinates of so many samples. */
export const strideOf = (coordinates: Float32Array, samples: number): 2 | 3 =>
  samples > 0 && coordinates.length === 3 * samples ? 3 : 2;

export const dimensionsOf = ({ coordinates, kept }: Frame) => strideOf(coordinates, kept.length);

interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** Of each array, how it was seen last. */
const last = new WeakMap<Float32Array, { readonly rotation: Rotation; readonly places: Float32Array }>();

/** x0, y0, x1, y1, … of coordinates of so many samples. The same array while nobody turns the maps. */
export function drawn(coordinates: Float32Array, samples: number): Float32Array {
  if (strideOf(coordinates, samples) === 2) return coordinates;
  const now = rotation.value;
  const known = last.get(coordinates);
  if (known?.rotation === now) return known.places;
  const places = seen(coordinates, now);
  last.set(coordinates, { rotation: now, places });
  return places;
}

/** Between which places the samples of a map are drawn. */
export function drawnEnds({ frame, from, to }: Ends & { readonly frame: Frame }): Ends {
  const samples = frame.kept.length;
  return { from: drawn(from, samples), to: drawn(to, samples) };
}

/** Of each array, how near its samples were last. */
const lastNear = new WeakMap<Float32Array, { readonly rotation: Rotation; readonly near: Float32Array }>();

/** How near to the viewer samples are, 0 to 1; null of a map that has no depth. The same array while nobody turns the maps. */
export function nearnessOf(coordinates: Float32Array, samples: number): Float32Array | null {
  if (strideOf(coordinates, samples) === 2) return null;
  const now = rotation.value;
  const known = lastNear.get(coordinates);
  if (known?.rotation === now) return known.near;
  const near = nearness(coordinates, now);
  lastNear.set(coordinates, { rotation: now, near });
  return near;
}

/** Of both ends of a map's way, as the renderer takes it; nothing of a map that has no depth. */
export function depthOf({ frame, from, to }: Ends & { readonly frame: Frame }): Pick<Panel, "nearness"> {
  const [first, last] = [from, to].map((ends) => nearnessOf(ends, frame.kept.length));
  return first && last ? { nearness: { from: first, to: last } } : {};
}
