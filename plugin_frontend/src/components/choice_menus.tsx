/** The two lists of check boxes: which rows and which layers show. */

import { allRows, columnNames, rows, shownColumns } from "../state/grid";
import { chooseProbe } from "../state/probe_choice";
import { overview, probeChoices, probeGroup } from "../state/server";
import { chosenColumns, chosenRows } from "../state/settings";
import { Menu } from "./Menu";
import { RoleBadge } from "./RoleBadge";

export function RowsMenu() {
  const shown = new Set(rows.value.map((row) => row.key));
  return (
    <Menu label="Rows" value={`${shown.size} of ${allRows.value.length}`} testid="rows">
      <ProbeChoice />
      <p class="sheet-title">Models, by run</p>
      {allRows.value.map((row) => (
        <label key={row.key} class="choice">
          <input
            type="checkbox"
            data-testid="row-choice"
            checked={shown.has(row.key)}
            onChange={() => {
              const keys = rows.value.map((one) => one.key);
              chosenRows.value = shown.has(row.key) ? keys.filter((key) => key !== row.key) : [...keys, row.key];
            }}
          />
          <span class="choice-name">
            {row.model.name} <span class="muted">{row.run}</span>
          </span>
          <RoleBadge role={row.model.role} />
        </label>
      ))}
      <BrokenRuns />
    </Menu>
  );
}

/** Samples can be followed only among runs that embedded the same ones. */
function ProbeChoice() {
  if (probeChoices.value.length < 2) return null;
  return (
    <fieldset class="sheet-part">
      <legend class="sheet-title">Probe: only runs with the same samples can be compared</legend>
      {probeChoices.value.map((group) => (
        <label key={group.fingerprint} class="choice">
          <input
            type="radio"
            name="probe"
            data-testid="probe-choice"
            checked={group === probeGroup.value}
            onChange={() => {
              chooseProbe(group.fingerprint);
            }}
          />
          <span class="choice-name">
            {group.size} samples <span class="muted">{group.runs.join(", ")}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function BrokenRuns() {
  const broken = overview.value?.runs.filter((run) => run.error !== null) ?? [];
  if (broken.length === 0) return null;
  return (
    <div class="sheet-part">
      <p class="sheet-title">Runs that cannot be read</p>
      {broken.map((run) => (
        <p key={run.name} class="broken-run">
          <b>{run.name}</b>: {run.error}
        </p>
      ))}
    </div>
  );
}

export function LayersMenu() {
  const shown = shownColumns.value;
  return (
    <Menu label="Layers" value={`${shown.length} of ${columnNames.value.length}`} testid="layers">
      <p class="sheet-title">Columns, from input to output</p>
      {columnNames.value.map((name, column) => (
        <label key={name} class="choice">
          <input
            type="checkbox"
            data-testid="layer-choice"
            checked={shown.includes(column)}
            disabled={shown.length === 1 && shown[0] === column}
            onChange={() => {
              const others = shown.filter((other) => other !== column);
              // A column that comes back takes the place that it has by depth.
              const after = others.findIndex((other) => other > column);
              const place = after === -1 ? others.length : after;
              chosenColumns.value = shown.includes(column) ? others : others.toSpliced(place, 0, column);
            }}
          />
          <span class="choice-name">{name}</span>
        </label>
      ))}
    </Menu>
  );
}
