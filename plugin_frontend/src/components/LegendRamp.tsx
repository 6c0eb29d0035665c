/** The legend of amounts: the scale with its ends, in numbers and in words. */

import { colorColumn } from "../state/color_column";
import { numberScale } from "../state/color_ends";
import { cssColor, scale } from "../state/colors";
import { columnText } from "../state/sample_columns";

const STOPS = 9;

export function LegendRamp() {
  const column = colorColumn.value;
  const { low, high, isPassed } = numberScale.value;
  const colors = scale.value;
  const stops = Array.from({ length: STOPS }, (_, i) =>
    cssColor(colors[Math.round((i / (STOPS - 1)) * (colors.length - 1))]),
  );
  return (
    <div class="ramp" data-testid="ramp">
      <div class="ramp-bar" style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} />
      <div class="ramp-ends">
        <span>
          {isPassed[0] && "≤ "}
          {columnText(column, low)}
        </span>
        <span>{columnText(column, (low + high) / 2)}</span>
        <span>
          {isPassed[1] && "≥ "}
          {columnText(column, high)}
        </span>
      </div>
      {column.ends !== null && (
        <div class="ramp-ends muted">
          <span>{column.ends[0]}</span>
          <span>{column.ends[1]}</span>
        </div>
      )}
    </div>
  );
}
