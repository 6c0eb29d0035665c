/** The grid of maps: rows are models, columns are layers; the canvas lies under it, all else is elements over it. */

import { useCallback } from "preact/hooks";
import { columns, panels, rows, shownColumns } from "../state/grid";
import { HEADER_WIDTH, PANEL_HEADER_HEIGHT } from "../state/grid_layout";
import type { Row } from "../state/rows";
import { gridScroll, gridSize, layout } from "../state/scene";
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
  const ofRow = panels.value.filter((panel) => panel.rowIndex === rowIndex);
  return (
    <>
      <RowHeader row={row} />
      {shownColumns.value.map((column, columnIndex) => {
        const panel = ofRow.find((one) => one.columnIndex === columnIndex);
        if (panel !== undefined) return <MapPanel key={panel.key} panel={panel} />;
        const hasLayer = Boolean(columns.value.cells[rowIndex]?.[column]);
        return (
          <div key={column} class="no-map">
            {hasLayer ? "No step logged yet" : <span title="This model has fewer layers">·</span>}
          </div>
        );
      })}
    </>
  );
}
