/** Beside the chart: each row's value at the step under the pointer or, without one, at the step of the slider. */

import { chartHover, lines, readStep } from "../state/chart";
import { rows } from "../state/grid";
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
        At step {stepText(at)} {chartHover.value !== null && <span class="muted">(pointer)</span>}
      </h2>
      <table>
        <tbody>
          {lines.value.map((line) => (
            <tr key={line.row.key}>
              <td>
                <LineSample style={styles.get(line.row.key) ?? { color: "currentColor", dash: "" }} />
              </td>
              <th scope="row" title={`${line.row.model.name} · ${line.row.run}`}>
                {names.get(line.row.key)}
              </th>
              <td class="number">{valueText(valueAt(line, at))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
