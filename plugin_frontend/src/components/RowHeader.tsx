/** At the left of a row: which model of which run it is, its role, the step that it shows, and how well it does there. */

import { rows, step } from "../state/grid";
import { shareText, stepText } from "../state/number_format";
import { rowStyles } from "../state/row_styles";
import { type Row, shortRuns } from "../state/rows";
import { linesOf, valueAt } from "../state/series";
import { measures } from "../state/server";
import { storedStep } from "../state/timeline";
import { LineSample } from "./LineSample";
import { RoleBadge } from "./RoleBadge";

export function RowHeader({ row }: { row: Row }) {
  const stored = step.value === null ? null : storedStep(row.model.steps, step.value);
  const line = linesOf(measures.value, [row], "accuracy", [null], null)[0];
  const accuracy = line === undefined || step.value === null ? null : valueAt(line, step.value);
  const style = rowStyles(rows.value).get(row.key);
  return (
    <div class="row-header" data-testid="row-header" data-run={row.run} data-model={row.model.name}>
      <div class="row-name" title={row.model.name}>
        {row.model.name}
      </div>
      <div class="row-run muted" title={row.run}>
        {shortRuns(rows.value).get(row.run)}
      </div>
      <div class="row-role">
        <RoleBadge role={row.model.role} />
        {style && <LineSample style={style} />}
      </div>
      <dl class="row-facts">
        <dt>step</dt>
        <dd data-testid="row-step">{row.model.static ? "fixed" : stored === null ? "none yet" : stepText(stored)}</dd>
        {accuracy !== null && (
          <>
            <dt title="Share of the probe's samples that this model predicts right at this step">accuracy</dt>
            <dd>{shareText(accuracy)}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
