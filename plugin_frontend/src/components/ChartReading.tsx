/** Where all charts are read: the crosshair, a dot on each line, and the values in the margin beside. */

import { labelPlaces } from "../state/label_places";
import { charted, markedRow, readAt } from "../state/measures_view";
import { valueText } from "../state/number_format";
import type { RowStyle } from "../state/row_styles";
import { measuresOver } from "../state/settings";
import { readingAt, type SmallChart } from "../state/small_multiples";
import type { ChartFrame } from "./chart_frame";

/** Pixels from label to label. */
const LABEL_GAP = 13;

/** `step`: where the slider is, for charts over steps. */
export function Crosshair({ frame, step }: { frame: ChartFrame; step: number | null }) {
  const pointed = charted.value?.x ?? null;
  const { x, top, bottom } = frame;
  const line = (at: number) => ({ x1: x.toPixel(at), x2: x.toPixel(at), y1: top, y2: bottom });
  return (
    <>
      {step !== null && <line class="small-cursor" data-testid="small-cursor" {...line(step)} />}
      {pointed !== null && pointed !== step && (
        <line class="small-pointer" data-testid="crosshair" {...line(pointed)} />
      )}
    </>
  );
}

interface Props {
  readonly chart: SmallChart;
  readonly frame: ChartFrame;
  readonly styles: ReadonlyMap<string, RowStyle>;
}

export function ChartReading({ chart, frame, styles }: Props) {
  const at = readAt.value;
  if (at === null) return null;
  const { x, y, right, top, bottom } = frame;
  const marked = markedRow.value;
  const readings = chart.curves.flatMap(({ row, ...curve }) => {
    const reading = readingAt({ row, ...curve }, at, measuresOver.value);
    return reading === null ? [] : [{ row, reading }];
  });
  const places = labelPlaces(
    readings.map(({ reading }) => y(reading.value)),
    LABEL_GAP,
    top + 2,
    bottom - 4,
  );
  return (
    <>
      {readings.map(({ row, reading }, i) => {
        // A line over steps is read where the pointer is, though its value be of a step before.
        const px = x.toPixel(measuresOver.value === "steps" ? at : reading.x);
        const place = places?.[i];
        return (
          <g
            key={row.key}
            class={marked !== null && marked !== row.key ? "reading faded" : "reading"}
            style={{ color: styles.get(row.key)?.color }}
          >
            <circle cx={px} cy={y(reading.value)} r="3.5" />
            {place !== undefined && (
              <text data-testid="reading" data-run={row.run} data-model={row.model.name} x={right + 10} y={place}>
                {valueText(reading.value)}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}
