/** How a row is told apart in the chart and beside the grid: a colour and a dash pattern, by its role. */

import type { Row } from "./rows";

export interface RowStyle {
  /** A custom property of styles/theme.css. */
  readonly color: string;
  /** SVG stroke-dasharray; empty for a solid line. */
  readonly dash: string;
}

const DASHES = { teacher: "7 4", student: "", baseline: "2 4", other: "9 3 2 3" } as const;
/** Colours a role in styles/theme.css. */
const SHADES = 3;

/** By row key. Rows of one role differ in shade; after three they come round again and are told apart by their names. */
export function rowStyles(rows: readonly Row[]): ReadonlyMap<string, RowStyle> {
  const seen = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const role = row.model.role ?? "other";
      const index = seen.get(role) ?? 0;
      seen.set(role, index + 1);
      return [row.key, { color: `var(--row-${role}-${index % SHADES})`, dash: DASHES[role] }];
    }),
  );
}
