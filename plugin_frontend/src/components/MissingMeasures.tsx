/** Which measures are not there, and how to come by them. */

import { infoOf } from "../state/chart";
import { missing } from "../state/measures_view";
import { probe } from "../state/server";
import { CommandToRun } from "./CommandToRun";

export const MEASURE_COMMAND = "kd-projector measure LOGDIR";

export function MissingMeasures() {
  const hasNoLabels = probe.value !== null && probe.value.labels === null;
  const unlabelled = missing.value.filter((name) => hasNoLabels && infoOf(name).needs_labels);
  const computable = missing.value.filter((name) => !unlabelled.includes(name));
  if (missing.value.length === 0) return null;
  return (
    <div class="sheet-part missing" data-testid="missing-measures">
      {computable.length > 0 && (
        <>
          <p class="sheet-title">
            <b>Not computed for these rows</b> {computable.map((name) => infoOf(name).label).join(", ")}. To compute
            them from what is logged:
          </p>
          <p class="missing-command">
            <CommandToRun command={MEASURE_COMMAND} />
          </p>
        </>
      )}
      {unlabelled.length > 0 && (
        <p class="sheet-title">
          <b>Need labels</b>, which this probe has none of: {unlabelled.map((name) => infoOf(name).label).join(", ")}.
        </p>
      )}
    </div>
  );
}
