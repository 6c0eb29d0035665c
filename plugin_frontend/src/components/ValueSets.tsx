/** Samples by their values: a column and whose it is, then a range of its amounts or one of its names. */

import { useMemo } from "preact/hooks";
import { classColors, cssColor } from "../state/colors";
import { panels, rows } from "../state/grid";
import { valueCounts, within } from "../state/histogram";
import { rowNames } from "../state/rows";
import { type ColumnScope, columnText, type SampleColumn, sampleColumns } from "../state/sample_columns";
import {
  chooseColumn,
  choosePanel,
  chooseRow,
  column,
  columnHistogram,
  columnValues,
  isWholeRange,
  owner,
  range,
} from "../state/select_sheet";
import { available } from "../state/selection";
import { HistogramBrush } from "./HistogramBrush";
import { PanelSelect } from "./PanelSelect";
import { SampleSetRow } from "./SampleSetRow";
import { SelectActions } from "./SelectActions";
import { usePreview } from "./use_preview";

const SCOPES: Readonly<Record<ColumnScope, string>> = {
  sample: "Of the sample",
  model: "Of a model, at this step",
  map: "Of a layer and its map, at this step",
};

export function ValueSets() {
  const now = column.value;
  if (now === null) return null;
  return (
    <section aria-label="By value">
      <div class="value-of">
        <ColumnChoice chosen={now} />
        {now.scope === "model" && <RowChoice />}
        {now.scope === "map" && <PanelChoice />}
      </div>
      <p class="muted value-text">{now.text}</p>
      {columnValues.value === null ? (
        <p class="value-text" role="status">
          Nothing of it is known at this step{now.scope === "sample" ? "" : " yet"}.
        </p>
      ) : now.kind === "number" ? (
        <ValueRange key={now.key} />
      ) : (
        <ValueList of={now} />
      )}
    </section>
  );
}

function ColumnChoice({ chosen }: { chosen: SampleColumn }) {
  const scopes = (Object.keys(SCOPES) as ColumnScope[]).map((scope) => ({
    scope,
    columns: sampleColumns.value.filter((one) => one.scope === scope),
  }));
  return (
    <select
      class="chosen-column"
      aria-label="Column"
      data-testid="value-column"
      value={chosen.key}
      onChange={(event) => chooseColumn(event.currentTarget.value)}
    >
      {scopes.map(({ scope, columns }) => (
        <optgroup key={scope} label={SCOPES[scope]}>
          {columns.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function RowChoice() {
  const names = rowNames(rows.value);
  return (
    <div class="value-owner">
      <span class="muted">of</span>
      <select
        aria-label="Model"
        data-testid="value-row"
        value={owner.value.row?.key}
        onChange={(event) => chooseRow(event.currentTarget.value)}
      >
        {rows.value.map(({ key }) => (
          <option key={key} value={key}>
            {names.get(key)}
          </option>
        ))}
      </select>
    </div>
  );
}

function PanelChoice() {
  return (
    <div class="value-owner">
      <span class="muted">of</span>
      <PanelSelect panels={panels.value} value={owner.value.panel?.key} onChange={choosePanel} testid="value-panel" />
    </div>
  );
}

function ValueRange() {
  const values = columnValues.value;
  const samples = useMemo(
    () => (values === null ? [] : within(values, range.value, available.value)),
    [values, range.value, available.value],
  );
  usePreview(isWholeRange.value ? null : samples);
  const spread = columnHistogram.value;
  if (spread === null) return <p class="value-text">No sample has a value in it.</p>;
  return (
    <>
      <HistogramBrush histogram={spread} />
      <SelectActions samples={samples} note={spread.unknown > 0 ? `${spread.unknown} unknown` : undefined} />
    </>
  );
}

function ValueList({ of }: { of: SampleColumn }) {
  const values = columnValues.value;
  const counts = useMemo(
    () => (values === null ? [] : valueCounts(values, available.value)),
    [values, available.value],
  );
  const most = Math.max(...counts.map(({ samples }) => samples.length));
  const isClass = of.key === "label" || of.key === "prediction";
  return (
    <div class="value-list">
      {counts.map(({ value, samples }) => (
        <SampleSetRow
          key={String(value)}
          testid="value"
          name={String(value)}
          of={most}
          samples={samples}
          label={
            <>
              {isClass && typeof value === "number" && (
                <span class="swatch" style={{ background: cssColor(classColors.value.get(value)) }} />
              )}
              {value === null ? "unknown" : columnText(of, value)}
            </>
          }
        />
      ))}
    </div>
  );
}
