/** Who is near whom on a map. */

/**
 * The distance, squared, from sample i to its k-th nearest other on a map x0, y0, x1, y1, …: whoever is no farther is one
 * of its k nearest there. stride: numbers that a sample has, 3 on a map of three dimensions.
 */
export function squaredReach(coordinates: Float32Array, i: number, k: number, stride: 2 | 3 = 2): number {
  const count = coordinates.length / stride;
  // Ascending; k is small, so that putting each in its place costs less than sorting all.
  const nearest: number[] = [];
  for (let j = 0; j < count; j++) {
    if (j === i) continue;
    const d = squaredDistance(coordinates, i, j, stride);
    if (nearest.length === k && d >= (nearest[k - 1] as number)) continue;
    let place = nearest.length === k ? k - 1 : nearest.length;
    for (; place > 0 && (nearest[place - 1] as number) > d; place--) nearest[place] = nearest[place - 1] as number;
    nearest[place] = d;
  }
  return nearest.at(-1) ?? 0;
}

export function squaredDistance(coordinates: Float32Array, i: number, j: number, stride: 2 | 3 = 2): number {
  let squares = 0;
  for (let axis = 0; axis < stride; axis++)
    squares += ((coordinates[stride * j + axis] as number) - (coordinates[stride * i + axis] as number)) ** 2;
  return squares;
}
