/** One small chart: title, lines, the place where all charts are read, and each line's value there. */

import { scaleLinear } from "d3-scale";
import type { TargetedPointerEvent } from "preact";
import { infoOf } from "../state/chart";
import { goToStep, rows, step, steps } from "../state/grid";
import { domainOf } from "../state/line_scales";
import { charted } from "../state/measures_view";
import { rowStyles } from "../state/row_styles";
import { measuresOver, playing } from "../state/settings";
import { placeUnder, xScale } from "../state/small_chart_axis";
import type { SmallChart } from "../state/small_multiples";
import { ChartReading, Crosshair } from "./ChartReading";
import { ChartTable } from "./ChartTable";
import { SmallChartLines } from "./SmallChartLines";
import { XAxis } from "./XAxis";

interface Props {
  readonly chart: SmallChart;
  readonly width: number;
  readonly height: number;
  /** Of the title with what is under it. */
  readonly head: number;
}

/** CSS pixels round the lines; the values stand at the right. */
const EDGE = { left: 46, right: 50, top: 8, bottom: 24 };

export function SmallChartPanel({ chart, width, height, head }: Props) {
  const plotHeight = height - head;
  const x = xScale(EDGE.left, width - EDGE.right);
  const y = scaleLinear(domainOf(chart), [plotHeight - EDGE.bottom, EDGE.top]);
  const placeOf = (event: { clientX: number; currentTarget: HTMLElement }) =>
    placeUnder(chart, x.toStep(event.clientX - event.currentTarget.getBoundingClientRect().left));
  const isOverSteps = measuresOver.value === "steps";
  const go = (event: TargetedPointerEvent<HTMLDivElement>) => {
    if (!isOverSteps) return;
    playing.value = false;
    goToStep(placeOf(event));
  };
  const styles = rowStyles(rows.value);
  const frame = {
    x,
    y,
    width,
    bottom: plotHeight - EDGE.bottom,
    top: EDGE.top,
    left: EDGE.left,
    right: width - EDGE.right,
  };
  return (
    <section
      class="small-chart"
      aria-label={`${chart.title} ${chart.subtitle}`}
      data-testid="small-chart"
      data-key={chart.key}
      style={{ height: `${height}px` }}
    >
      <header class="small-chart-head" style={{ height: `${head}px` }}>
        <h2 title={chart.title}>{chart.title}</h2>
        <p class="muted" title={infoOf(chart.measure).direction}>
          {chart.subtitle}
        </p>
      </header>
      <div
        class={`small-plot ${isOverSteps ? "small-plot-steps" : ""}`}
        data-testid="small-plot"
        style={{ height: `${plotHeight}px` }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons & 1) go(event);
          const at = placeOf(event);
          charted.value = at === null ? null : { chart: chart.key, x: at };
        }}
        onPointerLeave={() => {
          charted.value = null;
        }}
      >
        <svg width={width} height={plotHeight} aria-hidden="true">
          <SmallChartLines
            chart={chart}
            frame={frame}
            styles={styles}
            until={isOverSteps ? (steps.value.at(-1) ?? null) : null}
          />
          <XAxis chart={chart} frame={frame} />
          <Crosshair frame={frame} step={isOverSteps ? step.value : null} />
          <ChartReading chart={chart} frame={frame} styles={styles} />
        </svg>
        {chart.curves.length === 0 && <p class="no-lines muted">No row here has this measure</p>}
      </div>
      <ChartTable chart={chart} />
    </section>
  );
}
