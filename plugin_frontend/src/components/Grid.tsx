/** The grid of maps: rows are models, columns are layers; the canvas lies under it, all else is elements over it. */

import { useCallback } from "preact/hooks";
import { columns, panels, rows, shownColumns } from "../state/grid";
import { HEADER_WIDTH, PANEL_HEADER_HEIGHT } from "../state/grid_layout";
import { whyEmpty } from "../state/layer_matching";
import type { Row } from "../state/rows";
import { gridScroll, gridSize, layout } from "../state/scene";
import { CommandToRun } from "./CommandToRun";
import { GridCanvas } from "./GridCanvas";
import { MapPanel } from "./MapPanel";
import { RowHeader } from "./RowHeader";
import { type Size, useSize } from "./use_size";

export function Grid() {
  const onSize = useCallback((size: Size) => {
    gridSize.value = size;
  }, []);
  const [view] = useSize<HTMLDivElement>(onSize);
  const { cellWidth, cellHeight } = layout.value;
  const style = {
    "--header-width": `${HEADER_WIDTH}px`,
    "--panel-header-height": `${PANEL_HEADER_HEIGHT}px`,
    gridTemplateColumns: `${HEADER_WIDTH}px repeat(${shownColumns.value.length}, ${cellWidth}px)`,
    gridAutoRows: `${cellHeight}px`,
  };
  return (
    <div class="grid-view" data-testid="grid">
      <GridCanvas />
      <div
        ref={view}
        class="grid-scroll"
        onScroll={({ currentTarget }) => {
          gridScroll.value = { left: currentTarget.scrollLeft, top: currentTarget.scrollTop };
        }}
      >
        <div class="grid" style={style}>
          {rows.value.map((row, rowIndex) => (
            <GridRow key={row.key} row={row} rowIndex={rowIndex} />
          ))}
        </div>
      </div>
    </div>
  );
}

function GridRow({ row, rowIndex }: { row: Row; rowIndex: number }) {
  const ofRow = new Map(
    panels.value.flatMap((panel) => (panel.rowIndex === rowIndex ? [[panel.columnIndex, panel]] : [])),
  );
  return (
    <>
      <RowHeader row={row} />
      {shownColumns.value.map((column, columnIndex) => {
        const panel = ofRow.get(columnIndex);
        if (panel !== undefined) return <MapPanel key={panel.key} panel={panel} />;
        // Empty places side by side are one, and are explained once.
        if (columnIndex > 0 && !ofRow.has(columnIndex - 1)) return null;
        const next = shownColumns.value.findIndex((_, other) => other > columnIndex && ofRow.has(other));
        const span = (next < 0 ? shownColumns.value.length : next) - columnIndex;
        return <NoMap key={column} rowIndex={rowIndex} column={column} span={span} />;
      })}
    </>
  );
}

/** Says why a place is empty. */
function NoMap({ rowIndex, column, span }: { rowIndex: number; column: number; span: number }) {
  const style = { gridColumn: `span ${span}` };
  if (columns.value.cells[rowIndex]?.[column])
    return (
      <p class="no-map" style={style}>
        No step logged yet
      </p>
    );
  const { text, reason, command } = whyEmpty(rowIndex, column);
  return (
    <div class="no-map" style={style} title={reason} data-testid="no-map">
      <p>
        {span > 1 && command !== null ? reason : text}
        <span class="unseen">. {reason}</span>
      </p>
      {span > 1 && command !== null && <CommandToRun command={command} />}
    </div>
  );
}
