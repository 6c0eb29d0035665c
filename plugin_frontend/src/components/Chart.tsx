/** The line chart over the steps, and under it, on the same axis, the step slider: its cursor runs through the chart. */

import { scaleLinear } from "d3-scale";
import { line as lineShape } from "d3-shape";
import { axis, chartHover, infoOf, lines, measure } from "../state/chart";
import { labelledSteps, type StepScale, stepScale, valueDomain } from "../state/chart_scales";
import { goToStep, rows, step, steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { rowStyles } from "../state/row_styles";
import type { Line } from "../state/series";
import { playing } from "../state/settings";
import { nearestStep } from "../state/timeline";
import { StepSlider } from "./StepSlider";
import { useSize } from "./use_size";

const LEFT = 44;
const RIGHT = 14;
const TOP = 6;
/** The height of the slider with its labels. */
const SLIDER = 40;

export function Chart() {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const scale = stepScale(steps.value, axis.value, LEFT, Math.max(LEFT + 1, width - RIGHT));
  const at = (event: { clientX: number; currentTarget: HTMLElement }) =>
    nearestStep(steps.value, scale.toStep(event.clientX - event.currentTarget.getBoundingClientRect().left));
  return (
    <div
      ref={box}
      class="chart"
      data-testid="chart"
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
      {width > 0 && height > SLIDER && (
        <>
          <svg width={width} height={height} aria-hidden="true">
            <Lines scale={scale} width={width} bottom={height - SLIDER} />
            <Ticks scale={scale} y={height - SLIDER + 14} />
            <Cursor scale={scale} y={height - SLIDER + 14} />
          </svg>
          <StepSlider />
        </>
      )}
    </div>
  );
}

function Lines({ scale, width, bottom }: { scale: StepScale; width: number; bottom: number }) {
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
            d={pathOf(one, end, scale, y)}
            style={{ stroke: style?.color }}
            stroke-dasharray={style?.dash}
          />
        );
      })}
    </>
  );
}

/** Through the known values; a model embedded once stands for all steps, as a level line. */
function pathOf(line: Line, end: number, scale: StepScale, y: (value: number) => number): string {
  const points = line.steps.flatMap((at, i): [number, number][] => {
    const value = line.values[i];
    return value === null || value === undefined ? [] : [[scale.toPixel(at), y(value)]];
  });
  const last = points.at(-1);
  if (line.row.model.static && last !== undefined) points.push([scale.toPixel(end), last[1]]);
  return lineShape()(points) ?? "";
}

function Ticks({ scale, y }: { scale: StepScale; y: number }) {
  const first = steps.value[0] ?? 0;
  const last = steps.value.at(-1) ?? first;
  return (
    <g class="step-ticks">
      <line class="step-track" x1={scale.toPixel(first)} x2={scale.toPixel(last)} y1={y} y2={y} />
      {steps.value.map((at) => (
        <line key={at} data-testid="step-tick" x1={scale.toPixel(at)} x2={scale.toPixel(at)} y1={y - 4} y2={y + 4} />
      ))}
      {labelledSteps(steps.value, scale, 46).map((at) => (
        <text key={at} x={scale.toPixel(at)} y={y + 18}>
          {stepText(at)}
        </text>
      ))}
    </g>
  );
}

function Cursor({ scale, y }: { scale: StepScale; y: number }) {
  const pointed = chartHover.value;
  return (
    <>
      {pointed !== null && pointed !== step.value && (
        <line class="chart-pointer" x1={scale.toPixel(pointed)} x2={scale.toPixel(pointed)} y1={TOP} y2={y} />
      )}
      {step.value !== null && (
        <g class="chart-cursor" transform={`translate(${scale.toPixel(step.value)}, 0)`}>
          <line y1={TOP} y2={y} />
          <circle cy={y} r="7" />
        </g>
      )}
    </>
  );
}
