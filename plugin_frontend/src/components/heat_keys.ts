/** Which cell of a heat map a key leads to. A pure function. */

export interface CellPlace {
  readonly line: number;
  readonly column: number;
}

/** Null where the key leads nowhere. `last` is the cell at the bottom right; with Ctrl, Home and End go to the corners. */
export function moved({ line, column }: CellPlace, key: string, last: CellPlace, ctrl: boolean): CellPlace | null {
  switch (key) {
    case "ArrowLeft":
      return { line, column: Math.max(0, column - 1) };
    case "ArrowRight":
      return { line, column: Math.min(last.column, column + 1) };
    case "ArrowUp":
      return { line: Math.max(0, line - 1), column };
    case "ArrowDown":
      return { line: Math.min(last.line, line + 1), column };
    case "Home":
      return { line: ctrl ? 0 : line, column: 0 };
    case "End":
      return { line: ctrl ? last.line : line, column: last.column };
    default:
      return null;
  }
}
