/**
 * Density contours of samples on a map: the lines within which given shares of them lie (highest density regions, Hyndman,
 * "Computing and graphing highest density regions", The American Statistician 50(2), 1996). Pure.
 */

import type { contourDensity } from "d3-contour";

/** The samples of the inner line's region, and of the outer's. */
export const SHARES = [0.5, 0.9] as const;
/** The density of fewer is not worth a line. */
export const FEWEST = 12;

/** Map units: coarser where there are few samples, as Scott's rule has it, and never finer than a cluster's grain. */
function bandwidthOf(samples: number): number {
  return Math.min(0.3, Math.max(0.06, 0.45 * samples ** (-1 / 6)));
}

/** Grid cells a bandwidth. */
const CELLS = 3;
/** Cells of a grid along its longer side: a far sample must not make it endless. */
const MOST_CELLS = 220;

/**
 * The line segments (x0, y0, x1, y1, …, map units) round the given samples of a map, N x 2; none where they are too few.
 * `density` is d3-contour's, which is not loaded before it is needed.
 */
export function contourSegments(
  density: typeof contourDensity,
  coordinates: Float32Array,
  samples: ArrayLike<number>,
): Float32Array {
  if (samples.length < FEWEST) return new Float32Array(0);
  const { left, top, width, height } = boundsOf(coordinates, samples);
  const bandwidth = Math.max(bandwidthOf(samples.length), (Math.max(width, height) * CELLS) / MOST_CELLS);
  // d3 counts in pixels of a grid whose cells are one pixel here.
  const unit = CELLS / bandwidth;
  const found = density<number>()
    .x((sample) => ((coordinates[2 * sample] as number) - left) * unit)
    .y((sample) => ((coordinates[2 * sample + 1] as number) - top) * unit)
    .size([Math.ceil(width * unit) + 1, Math.ceil(height * unit) + 1])
    .cellSize(1)
    .bandwidth(CELLS)
    .thresholds((grid: ArrayLike<number>) => levelsOf(grid))(Array.from(samples));
  const segments: number[] = [];
  for (const { coordinates: polygons } of found) {
    for (const ring of polygons.flat()) {
      for (let i = 1; i < ring.length; i++) {
        const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [ring[i - 1], ring[i]];
        segments.push(x0 / unit + left, y0 / unit + top, x1 / unit + left, y1 / unit + top);
      }
    }
  }
  return Float32Array.from(segments);
}

/** The densities above which the shares of all lie, ascending. */
function levelsOf(grid: ArrayLike<number>): number[] {
  const falling = Float64Array.from(grid)
    .filter((value) => value > 0)
    .sort()
    .reverse();
  const all = falling.reduce((sum, value) => sum + value, 0);
  const levels = SHARES.map((share) => {
    let within = 0;
    const at = falling.findIndex((value) => {
      within += value;
      return within >= share * all;
    });
    return falling[at] as number;
  });
  return levels.sort((a, b) => a - b);
}

function boundsOf(coordinates: Float32Array, samples: ArrayLike<number>) {
  let [left, right, top, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i < samples.length; i++) {
    const [x, y] = [
      coordinates[2 * (samples[i] as number)] as number,
      coordinates[2 * (samples[i] as number) + 1] as number,
    ];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left, height: bottom - top };
}
