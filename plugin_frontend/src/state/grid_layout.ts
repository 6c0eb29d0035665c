/** Where the panels lie: pure arithmetic, so that the canvas and the elements over it agree to the pixel. */

import type { Rect } from "../drawing/renderer";

/** CSS pixels. The grid hands them to its styles as custom properties. */
export const HEADER_WIDTH = 136;
export const PANEL_HEADER_HEIGHT = 24;
const MIN_PANEL_WIDTH = 116;
const MIN_PANEL_HEIGHT = 92;

export interface GridLayout {
  /** Of the rows' headers. */
  readonly headerWidth: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly rows: number;
  readonly columns: number;
}

/** Cells fill the place there is; where it is too small for all of them, they keep a legible size and the grid scrolls. */
export function gridLayout(
  width: number,
  height: number,
  rows: number,
  columns: number,
  headerWidth = HEADER_WIDTH,
): GridLayout {
  const share = (room: number, among: number, least: number) => Math.max(least, Math.floor(room / Math.max(1, among)));
  return {
    headerWidth,
    cellWidth: share(width - headerWidth, columns, MIN_PANEL_WIDTH),
    cellHeight: share(height, rows, MIN_PANEL_HEIGHT + PANEL_HEADER_HEIGHT),
    rows,
    columns,
  };
}

/** The part of a cell where its map is drawn, from the top left corner of the view on the scrolled grid. */
export function mapRect(
  layout: GridLayout,
  row: number,
  column: number,
  scroll: { readonly left: number; readonly top: number },
): Rect {
  return {
    x: layout.headerWidth + column * layout.cellWidth - scroll.left,
    y: row * layout.cellHeight + PANEL_HEADER_HEIGHT - scroll.top,
    width: layout.cellWidth,
    height: layout.cellHeight - PANEL_HEADER_HEIGHT,
  };
}
