/**
 * Density contours of samples on a map: the lines within which given shares of them lie (highest density regions, Hyndman,
 * "Computing and graphing highest density regions", The American Statistician 50(2), 1996). Pure.
 */

import type { contourDensity } from "d3-contour";

/** Of the samples: within the inner line, and within the outer. */
export const SHARES = [0.5, 0.9] as const;
/** The density of fewer is not worth a line. */
export const FEWEST = 12;

/** Grid cells a bandwidth. */
const CELLS = 3;
/** Cells of a grid along its longer side: a far sample must not make it endless. */
const MOST_CELLS = 220;
/** Map units: finer shows grains, coarser nothing. */
const BANDWIDTHS = [0.05, 0.25] as const;

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
  const bandwidth = Math.max(bandwidthOf(coordinates, samples), (Math.max(width, height) * CELLS) / MOST_CELLS);
  // d3 counts in pixels of a grid whose cells are one pixel here.
  const unit = CELLS / bandwidth;
  const x = (sample: number) => ((coordinates[2 * sample] as number) - left) * unit;
  const y = (sample: number) => ((coordinates[2 * sample + 1] as number) - top) * unit;
  const size: [number, number] = [Math.ceil(width * unit) + 1, Math.ceil(height * unit) + 1];
  const found = density<number>()
    .x(x)
    .y(y)
    .size(size)
    .cellSize(1)
    .bandwidth(CELLS)
    .thresholds((grid: ArrayLike<number>) => levelsAt(grid, size[0], samples, x, y))(Array.from(samples));
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

/** Scott's rule, a little narrower since groups on maps are seldom one normal cloud, of a spread that outliers do not change. */
function bandwidthOf(coordinates: Float32Array, samples: ArrayLike<number>): number {
  const middle = [0, 1].map((axis) =>
    median(Float64Array.from(samples, (sample) => coordinates[2 * sample + axis] as number)),
  );
  const away = Float64Array.from(samples, (sample) =>
    Math.hypot(
      (coordinates[2 * sample] as number) - (middle[0] as number),
      (coordinates[2 * sample + 1] as number) - (middle[1] as number),
    ),
  );
  // Of a normal cloud, half lie within 1.1774 of its standard deviations.
  const spread = median(away) / 1.1774;
  return Math.min(BANDWIDTHS[1], Math.max(BANDWIDTHS[0], 0.8 * spread * samples.length ** (-1 / 6)));
}

function median(values: Float64Array): number {
  return values.sort()[values.length >> 1] as number;
}

/**
 * The densities above which the shares of all samples lie, ascending. The grid is d3's own: `size` and, at each side,
 * room for three of its blur's radii.
 */
function levelsAt(
  grid: ArrayLike<number>,
  width: number,
  samples: ArrayLike<number>,
  x: (sample: number) => number,
  y: (sample: number) => number,
): number[] {
  const margin = 3 * ((Math.sqrt(4 * CELLS * CELLS + 1) - 1) / 2);
  const columns = Math.floor(width + 2 * margin);
  const cell = (place: number) => Math.floor(place + margin);
  const rising = Float64Array.from(
    samples,
    (sample) => grid[cell(x(sample)) + columns * cell(y(sample))] as number,
  ).sort();
  const levels = SHARES.map((share) => rising[Math.floor((1 - share) * rising.length)] as number);
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
