/** The rows that do not show, run by run, where there are many. */

import { showOnlyRow } from "../state/row_choice";
import type { Row } from "../state/rows";
import { RoleBadge } from "./RoleBadge";

interface Props {
  readonly rows: readonly Row[];
  /** What each run is called. */
  readonly runs: ReadonlyMap<string, string>;
  readonly onToggle: (key: string) => void;
}

export function OtherRows({ rows, runs, onToggle }: Props) {
  const names = [...new Set(rows.map((row) => row.run))];
  return (
    <>
      {names.length > 0 && <p class="sheet-title other-rows">Not on screen, by run</p>}
      {names.map((run) => (
        <fieldset key={run} class="other-run">
          <legend class="sheet-title" title={run}>
            {runs.get(run)}
          </legend>
          {rows
            .filter((row) => row.run === run)
            .map((row) => (
              <div key={row.key} class="ordered-item">
                <span class="no-handle" />
                <label class="choice">
                  <input type="checkbox" data-testid="row-choice" checked={false} onChange={() => onToggle(row.key)} />
                  <span class="choice-name">{row.model.name}</span>
                  <RoleBadge role={row.model.role} />
                </label>
                <button
                  type="button"
                  class="only"
                  aria-label={`Show ${row.model.name} of ${run} alone`}
                  data-testid="row-choice-only"
                  onClick={() => showOnlyRow(row.key)}
                >
                  only
                </button>
              </div>
            ))}
        </fieldset>
      ))}
    </>
  );
}
