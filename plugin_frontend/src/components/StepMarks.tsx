/** Over the step slider: where baseline and student differ most, and where the ghost stands. Each leads somewhere. */

import { infoOf, measure } from "../state/chart";
import type { StepScale } from "../state/chart_scales";
import { ghost } from "../state/ghost";
import { goToStep, rows } from "../state/grid";
import { besideMarks } from "../state/label_places";
import { stepText, valueText } from "../state/number_format";
import { rowNames } from "../state/rows";
import { ghostStep, playing } from "../state/settings";
import { type Gap, gap } from "../state/widest_gap";
import { Icon } from "./icons";

/** The lane that the marks' labels lie in, CSS pixels. */
export const LANE = 16;
/** Of their labels, as styled; they are the same words always. */
const GAP_WIDTH = 66;
const GHOST_WIDTH = 56;

interface Props {
  readonly scale: StepScale;
  readonly width: number;
  /** Where the lane begins. */
  readonly top: number;
}

export function StepMarks({ scale, width, top }: Props) {
  const widest = gap.value;
  const marks = [
    ...(widest === null ? [] : [{ x: scale.toPixel(widest.step), width: GAP_WIDTH }]),
    ...(ghost.value === null ? [] : [{ x: scale.toPixel(ghost.value), width: GHOST_WIDTH }]),
  ];
  const lefts = besideMarks(marks, 0, width);
  return (
    <>
      {widest !== null && <GapMark widest={widest} left={lefts[0] as number} top={top} width={width} />}
      {ghost.value !== null && <GhostMark step={ghost.value} left={lefts.at(-1) as number} top={top} />}
    </>
  );
}

/** Drawn with the slider, under its handle. */
export function MarkedPlaces({ scale, y }: { scale: StepScale; y: number }) {
  const widest = gap.value;
  const x = widest === null ? 0 : scale.toPixel(widest.step);
  return (
    <>
      {widest !== null && <path class="gap-place" data-testid="gap-place" d={`M${x - 5} ${y - 17}h10l-5 7z`} />}
      {ghost.value !== null && (
        <circle class="ghost-place" data-testid="ghost-place" cx={scale.toPixel(ghost.value)} cy={y} r="6" />
      )}
    </>
  );
}

const stay = (event: Event) => event.stopPropagation();

function GapMark({ widest, left, top, width }: { widest: Gap; left: number; top: number; width: number }) {
  const names = rowNames(rows.value);
  const { student, baseline } = widest.values;
  const words =
    `At step ${stepText(widest.step)}, ${names.get(widest.student.key)} ${valueText(student)} and ` +
    `${names.get(widest.baseline.key)} ${valueText(baseline)}: ${valueText(Math.abs(student - baseline))} apart, more ` +
    `than at any other step`;
  const name = measure.value === null ? "" : `, in ${infoOf(measure.value).label}`;
  return (
    <button
      type="button"
      class={`step-mark ${left > width / 2 ? "tip-left" : ""}`}
      style={{ left: `${left}px`, top: `${top}px`, width: `${GAP_WIDTH}px` }}
      aria-label={`Go to the widest gap${name}. ${words}.`}
      data-testid="widest-gap"
      data-step={widest.step}
      onPointerDown={stay}
      onPointerMove={stay}
      onClick={() => {
        playing.value = false;
        goToStep(widest.step);
      }}
    >
      widest gap
      <span class="mark-tip" data-testid="gap-words">
        {words}.
      </span>
    </button>
  );
}

function GhostMark({ step, left, top }: { step: number; left: number; top: number }) {
  return (
    <button
      type="button"
      class="step-mark"
      style={{ left: `${left}px`, top: `${top}px`, width: `${GHOST_WIDTH}px` }}
      aria-label={`Take away the ghost of step ${stepText(step)}`}
      title={`Pale beneath the maps: all samples at step ${stepText(step)}. Click to take it away.`}
      data-testid="ghost-mark"
      data-step={step}
      onPointerDown={stay}
      onPointerMove={stay}
      onClick={() => {
        ghostStep.value = null;
      }}
    >
      ghost <Icon name="close" />
    </button>
  );
}
