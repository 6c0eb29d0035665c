/** The line chart over the steps, and under it, on the same axis, the step slider: its cursor runs through the chart. */

import { scaleLinear } from "d3-scale";
import { infoOf, lines, measure } from "../state/chart";
import { valueDomain } from "../state/chart_scales";
import { rows, steps } from "../state/grid";
import { rowStyles } from "../state/row_styles";
import { curvePath } from "./curve_path";
import { LEFT, type Place, RIGHT, StepTrack, TOP } from "./StepTrack";

export function Chart() {
  return <StepTrack testid="chart" draw={(place) => <Lines {...place} />} />;
}

function Lines({ scale, width, bottom }: Place) {
  const name = measure.value;
  if (name === null) return null;
  const values = lines.value.flatMap((line) => line.values);
  const y = scaleLinear(valueDomain(values, infoOf(name).range), [bottom - 4, TOP]);
  const count = bottom > 110 ? 4 : 3;
  const format = y.tickFormat(count);
  const styles = rowStyles(rows.value);
  const end = steps.value.at(-1) ?? 0;
  return (
    <>
      {y.ticks(count).map((tick) => (
        <g key={tick} class="chart-tick">
          <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick)}>
            {format(tick)}
          </text>
        </g>
      ))}
      {lines.value.map((one) => {
        const style = styles.get(one.row.key);
        return (
          <path
            key={one.row.key}
            class="chart-line"
            data-testid="chart-line"
            data-model={one.row.model.name}
            data-run={one.row.run}
            d={curvePath(one.steps, one.values, scale.toPixel, y, one.row.model.static ? end : null)}
            style={{ stroke: style?.color }}
            stroke-dasharray={style?.dash}
          />
        );
      })}
    </>
  );
}
