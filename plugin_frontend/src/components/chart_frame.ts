/** Where the lines of a small chart lie. */

import type { ScaleLinear } from "d3-scale";
import type { StepScale } from "../state/chart_scales";

/** CSS pixels from the plot's corner. */
export interface ChartFrame {
  readonly x: StepScale;
  readonly y: ScaleLinear<number, number>;
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
