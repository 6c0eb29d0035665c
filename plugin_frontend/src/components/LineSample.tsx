/** A short piece of a row's line in the chart. */

import type { RowStyle } from "../state/row_styles";

export function LineSample({ style }: { style: RowStyle }) {
  return (
    <svg class="line-sample" width="26" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="25" y2="4" style={{ stroke: style.color }} stroke-dasharray={style.dash} />
    </svg>
  );
}
