/** Beside the chart: each row's value at the step under the pointer or, without one, at the step of the slider. */

import { chartHover, lines, readStep } from "../state/chart";
import { step } from "../state/grid";
import { stepText } from "../state/number_format";
import { valueAt } from "../state/series";
import { RowValues } from "./RowValues";

export function ChartValues() {
  const at = readStep.value;
  if (at === null) return <div class="chart-values" />;
  const values = new Map(lines.value.map((line) => [line.row.key, { value: valueAt(line, at) }]));
  return (
    <div class="chart-values" data-testid="chart-values">
      <h2>
        At step {stepText(at)}{" "}
        {chartHover.value !== null && chartHover.value !== step.value && <span class="muted">(pointer)</span>}
      </h2>
      <RowValues values={values} hasValues />
    </div>
  );
}
