/**
 * Which sample is under the pointer. Every sample is looked at: 0.02 ms for 10,000 of them, less than building an index
 * would cost at every frame of an animation.
 */

import { isWithinClip, type Point, pixelsPerUnit, toMap } from "./camera";
import type { Panel } from "./renderer";

/** How far from a point's middle, in CSS pixels, the pointer still means it. */
export const PICK_RADIUS = 12;

/**
 * The sample nearest to a place on the canvas (CSS pixels) as the panel shows it at `mix`, or null where none lies
 * within `radius` CSS pixels. Hidden samples (alpha 0) are not there, nor are those beyond the panel's clip.
 */
export function pick(panel: Panel, mix: number, at: Point, radius = PICK_RADIUS): number | null {
  const { from, to } = panel;
  const { colors } = panel.style;
  const { x, y } = toMap(panel.rect, panel.camera, at);
  let nearest: number | null = null;
  let best = (radius / pixelsPerUnit(panel.rect, panel.camera)) ** 2;
  for (let i = 0, n = to.length / 2; i < n; i++) {
    if (colors[4 * i + 3] === 0) continue;
    const fromX = from[2 * i] as number;
    const fromY = from[2 * i + 1] as number;
    const dx = fromX + mix * ((to[2 * i] as number) - fromX) - x;
    const dy = fromY + mix * ((to[2 * i + 1] as number) - fromY) - y;
    const distance = dx * dx + dy * dy;
    if (distance <= best && isWithinClip(panel, { x: x + dx, y: y + dy })) {
      best = distance;
      nearest = i;
    }
  }
  return nearest;
}
