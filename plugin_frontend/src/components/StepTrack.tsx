/** The step slider with the axis of steps that it stands on, and room above for what runs over the steps. */

import type { ComponentChildren } from "preact";
import { axis, chartHover } from "../state/chart";
import { labelledSteps, type StepScale, stepScale } from "../state/chart_scales";
import { goToStep, step, steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { ghostStep, playing } from "../state/settings";
import { nearestStep } from "../state/timeline";
import { LANE, MarkedPlaces, StepMarks } from "./StepMarks";
import { StepSlider } from "./StepSlider";
import { useSize } from "./use_size";

/** Where the axis begins and ends, CSS pixels from either side. */
export const LEFT = 44;
export const RIGHT = 14;
export const TOP = 6;
/** The height of the slider with its labels. */
const SLIDER = 40;

export interface Place {
  readonly scale: StepScale;
  readonly width: number;
  /** What is drawn above the slider ends here. */
  readonly bottom: number;
}

interface Props {
  readonly testid: string;
  /** What is drawn above the slider; null: it stands alone. */
  readonly draw: ((place: Place) => ComponentChildren) | null;
}

export function StepTrack({ testid, draw }: Props) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const scale = stepScale(steps.value, axis.value, LEFT, Math.max(LEFT + 1, width - RIGHT));
  const at = (event: { clientX: number; currentTarget: HTMLElement }) =>
    nearestStep(steps.value, scale.toStep(event.clientX - event.currentTarget.getBoundingClientRect().left));
  const y = height - SLIDER + 14;
  const top = draw === null ? y : TOP; // alone, the cursor is its handle
  const lane = height - SLIDER - LANE;
  return (
    <div
      ref={box}
      class="chart"
      data-testid={testid}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        if (event.shiftKey && draw !== null) {
          ghostStep.value = at(event);
          return;
        }
        event.currentTarget.setPointerCapture(event.pointerId);
        playing.value = false;
        goToStep(at(event));
      }}
      onPointerMove={(event) => {
        if (event.buttons & 1 && event.currentTarget.hasPointerCapture(event.pointerId)) goToStep(at(event));
        chartHover.value = at(event);
      }}
      onPointerLeave={() => {
        chartHover.value = null;
      }}
    >
      {width > 0 && height > SLIDER && (
        <>
          <svg width={width} height={height} aria-hidden="true">
            {draw?.({ scale, width, bottom: lane })}
            <Ticks scale={scale} y={y} />
            {draw !== null && <MarkedPlaces scale={scale} y={y} />}
            <Cursor scale={scale} top={top} y={y} />
          </svg>
          <StepSlider />
          {draw !== null && <StepMarks scale={scale} width={width} top={lane + 2} />}
        </>
      )}
    </div>
  );
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

function Cursor({ scale, top, y }: { scale: StepScale; top: number; y: number }) {
  const pointed = chartHover.value;
  return (
    <>
      {pointed !== null && pointed !== step.value && (
        <line class="chart-pointer" x1={scale.toPixel(pointed)} x2={scale.toPixel(pointed)} y1={top} y2={y} />
      )}
      {step.value !== null && (
        <g class="chart-cursor" transform={`translate(${scale.toPixel(step.value)}, 0)`}>
          <line y1={top} y2={y} />
          <circle cy={y} r="7" />
        </g>
      )}
    </>
  );
}
