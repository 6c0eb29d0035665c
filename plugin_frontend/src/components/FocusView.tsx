/** One or two maps large, side by side, and the way back to all of them. */

import { useCallback, useEffect, useRef } from "preact/hooks";
import { focused, panels } from "../state/grid";
import { PANEL_HEADER_HEIGHT } from "../state/grid_layout";
import { pairReading } from "../state/pair_reading";
import { gridScroll, gridSize, layout } from "../state/scene";
import { backToAllMaps } from "../state/views";
import { GridCanvas } from "./GridCanvas";
import { Icon } from "./icons";
import { MapPanel } from "./MapPanel";
import { type Size, useSize } from "./use_size";

export function FocusView() {
  return (
    <div class="focus-view" data-testid="focus">
      <FocusBar />
      <FocusMaps />
    </div>
  );
}

function FocusMaps() {
  const onSize = useCallback((size: Size) => {
    gridSize.value = size;
    gridScroll.value = { left: 0, top: 0 };
  }, []);
  const [view] = useSize<HTMLDivElement>(onSize);
  const { cellWidth, cellHeight, columns } = layout.value;
  const style = {
    "--panel-header-height": `${PANEL_HEADER_HEIGHT}px`,
    gridTemplateColumns: `repeat(${columns}, ${cellWidth}px)`,
    gridAutoRows: `${cellHeight}px`,
  };
  return (
    <div class="grid-view">
      <GridCanvas />
      <div ref={view} class="grid-scroll">
        <div class="grid" style={style}>
          {panels.value.map((panel) => (
            <MapPanel key={panel.key} panel={panel} isAlone />
          ))}
        </div>
      </div>
    </div>
  );
}

function FocusBar() {
  const bar = useRef<HTMLElement>(null);
  // Whoever came by the keyboard goes on from here.
  useEffect(() => bar.current?.focus(), []);
  const reading = pairReading.value;
  const names = (focused.value ?? []).map(({ row, layer }) => `${row.model.name} · ${layer.name}`);
  return (
    <section ref={bar} class="focus-bar" tabIndex={-1} aria-label={`Maps of ${names.join(" and ")}`}>
      <button
        type="button"
        class="back-button"
        title="Back to all maps (Escape)"
        data-testid="back-to-all"
        onClick={backToAllMaps}
      >
        <Icon name="back" /> Back to all maps
      </button>
      {reading !== null && (
        <p data-testid="pair-reading">
          <span class="muted">{reading.label} of the two layers</span> <b>{reading.value}</b>{" "}
          <span class="muted">{reading.direction}</span>
        </p>
      )}
    </section>
  );
}
