/** A sample's confidence over the steps, a line a model, and under it what each predicted when. A click goes to the step. */

import { scaleLinear } from "d3-scale";
import { axis, chartHover } from "../state/chart";
import { labelledSteps, type StepScale, stepScale } from "../state/chart_scales";
import { goToStep, rows, step, steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { rowStyles } from "../state/row_styles";
import { historyOf } from "../state/sample_history";
import { playing } from "../state/settings";
import { nearestStep } from "../state/timeline";
import { curvePath } from "./curve_path";
import { PredictionStrip, PredictionsInWords, STRIP_HEIGHT } from "./PredictionStrip";
import { useSize } from "./use_size";

/** CSS pixels. */
const LEFT = 40;
const RIGHT = 10;
const TOP = 8;
const LINES = 72;
const STRIP_GAP = 3;
const AXIS = 20;

export function SampleHistoryChart({ sample }: { sample: number }) {
  const [box, { width }] = useSize<HTMLDivElement>();
  const strips = rows.value.filter((row) => historyOf(row)?.prediction?.some((one) => one !== null));
  const scale = stepScale(steps.value, axis.value, LEFT, Math.max(LEFT + 1, width - RIGHT));
  const bottom = TOP + LINES;
  const stripTop = (i: number) => bottom + 8 + i * (STRIP_HEIGHT + STRIP_GAP);
  const end = stripTop(strips.length);
  const at = (event: { clientX: number; currentTarget: HTMLElement }) =>
    nearestStep(steps.value, scale.toStep(event.clientX - event.currentTarget.getBoundingClientRect().left));
  return (
    <>
      <div
        ref={box}
        class="history-chart"
        data-testid="history-chart"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          playing.value = false;
          goToStep(at(event));
        }}
        onPointerMove={(event) => {
          if (event.buttons & 1) goToStep(at(event));
          chartHover.value = at(event);
        }}
        onPointerLeave={() => {
          chartHover.value = null;
        }}
      >
        {width > 0 && (
          <svg width={width} height={end + AXIS} aria-hidden="true">
            <Lines scale={scale} right={width - RIGHT} bottom={bottom} />
            {strips.map((row, i) => (
              <PredictionStrip key={row.key} row={row} sample={sample} scale={scale} top={stripTop(i)} left={LEFT} />
            ))}
            <Axis scale={scale} y={end + 12} />
            <Cursor scale={scale} bottom={end - STRIP_GAP} />
          </svg>
        )}
      </div>
      <PredictionsInWords sample={sample} />
    </>
  );
}

function Lines({ scale, right, bottom }: { scale: StepScale; right: number; bottom: number }) {
  const y = scaleLinear([0, 1], [bottom, TOP]);
  const styles = rowStyles(rows.value);
  const end = steps.value.at(-1) ?? 0;
  return (
    <>
      {[0, 0.5, 1].map((tick) => (
        <g key={tick} class="chart-tick">
          <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick)}>
            {tick * 100}
            {tick === 1 && "%"}
          </text>
        </g>
      ))}
      {rows.value.map((row) => {
        const history = historyOf(row);
        if (!history?.confidence) return null;
        const style = styles.get(row.key);
        const path = curvePath(history.steps, history.confidence, scale.toPixel, y, row.model.static ? end : null);
        return (
          <path
            key={row.key}
            class="chart-line history-line"
            data-testid="history-line"
            data-run={row.run}
            data-model={row.model.name}
            d={path}
            style={{ stroke: style?.color }}
            stroke-dasharray={style?.dash}
          />
        );
      })}
    </>
  );
}

function Axis({ scale, y }: { scale: StepScale; y: number }) {
  return (
    <g class="x-axis">
      {labelledSteps(steps.value, scale, 40).map((at) => (
        <text key={at} x={scale.toPixel(at)} y={y} text-anchor="middle">
          {stepText(at)}
        </text>
      ))}
    </g>
  );
}

function Cursor({ scale, bottom }: { scale: StepScale; bottom: number }) {
  const pointed = chartHover.value;
  const line = (at: number) => ({ x1: scale.toPixel(at), x2: scale.toPixel(at), y1: TOP, y2: bottom });
  return (
    <>
      {pointed !== null && pointed !== step.value && <line class="small-pointer" {...line(pointed)} />}
      {step.value !== null && <line class="small-cursor" data-testid="history-cursor" {...line(step.value)} />}
    </>
  );
}
