/** Over the chart: which measure of which layer, what it means and which way is better, and the axis of steps. */

import { infoOf, lines, measure, measureColumn } from "../state/chart";
import { columnNames, rows } from "../state/grid";
import { areComing, choiceGroups, commandFor } from "../state/measures_view";
import { chosenMeasure, chosenMeasureColumn } from "../state/settings";
import { CommandToRun } from "./CommandToRun";
import { Explanation } from "./Explanation";
import { LogAxis } from "./LogAxis";

export function ChartHead() {
  const name = measure.value;
  if (name === null) return <NoMeasure />;
  const info = infoOf(name);
  const against = [...new Set(lines.value.flatMap((line) => line.against ?? []))];
  return (
    <div class="chart-head">
      <select
        aria-label="Measure"
        data-testid="measure"
        value={name}
        onChange={(event) => {
          chosenMeasure.value = event.currentTarget.value;
        }}
      >
        {choiceGroups.value.map(({ group, measures }) => (
          <optgroup key={group.name} label={group.label}>
            {measures.map((choice) => (
              <option key={choice} value={choice}>
                {infoOf(choice).label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {info.scope !== "output" && (
        <label class="field">
          <span class="muted">of layer</span>
          <select
            data-testid="measure-layer"
            value={measureColumn.value}
            onChange={(event) => {
              chosenMeasureColumn.value = Number(event.currentTarget.value);
            }}
          >
            {columnNames.value.map((column, i) => (
              <option key={column} value={i}>
                {column}
              </option>
            ))}
          </select>
        </label>
      )}
      {against.length > 0 && <span class="muted">with {against.join(", ")}</span>}
      {info.text !== "" && (
        <Explanation of={info.label} testid="explain-measure">
          <dl>
            <dt>{info.label}</dt>
            <dd>{info.text}</dd>
            <dd>{info.direction}</dd>
          </dl>
        </Explanation>
      )}
      <span class="chart-text muted" data-testid="measure-text">
        <b>{info.direction}</b> {info.text}
      </span>
      <LogAxis />
    </div>
  );
}

/** Why there is nothing to draw, and what fills it. */
function NoMeasure() {
  if (rows.value.length === 0) return <div class="chart-head" />;
  if (areComing.value) return <div class="chart-head muted">Reading the measures…</div>;
  return (
    <div class="chart-head" data-testid="chart-empty">
      <span class="chart-text muted" title="The logger writes measures at each step, unless told not to.">
        These rows were logged without measures. To compute them from what is logged:
      </span>
      <CommandToRun command={commandFor([])} />
    </div>
  );
}
