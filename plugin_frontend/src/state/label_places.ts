/** Labels beside what they name, each as near it as may be, none over another. Pure functions. */

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

/** Between a mark and its label. */
const BESIDE = 7;

/**
 * Where labels in one line begin, each beside a mark at `x`: at its right or, where that is taken or ends, at its left.
 * Two at most keep clear of each other.
 */
export function besideMarks(
  marks: readonly { readonly x: number; readonly width: number }[],
  left: number,
  right: number,
): number[] {
  const atRight = ({ x }: { x: number }) => x + BESIDE;
  const atLeft = ({ x, width }: { x: number; width: number }) => x - BESIDE - width;
  const places = marks.map((mark) => (atRight(mark) + mark.width <= right ? atRight(mark) : atLeft(mark)));
  const [a, b] = marks.map((mark, i) => ({ ...mark, i })).sort((one, other) => one.x - other.x);
  if (a === undefined || b === undefined) return places;
  const start = (one: typeof a) => places[one.i] as number;
  if (start(a) + a.width > start(b) && start(b) + b.width > start(a)) {
    const before = Math.min(atLeft(a), start(b) - a.width);
    if (before >= left) places[a.i] = before;
    else places[b.i] = start(a) + a.width;
  }
  return places;
}
