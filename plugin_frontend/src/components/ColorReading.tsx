/** What the colour of the sample under the pointer says, in words, where its card does not say it anyway. */

import { colorColumn, valuesShown } from "../state/color_column";
import { panels } from "../state/grid";
import { shown } from "../state/motion";
import { columnText } from "../state/sample_columns";
import { hoveredPanel } from "../state/settings";
import { nameOfTeacher, teacherOfRow } from "../state/teachers";

/** These stand in every card, for all models. */
const SAID_ANYWAY = new Set(["label", "prediction", "correctness", "confidence"]);

export function ColorReading({ sample }: { sample: number }) {
  const column = colorColumn.value;
  const panel = panels.value.find((one) => one.key === hoveredPanel.value);
  const frame = shown.value.get(hoveredPanel.value ?? "")?.frame;
  if (panel === undefined || frame === undefined || SAID_ANYWAY.has(column.key)) return null;
  const value = valuesShown(panel, frame)?.[sample];
  const isKnown = value !== undefined && value !== null && !Number.isNaN(value);
  const teacher = column.isOfTeacher ? teacherOfRow(panel.row) : null;
  const named = teacher === null ? null : nameOfTeacher(teacher);
  return (
    <p class="on-this-map" data-testid="sample-value">
      <span class="muted">
        {column.label}
        {named !== null && ` (${named})`}
      </span>{" "}
      {isKnown ? <b>{columnText(column, value)}</b> : (column.unknown({ row: panel.row, panel }, value) ?? "–")}
    </p>
  );
}
