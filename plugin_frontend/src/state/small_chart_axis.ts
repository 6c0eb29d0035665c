/** The horizontal axis of the small charts: steps, or relative depth with the layers' names. */

import { scaleLinear } from "d3-scale";
import { axis } from "./chart";
import { labelledSteps, type StepScale, stepScale } from "./chart_scales";
import { steps } from "./grid";
import { shortLayerNames } from "./layer_names";
import { stepText } from "./number_format";
import { measuresOver } from "./settings";
import type { SmallChart } from "./small_multiples";
import { nearestStep } from "./timeline";

/** Over the steps as the slider has it; by depth from 0 to 1. */
export function xScale(left: number, right: number): StepScale {
  if (measuresOver.value === "steps") return stepScale(steps.value, axis.value, left, right);
  const scale = scaleLinear([0, 1], [left, right]);
  return { toPixel: (depth) => scale(depth), toStep: (pixel) => scale.invert(pixel) };
}

/** The place that is read where the pointer is at `x`: the nearest step, or depth at which any line has a layer. */
export function placeUnder(chart: SmallChart, x: number): number | null {
  if (measuresOver.value === "steps") return nearestStep(steps.value, x);
  const depths = [...new Set(chart.curves.flatMap((curve) => curve.xs))].sort((a, b) => a - b);
  return nearestStep(depths, x);
}

export interface Tick {
  readonly x: number;
  readonly label: string;
  readonly anchor: "start" | "middle" | "end";
}

/** Roughly; labels that would touch are left out. */
const CHARACTER = 6.4;
const GAP = 10;
/** How far a label may reach beyond the lines, on either side. */
const MARGIN = 36;

/** Labels under a chart as wide as `right - left`: the ends first, then whichever has room. */
export function xTicks(chart: SmallChart, scale: StepScale): Tick[] {
  if (measuresOver.value === "steps")
    return labelledSteps(steps.value, scale, 44).map((step) => ({
      x: scale.toPixel(step),
      label: stepText(step),
      anchor: "middle",
    }));
  const all = depthLabels(chart).map(([depth, label], i, { length }): Tick => {
    const isAtEnd = length > 1 && (i === 0 || i === length - 1);
    const anchor = !isAtEnd || label.length * CHARACTER < 2 * MARGIN ? "middle" : i === 0 ? "start" : "end";
    return { x: scale.toPixel(depth), label, anchor };
  });
  const last = all.length - 1;
  const kept: Tick[] = [];
  for (const i of [0, last, ...all.keys()]) {
    const tick = all[i];
    if (tick !== undefined && !kept.includes(tick) && kept.every((other) => areApart(tick, other))) kept.push(tick);
  }
  return kept;
}

/** The layers' names where all models share them; else only where the ends are. */
function depthLabels(chart: SmallChart): (readonly [depth: number, label: string])[] {
  const [first, ...others] = chart.curves;
  if (first === undefined || first.layers === null) return [];
  const names = first.layers;
  const isShared = others.every((one) => JSON.stringify(one.layers) === JSON.stringify(names));
  if (!isShared)
    return [
      [0, "first layer"],
      [1, "last layer"],
    ];
  const short = shortLayerNames(names);
  return names.map((name, i) => [first.xs[i] ?? 0, short.get(name) ?? name]);
}

function extent({ x, label, anchor }: Tick): [number, number] {
  const width = label.length * CHARACTER;
  const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return [left, left + width];
}

function areApart(a: Tick, b: Tick): boolean {
  const [left, right] = extent(a);
  const [otherLeft, otherRight] = extent(b);
  return left >= otherRight + GAP || otherLeft >= right + GAP;
}
