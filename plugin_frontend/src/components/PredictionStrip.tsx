/** What a model predicted for a sample, step by step: filled where it was right, hollow where it was wrong, with the class's name. */

import { inkOn } from "../drawing/ink_on";
import type { StepScale } from "../state/chart_scales";
import { className } from "../state/classes";
import { classColors, cssColor } from "../state/colors";
import { rows, steps } from "../state/grid";
import { stepText } from "../state/number_format";
import { nameThatFits, type Piece, predictionStrip } from "../state/prediction_strip";
import { rowStyles } from "../state/row_styles";
import { type Row, rowNames } from "../state/rows";
import { historyOf } from "../state/sample_history";
import { probe } from "../state/server";

/** CSS pixels. */
export const STRIP_HEIGHT = 14;
const MARGIN = 5;
const CHARACTER = 6.2;

interface Props {
  readonly row: Row;
  readonly sample: number;
  readonly scale: StepScale;
  readonly top: number;
  /** Where the steps begin; left of it stands the row's own line. */
  readonly left: number;
}

function piecesOf(row: Row, toPixel: (step: number) => number): Piece[] {
  const history = historyOf(row);
  const until = row.model.static ? (steps.value.at(-1) ?? null) : null;
  return predictionStrip(history?.steps ?? [], history?.prediction ?? [], toPixel, MARGIN, until);
}

export function PredictionStrip({ row, sample, scale, top, left }: Props) {
  const known = probe.value;
  if (known === null) return null;
  const style = rowStyles(rows.value).get(row.key);
  const label = known.labels?.[sample];
  const y = top + STRIP_HEIGHT / 2;
  return (
    <g class="prediction-strip" data-testid="prediction-strip" data-run={row.run} data-model={row.model.name}>
      <line
        class="strip-line"
        x1="2"
        x2={left - 10}
        y1={y}
        y2={y}
        style={{ stroke: style?.color }}
        stroke-dasharray={style?.dash}
      />
      {piecesOf(row, scale.toPixel).map((piece) => {
        const color = classColors.value.get(piece.prediction);
        const isWrong = label !== undefined && piece.prediction !== label;
        const name = className(known, piece.prediction);
        const width = Math.max(1, piece.right - piece.left - 1);
        return (
          <g
            key={piece.from}
            data-testid="strip-piece"
            data-prediction={piece.prediction}
            data-from={piece.from}
            data-until={piece.until}
          >
            <title>{`${rowNames(rows.value).get(row.key)}, ${stepsText(piece)}: ${name}${isWrong ? " (wrong)" : ""}`}</title>
            <rect
              x={piece.left + (isWrong ? 0.75 : 0)}
              y={top + (isWrong ? 0.75 : 0)}
              width={Math.max(1, width - (isWrong ? 1.5 : 0))}
              height={STRIP_HEIGHT - (isWrong ? 1.5 : 0)}
              rx="2"
              style={isWrong ? { fill: "var(--paper)", stroke: cssColor(color) } : { fill: cssColor(color) }}
            />
            <text
              x={piece.left + width / 2}
              y={y}
              style={{ fill: isWrong || color === undefined ? "var(--ink)" : inkOn(color) }}
            >
              {nameThatFits(name, width, CHARACTER)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

const stepsText = ({ from, until }: Piece) =>
  from === until ? `step ${stepText(from)}` : `steps ${stepText(from)} to ${stepText(until)}`;

/** The same for screen readers. */
export function PredictionsInWords({ sample }: { sample: number }) {
  const known = probe.value;
  if (known === null) return null;
  const label = known.labels?.[sample];
  return (
    <ul class="unseen">
      {rows.value.map((row) => {
        const pieces = piecesOf(row, (step) => step).map((piece) => {
          const verdict = label === undefined ? "" : piece.prediction === label ? " (right)" : " (wrong)";
          return `${stepsText(piece)} ${className(known, piece.prediction)}${verdict}`;
        });
        return pieces.length === 0 ? null : (
          <li key={row.key}>
            {rowNames(rows.value).get(row.key)} predicts: {pieces.join("; ")}
          </li>
        );
      })}
    </ul>
  );
}
