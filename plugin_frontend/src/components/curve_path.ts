/** A line through known values, as an SVG path. */

import { line } from "d3-shape";

/** `until`: the last value holds up to there (a model embedded once stands for all steps, as a level line). */
export function curvePath(
  xs: readonly number[],
  values: readonly (number | null)[],
  toX: (x: number) => number,
  toY: (value: number) => number,
  until: number | null = null,
): string {
  const points = xs.flatMap((x, i): [number, number][] => {
    const value = values[i];
    return value === null || value === undefined ? [] : [[toX(x), toY(value)]];
  });
  const last = points.at(-1);
  if (until !== null && last !== undefined) points.push([toX(until), last[1]]);
  return line()(points) ?? "";
}
