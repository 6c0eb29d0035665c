/** A small chart's axis of values, and its lines. */

import { markedRow } from "../state/measures_view";
import type { RowStyle } from "../state/row_styles";
import type { SmallChart } from "../state/small_multiples";
import type { ChartFrame } from "./chart_frame";
import { curvePath } from "./curve_path";

interface Props {
  readonly chart: SmallChart;
  readonly frame: ChartFrame;
  readonly styles: ReadonlyMap<string, RowStyle>;
  /** How far the line of a model that was embedded once goes on; null: no further than its values. */
  readonly until: number | null;
}

export function SmallChartLines({ chart, frame, styles, until }: Props) {
  const { x, y, left, right, top, bottom } = frame;
  const count = bottom - top > 160 ? 5 : 3;
  const isLarge = Math.max(...y.domain().map(Math.abs)) >= 10_000;
  const format = isLarge ? y.tickFormat(count, "~s") : y.tickFormat(count);
  const marked = markedRow.value;
  return (
    <>
      {y.ticks(count).map((tick) => (
        <g key={tick} class="chart-tick">
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 8} y={y(tick)}>
            {format(tick)}
          </text>
        </g>
      ))}
      {chart.curves.map(({ row, xs, values, layers }) => {
        const style = styles.get(row.key);
        return (
          <g key={row.key} class={marked !== null && marked !== row.key ? "faded" : ""} style={{ color: style?.color }}>
            <path
              class="chart-line"
              data-testid="small-line"
              data-run={row.run}
              data-model={row.model.name}
              d={curvePath(xs, values, x.toPixel, y, row.model.static ? until : null)}
              stroke="currentcolor"
              stroke-dasharray={style?.dash}
            />
            {layers?.map((layer, i) => {
              const value = values[i];
              return value === null || value === undefined ? null : (
                <circle key={layer} class="layer-dot" cx={x.toPixel(xs[i] ?? 0)} cy={y(value)} r="2.5" />
              );
            })}
          </g>
        );
      })}
    </>
  );
}
