/** What each model says of a sample: at the step on screen, and over the steps. */

import { className } from "../state/classes";
import { rows, step } from "../state/grid";
import { percent, stepText } from "../state/number_format";
import { outputsOf } from "../state/outputs";
import { type RowStyle, rowStyles } from "../state/row_styles";
import { type Row, rowNames } from "../state/rows";
import { correctness } from "../state/sample_values";
import { probe } from "../state/server";
import { Icon } from "./icons";
import { LineSample } from "./LineSample";

export function SampleHistoryPart({ sample }: { sample: number }) {
  const styles = rowStyles(rows.value);
  return (
    <section class="inspector-part">
      <h3>Predictions{step.value !== null && ` at step ${stepText(step.value)}`}</h3>
      <table class="inspected-predictions">
        <tbody>
          {rows.value.map((row) => (
            <Prediction key={row.key} row={row} sample={sample} style={styles.get(row.key)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Prediction({ row, sample, style }: { row: Row; sample: number; style: RowStyle | undefined }) {
  const known = probe.value;
  const outputs = outputsOf(row);
  const predicted = outputs?.prediction?.[sample];
  const right = correctness(outputs, known?.labels ?? null, sample);
  return (
    <tr data-testid="inspected-prediction" data-run={row.run} data-model={row.model.name} data-right={right}>
      <td>{style && <LineSample style={style} />}</td>
      <th scope="row" title={`${row.model.name} · ${row.run}`}>
        {rowNames(rows.value).get(row.key)}
      </th>
      <td class={right === null ? "" : right ? "verdict right" : "verdict wrong"}>
        {right !== null && <Icon name={right ? "check" : "cross"} />}
        <span class="unseen">{right === null ? "" : right ? "right: " : "wrong: "}</span>
        {known === null || predicted === undefined ? "–" : className(known, predicted)}
      </td>
      <td class="number">{percent(outputs?.confidence?.[sample])}</td>
    </tr>
  );
}
