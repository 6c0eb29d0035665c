/** Under a small chart: steps or layers. */

import { type Tick, xTicks } from "../state/small_chart_axis";
import type { SmallChart } from "../state/small_multiples";
import type { ChartFrame } from "./chart_frame";

export function XAxis({ chart, frame }: { chart: SmallChart; frame: ChartFrame }) {
  const { x, left, right, bottom } = frame;
  return (
    <g class="x-axis">
      <line x1={left} x2={right} y1={bottom} y2={bottom} />
      {xTicks(chart, x).map((tick: Tick) => (
        <text key={tick.label} x={tick.x} y={bottom + 15} text-anchor={tick.anchor}>
          {tick.label}
        </text>
      ))}
    </g>
  );
}
