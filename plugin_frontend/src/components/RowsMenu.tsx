/** The sheet of rows: which models of which runs show and in what order; of which probe; what cannot be read. */

import { useState } from "preact/hooks";
import { chooseProbe } from "../state/probe_choice";
import { listedRows, moveRow, showAllRows, showOnlyRow, showRowsAsAtFirst, toggleRow } from "../state/row_choice";
import { isTeacher, type Row, shortRuns } from "../state/rows";
import { overview, probeChoices, probeGroup } from "../state/server";
import { chosenRows } from "../state/settings";
import { allRows, rows } from "../state/shown_rows";
import { ChoicesHead } from "./ChoicesHead";
import { Menu } from "./Menu";
import { OrderedChoices } from "./OrderedChoices";
import { OtherRows } from "./OtherRows";
import { RoleBadge } from "./RoleBadge";

/** More than these are not seen at one glance: those that do not show are listed apart, and can be searched. */
const FEW = 12;

export function RowsMenu() {
  // Where they are listed apart, a row that is hidden stays at its place until the sheet closes.
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [filter, setFilter] = useState("");
  const shown = new Set(rows.value.map((row) => row.key));
  const areMany = allRows.value.length > FEW;
  const matches = (row: Row) => `${row.model.name} ${row.run} ${row.model.role}`.toLowerCase().includes(filter);
  const found = listedRows().filter(matches);
  const isAbove = (row: Row) => !areMany || shown.has(row.key) || kept.has(row.key);
  const runs = shortRuns(allRows.value);
  const toggle = (key: string) => {
    setKept(new Set(kept).add(key));
    toggleRow(key);
  };
  const onToggle = (isOpen: boolean) => {
    if (isOpen) return;
    setKept(new Set());
    setFilter("");
  };
  return (
    <Menu label="Rows" value={`${shown.size}/${allRows.value.length}`} testid="rows" onToggle={onToggle}>
      <ProbeChoice />
      {areMany && (
        <input
          type="search"
          class="sheet-filter"
          placeholder="Run, model or role"
          aria-label="Rows with this in their run, model or role"
          data-testid="row-filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value.toLowerCase())}
        />
      )}
      <ChoicesHead
        title={areMany ? "Rows on screen" : "Rows, teachers on top"}
        testid="rows"
        allShow={shown.size === allRows.value.length}
        isAsAtFirst={chosenRows.value === null}
        onAll={showAllRows}
        onAsAtFirst={showRowsAsAtFirst}
      />
      <OrderedChoices
        items={found.filter(isAbove).map((row) => ({
          key: row.key,
          label: `${row.model.name} of ${row.run}`,
          children: <RowName row={row} run={runs.get(row.run) ?? row.run} />,
          shown: shown.has(row.key),
          band: isTeacher(row) ? 0 : 1,
        }))}
        testid="row-choice"
        canBeEmpty
        onToggle={toggle}
        onOnly={showOnlyRow}
        onMove={moveRow}
      />
      <OtherRows rows={found.filter((row) => !isAbove(row))} runs={runs} onToggle={toggle} />
      {found.length === 0 && <p class="sheet-title">No row has “{filter}” in its run, model or role.</p>}
      <BrokenRuns />
    </Menu>
  );
}

function RowName({ row, run }: { row: Row; run: string }) {
  return (
    <>
      <span class="choice-name" title={`${row.model.name} of ${row.run}`}>
        {row.model.name} <span class="muted">{run}</span>
      </span>
      <RoleBadge role={row.model.role} />
    </>
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
