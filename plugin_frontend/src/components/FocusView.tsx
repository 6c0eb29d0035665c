/** One or two maps large, side by side or one over the other, and the way back to all of them. */

import { useCallback, useLayoutEffect } from "preact/hooks";
import { focused, isOverlay, panels } from "../state/grid";
import { PANEL_HEADER_HEIGHT } from "../state/grid_layout";
import { LETTERS } from "../state/overlay";
import { gridScroll, gridSize, layout } from "../state/scene";
import { overlayBy } from "../state/settings";
import { FocusBar } from "./FocusBar";
import { GridCanvas } from "./GridCanvas";
import { MapPanel } from "./MapPanel";
import { OverlayTags } from "./OverlayTags";
import { type Size, useSize } from "./use_size";
import { WipeLine } from "./WipeLine";

export function FocusView() {
  // Whoever goes back by the keyboard goes on from the map that was large.
  useLayoutEffect(() => {
    const first = panels.peek()[0]?.key;
    return () =>
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body || first === undefined) return;
        document.querySelector<HTMLElement>(`[data-expands="${CSS.escape(first)}"]`)?.focus({ preventScroll: true });
      });
  }, []);
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
  const areTwo = focused.value?.length === 2;
  return (
    <div class={`grid-view ${isOverlay.value ? "overlay" : ""}`}>
      <GridCanvas />
      <div ref={view} class="grid-scroll">
        <div class="grid" style={style}>
          {panels.value.map((panel, place) => (
            <MapPanel key={panel.key} panel={panel} isAlone letter={areTwo ? (LETTERS[place] ?? null) : null} />
          ))}
        </div>
      </div>
      {isOverlay.value && <OverlayTags />}
      {isOverlay.value && overlayBy.value === "wipe" && <WipeLine />}
    </div>
  );
}
