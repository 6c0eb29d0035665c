/** How many tiles stand beside each other, so that they are large and neither flat nor narrow. Pure arithmetic. */

export interface Tiling {
  readonly columns: number;
  readonly rows: number;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export interface TileShape {
  readonly leastWidth: number;
  readonly leastHeight: number;
  /** Height beyond this is left empty. */
  readonly mostHeight: number;
  /** Width over height that suits the content. */
  readonly aspect: number;
}

/** Tiles fill the width; where the height does not do, they keep their least height and the view scrolls. */
export function tiling(count: number, width: number, height: number, shape: TileShape): Tiling {
  const { leastWidth, leastHeight, mostHeight, aspect } = shape;
  const most = Math.max(1, Math.min(count, Math.floor(width / leastWidth)));
  let best: Tiling | null = null;
  let bestSize = Number.NEGATIVE_INFINITY;
  for (let columns = 1; columns <= most; columns++) {
    const rows = Math.max(1, Math.ceil(count / columns));
    const tile = {
      columns,
      rows,
      width: Math.floor(width / columns),
      height: Math.max(leastHeight, Math.min(mostHeight, Math.floor(height / rows))),
    };
    // The width of the largest content of that shape; what does not fit the view loses to what does.
    const fits = rows * tile.height <= Math.max(height, leastHeight);
    const size = Math.min(tile.width, tile.height * aspect) - (fits ? 0 : 10_000 + 10 * rows);
    if (size > bestSize) {
      bestSize = size;
      best = tile;
    }
  }
  return best ?? { columns: 1, rows: 1, width, height };
}
