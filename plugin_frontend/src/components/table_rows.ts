/** Which rows of a long table are in sight, and to which of them a key leads. Pure functions. */

/** CSS pixels. */
export const ROW_HEIGHT = 30;
/** Rows made beyond either edge, so that scrolling finds them there. */
const SPARE = 6;

/** From `first` up to, but without, `last`. */
export function rowsInSight(scrolled: number, height: number, count: number): { first: number; last: number } {
  const first = Math.min(Math.max(0, Math.floor(scrolled / ROW_HEIGHT) - SPARE), Math.max(0, count - 1));
  const last = Math.min(count, Math.ceil((scrolled + Math.max(0, height)) / ROW_HEIGHT) + SPARE);
  return { first, last: Math.max(first, last) };
}

/** The row that a key leads to from row `from` (-1: none yet); null for a key that leads nowhere. */
export function targetRow(key: string, from: number, count: number, page: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined || count === 0 ? null : Math.min(Math.max(target, 0), count - 1);
}
