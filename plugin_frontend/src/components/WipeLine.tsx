/** The line between the two maps of a wipe: dragged, or moved by the arrow keys; at its sides what lies there. */

import type { TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import { panels } from "../state/grid";
import { PANEL_HEADER_HEIGHT } from "../state/grid_layout";
import { LETTERS } from "../state/overlay";
import { layout } from "../state/scene";
import { overlayShare } from "../state/settings";

const STEP = 0.02;
const KEYS: Readonly<Record<string, (share: number) => number>> = {
  ArrowLeft: (share) => share - STEP,
  ArrowDown: (share) => share - STEP,
  ArrowRight: (share) => share + STEP,
  ArrowUp: (share) => share + STEP,
  PageDown: (share) => share - 5 * STEP,
  PageUp: (share) => share + 5 * STEP,
  Home: () => 0,
  End: () => 1,
};

function moveTo(share: number): void {
  overlayShare.value = Math.min(1, Math.max(0, Math.round(1000 * share) / 1000));
}

export function WipeLine() {
  /** From the line's middle to where it was taken hold of. */
  const held = useRef<number | null>(null);
  const { cellWidth, cellHeight } = layout.value;
  const share = overlayShare.value;
  const [left, right] = panels.value.map(({ row, layer }) => `${row.model.name} · ${layer.name}`);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const to = KEYS[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(to(share));
  };
  return (
    <div
      class="wipe-line"
      style={{
        left: `${share * cellWidth}px`,
        top: `${PANEL_HEADER_HEIGHT}px`,
        height: `${cellHeight - PANEL_HEADER_HEIGHT}px`,
      }}
      role="slider"
      tabIndex={0}
      aria-label={`Where A, ${left}, ends and B, ${right}, begins`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * share)}
      aria-valuetext={`A ${Math.round(100 * share)}%, B ${Math.round(100 - 100 * share)}%`}
      title="Drag, or the arrow keys"
      data-takes-keys
      data-testid="wipe"
      onKeyDown={onKeyDown}
      onPointerDown={(event: TargetedPointerEvent<HTMLDivElement>) => {
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = event.clientX - share * cellWidth;
      }}
      onPointerMove={(event: TargetedPointerEvent<HTMLDivElement>) => {
        if (held.current !== null) moveTo((event.clientX - held.current) / cellWidth);
      }}
      onPointerUp={() => {
        held.current = null;
      }}
      onPointerCancel={() => {
        held.current = null;
      }}
    >
      <span class="wipe-side wipe-left" aria-hidden="true">
        <b class="letter">{LETTERS[0]}</b> {left}
      </span>
      <span class="wipe-grip" aria-hidden="true" />
      <span class="wipe-side wipe-right" aria-hidden="true">
        <b class="letter">{LETTERS[1]}</b> {right}
      </span>
    </div>
  );
}
