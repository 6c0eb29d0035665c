/** Beside the charts of the Measures view: whose line is whose, and the values of the chart under the pointer. */

import { charted, charts, markedRow } from "../state/measures_view";
import { stepText } from "../state/number_format";
import { measuresOver } from "../state/settings";
import { readingAt } from "../state/small_multiples";
import { type RowValue, RowValues } from "./RowValues";

export function LinesLegend() {
  const pointed = charted.value;
  const chart = charts.value.find((one) => one.key === pointed?.chart);
  const over = measuresOver.value;
  const isOfDepth = over === "depth";
  const values = new Map<string, RowValue>();
  const layers = new Set<string>();
  for (const one of chart === undefined ? charts.value : [chart])
    for (const curve of one.curves) {
      const reading = pointed === null ? null : readingAt(curve, pointed.x, over);
      if (reading?.layer) layers.add(reading.layer);
      values.set(curve.row.key, { value: reading?.value ?? null, note: reading?.layer ?? undefined });
    }
  const [layer] = layers;
  if (layers.size === 1) for (const [row, { value }] of values) values.set(row, { value });
  const place = pointed === null || !isOfDepth ? null : layers.size === 1 ? layer : "by layer";
  return (
    <section class="lines-legend chart-values" aria-label="Models" data-testid="lines-legend">
      <h2>
        {chart === undefined || pointed === null
          ? "Models"
          : `${chart.title}, ${isOfDepth ? place : `step ${stepText(pointed.x)}`}`}
      </h2>
      <RowValues
        values={values}
        hasValues={chart !== undefined}
        onMark={(row) => {
          markedRow.value = row;
        }}
      />
      <p class="muted legend-note">
        {isOfDepth
          ? "From each model's first logged layer at the left to its last at the right, whatever lies between: models of different depth compare."
          : "Numbers beside a chart are at the step of the slider or, while the pointer is on a chart, at the step under it. A click goes there."}
      </p>
    </section>
  );
}
