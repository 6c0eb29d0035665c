/** Labels beside a chart, each as near its value as may be, none over another. A pure function. */

/**
 * Places for labels that would like to be at `wanted` (pixels), at least `gap` apart, within `top`–`bottom`; in the order
 * of `wanted`. Null where they do not all fit.
 */
export function labelPlaces(wanted: readonly number[], gap: number, top: number, bottom: number): number[] | null {
  if ((wanted.length - 1) * gap > bottom - top) return null;
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const places: number[] = [];
  // Down as far as the one above asks, then back up as far as the bottom asks.
  order.forEach((index, n) => {
    const least = n === 0 ? top : (places[n - 1] as number) + gap;
    places.push(Math.max(least, wanted[index] as number));
  });
  for (let n = places.length - 1; n >= 0; n--) {
    const most = n === places.length - 1 ? bottom : (places[n + 1] as number) - gap;
    places[n] = Math.min(places[n] as number, most);
  }
  const result: number[] = new Array(wanted.length);
  order.forEach((index, n) => {
    result[index] = places[n] as number;
  });
  return result;
}
