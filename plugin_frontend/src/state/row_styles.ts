/** How a row is told apart in the chart and beside the grid: a colour and a dash pattern, by its role. */

import type { Row } from "./rows";

export interface RowStyle {
  /** A custom property of styles/theme.css. */
  readonly color: string;
  /** SVG stroke-dasharray; empty for a solid line. */
  readonly dash: string;
}

/** By role; the first for its first three rows, and so on. */
const DASHES = {
  teacher: ["7 4", "12 4", "7 2 2 2"],
  student: ["", "16 3", "11 3 4 3"],
  baseline: ["2 4", "2 2", "2 7"],
  other: ["9 3 2 3", "9 3 2 3 2 3", "5 2 5 6"],
} as const;
/** Colours a role in styles/theme.css. */
const SHADES = 3;

/** By row key. Rows of one role differ in shade, after three in dashes; after nine they come round again and only their names differ. */
export function rowStyles(rows: readonly Row[]): ReadonlyMap<string, RowStyle> {
  const seen = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const role = row.model.role ?? "other";
      const dashes = DASHES[role];
      const index = seen.get(role) ?? 0;
      seen.set(role, index + 1);
      return [
        row.key,
        {
          color: `var(--row-${role}-${index % SHADES})`,
          dash: dashes[Math.floor(index / SHADES) % dashes.length] ?? "",
        },
      ];
    }),
  );
}
