/** How large and how opaque points are drawn, given how many there are and how much room they have. */

/** Share of a panel's square that the points would cover if none overlapped. */
const COVERAGE = 0.35;
/** Smaller ones are greys rather than colours. */
const SMALLEST = 1.6;
const LARGEST = 8;

/**
 * Diameter of a point in CSS pixels for n samples in a panel whose shorter side is `side` CSS pixels. Under a magnifying
 * camera points grow too, but by the cube root, so that zooming in draws a crowd apart.
 */
export function pointSize(n: number, side: number, scale = 1): number {
  const diameter = side * Math.sqrt((4 * COVERAGE) / (Math.PI * Math.max(1, n)));
  return Math.min(LARGEST, Math.max(SMALLEST, diameter)) * Math.max(1, Math.cbrt(scale));
}

/**
 * Opacity, 0–1, of an undimmed point: the more there are, the more lie on top of one another; a little only, because they
 * are smaller too. A magnifying camera draws the crowd apart faster than its points grow, so that fewer overlap.
 */
export function pointAlpha(n: number, scale = 1): number {
  const crowd = Math.max(1, n) / Math.max(1, scale) ** (4 / 3);
  return Math.min(0.9, Math.max(0.35, 0.9 * (1500 / crowd) ** 0.15));
}
