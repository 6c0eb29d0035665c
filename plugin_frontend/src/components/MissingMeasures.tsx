/** Which measures are not there, and how to come by them. */

import { infoOf } from "../state/chart";
import { commandFor, computable, missing, unlabelled } from "../state/measures_view";
import { CommandToRun } from "./CommandToRun";

export const labelsOf = (names: readonly string[]) => names.map((name) => infoOf(name).label).join(", ");

export function MissingMeasures() {
  if (missing.value.length === 0) return null;
  return (
    <div class="sheet-part missing" data-testid="missing-measures">
      {computable.value.length > 0 && (
        <>
          <p class="sheet-title">
            <b>Not computed for these rows</b> {labelsOf(computable.value)}. To compute them from what is logged:
          </p>
          <p class="missing-command">
            <CommandToRun command={commandFor(computable.value)} />
          </p>
        </>
      )}
      {unlabelled.value.length > 0 && (
        <p class="sheet-title">
          <b>Need labels</b>, which this probe has none of: {labelsOf(unlabelled.value)}.
        </p>
      )}
    </div>
  );
}
