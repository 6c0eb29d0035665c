/** What a small chart shows, in words, for screen readers: each model's values where the charts are read, or layer by layer. */

import { rows } from "../state/grid";
import { readAt } from "../state/measures_view";
import { stepText, valueText } from "../state/number_format";
import { rowNames } from "../state/rows";
import { measuresOver } from "../state/settings";
import { type Curve, readingAt, type SmallChart } from "../state/small_multiples";

export function ChartTable({ chart }: { chart: SmallChart }) {
  const at = readAt.value;
  const names = rowNames(rows.value);
  const isOverSteps = measuresOver.value === "steps";
  return (
    <table class="unseen" data-testid="small-table">
      <caption>
        {chart.title}
        {isOverSteps && at !== null && `, at step ${stepText(at)}`}
      </caption>
      <tbody>
        {chart.curves.map((curve) => (
          <tr key={curve.row.key}>
            <th scope="row">{names.get(curve.row.key)}</th>
            <td>
              {isOverSteps
                ? valueText(at === null ? null : (readingAt(curve, at, "steps")?.value ?? null))
                : byLayer(curve)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function byLayer({ layers, values }: Curve): string {
  return (layers ?? []).map((layer, i) => `${layer}: ${valueText(values[i] ?? null)}`).join(", ");
}
