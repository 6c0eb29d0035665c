/** What each model says of a sample: at the step on screen (or under the pointer on a chart), and over all steps. */

import { readStep } from "../state/chart";
import { className } from "../state/classes";
import { rows } from "../state/grid";
import { percent, stepText } from "../state/number_format";
import { outputsOf } from "../state/outputs";
import { type RowStyle, rowStyles } from "../state/row_styles";
import { type Row, rowNames } from "../state/rows";
import { historyOf, type Reading, readingAt } from "../state/sample_history";
import { probe } from "../state/server";
import { Icon } from "./icons";
import { LineSample } from "./LineSample";
import { SampleHistoryChart } from "./SampleHistoryChart";

export function SampleHistoryPart({ sample }: { sample: number }) {
  const styles = rowStyles(rows.value);
  const histories = rows.value.map(historyOf);
  const hasSome = histories.some((one) => one !== null && (one.prediction !== null || one.confidence !== null));
  const isKnown = histories.every((one) => one !== null);
  if (isKnown && !hasSome)
    return (
      <section class="inspector-part">
        <h3>Predictions</h3>
        <p class="muted inspector-note">None of these models logged predictions.</p>
      </section>
    );
  return (
    <section class="inspector-part" aria-label="Predictions">
      <h3>Predictions{readStep.value !== null && ` at step ${stepText(readStep.value)}`}</h3>
      <table class="inspected-predictions">
        <tbody>
          {rows.value.map((row) => (
            <Prediction key={row.key} row={row} sample={sample} style={styles.get(row.key)} />
          ))}
        </tbody>
      </table>
      {hasSome && <SampleHistoryChart sample={sample} />}
    </section>
  );
}

/** From the history; until that is there, from what the maps are coloured by. */
function readingOf(row: Row, sample: number): Reading {
  const history = historyOf(row);
  if (history !== null && readStep.value !== null) return readingAt(history, readStep.value);
  const outputs = outputsOf(row);
  return { prediction: outputs?.prediction?.[sample] ?? null, confidence: outputs?.confidence?.[sample] ?? null };
}

function Prediction({ row, sample, style }: { row: Row; sample: number; style: RowStyle | undefined }) {
  const known = probe.value;
  const { prediction, confidence } = readingOf(row, sample);
  const label = known?.labels?.[sample];
  const right = prediction === null || label === undefined ? null : prediction === label;
  return (
    <tr data-testid="inspected-prediction" data-run={row.run} data-model={row.model.name} data-right={right}>
      <td>{style && <LineSample style={style} />}</td>
      <th scope="row" title={`${row.model.name} · ${row.run}`}>
        {rowNames(rows.value).get(row.key)}
      </th>
      <td class={right === null ? "" : right ? "verdict right" : "verdict wrong"}>
        {right !== null && <Icon name={right ? "check" : "cross"} />}
        <span class="unseen">{right === null ? "" : right ? "right: " : "wrong: "}</span>
        {known === null || prediction === null ? "–" : className(known, prediction)}
      </td>
      <td class="number">{percent(confidence)}</td>
    </tr>
  );
}
