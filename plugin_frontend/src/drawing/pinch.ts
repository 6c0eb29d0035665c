/** Two fingers on a map: what was under each of them stays there. Pure. */

import { type Point, pan, zoomAbout } from "./camera";
import type { Camera, Rect } from "./renderer";

export type Fingers = readonly [Point, Point];

const middle = ([a, b]: Fingers): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distance = ([a, b]: Fingers) => Math.hypot(a.x - b.x, a.y - b.y);

/** The camera after two fingers have gone from one place to another, CSS pixels of the canvas. Turning is left out. */
export function pinched(rect: Rect, camera: Camera, from: Fingers, to: Fingers): Camera {
  const start = middle(from);
  const end = middle(to);
  // Fingers on one spot have no distance to compare with.
  const factor = distance(from) < 1 || distance(to) < 1 ? 1 : distance(to) / distance(from);
  return zoomAbout(rect, pan(rect, camera, end.x - start.x, end.y - start.y), end, factor);
}
