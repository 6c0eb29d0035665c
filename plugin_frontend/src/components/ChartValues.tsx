/** Beside the chart: each row's value at the step under the pointer or, without one, at the step of the slider. */

import { chartHover, lines, readStep } from "../state/chart";
import { rows, step } from "../state/grid";
import { stepText, valueText } from "../state/number_format";
import { rowStyles } from "../state/row_styles";
import { rowNames } from "../state/rows";
import { valueAt } from "../state/series";
import { LineSample } from "./LineSample";

export function ChartValues() {
  const at = readStep.value;
  const styles = rowStyles(rows.value);
  const names = rowNames(rows.value);
  if (at === null) return <div class="chart-values" />;
  return (
    <div class="chart-values" data-testid="chart-values">
      <h2>
        At step {stepText(at)}{" "}
        {chartHover.value !== null && chartHover.value !== step.value && <span class="muted">(pointer)</span>}
      </h2>
      <table>
        <tbody>
          {rows.value.map((row) => {
            const line = lines.value.find((one) => one.row.key === row.key);
            return (
              <tr
                key={row.key}
                class={line ? "" : "muted"}
                title={line ? undefined : "This measure is not there for this row"}
              >
                <td>{line && <LineSample style={styles.get(row.key) ?? { color: "currentColor", dash: "" }} />}</td>
                <th scope="row" title={`${row.model.name} · ${row.run}`}>
                  {names.get(row.key)}
                </th>
                <td class="number">{valueText(line ? valueAt(line, at) : null)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
