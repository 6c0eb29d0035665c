/** Which samples a drawn loop encloses. */

import { isWithinClip, type Point } from "./camera";
import type { Panel } from "./renderer";

/**
 * Indices, ascending, of the samples inside a polygon of map coordinates as the panel shows them at `mix`. The polygon
 * closes itself; where it crosses itself the even-odd rule holds. Hidden samples (alpha 0) and those beyond the panel's
 * clip are not there. Fewer than three vertices enclose nothing.
 */
export function lasso(panel: Panel, mix: number, polygon: readonly Point[]): number[] {
  if (polygon.length < 3) return [];
  const { from, to } = panel;
  const { colors } = panel.style;
  const left = Math.min(...polygon.map((p) => p.x));
  const right = Math.max(...polygon.map((p) => p.x));
  const bottom = Math.min(...polygon.map((p) => p.y));
  const top = Math.max(...polygon.map((p) => p.y));
  const inside: number[] = [];
  for (let i = 0, n = to.length / 2; i < n; i++) {
    if (colors[4 * i + 3] === 0) continue;
    const fromX = from[2 * i] as number;
    const fromY = from[2 * i + 1] as number;
    const x = fromX + mix * ((to[2 * i] as number) - fromX);
    const y = fromY + mix * ((to[2 * i + 1] as number) - fromY);
    // The box spares most samples the walk round the polygon.
    if (x < left || x > right || y < bottom || y > top) continue;
    if (encloses(polygon, x, y) && isWithinClip(panel, { x, y })) inside.push(i);
  }
  return inside;
}

/** Even-odd rule: a ray to the right crosses the outline an odd number of times. */
function encloses(polygon: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let previous = polygon[polygon.length - 1] as Point;
  for (const vertex of polygon) {
    if (vertex.y > y !== previous.y > y) {
      const crossing = vertex.x + ((y - vertex.y) / (previous.y - vertex.y)) * (previous.x - vertex.x);
      if (x < crossing) inside = !inside;
    }
    previous = vertex;
  }
  return inside;
}
