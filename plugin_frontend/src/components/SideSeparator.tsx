/** Between the view and the column at its right: dragged, or moved by the arrow keys; Enter hides the column, or shows it again. */

import { useRef } from "preact/hooks";
import { sideHidden, sideWidth } from "../state/settings";
import { clampedWidth, MIN_WIDTH, maxWidth, width } from "../state/side_column";

const STEP = 16;

/** What a key makes of a width; the column is at the right, so it grows to the left. */
const KEYS: Readonly<Record<string, (before: number) => number>> = {
  ArrowLeft: (before) => before + STEP,
  ArrowRight: (before) => before - STEP,
  Home: () => MIN_WIDTH,
  End: () => maxWidth.peek(),
};

export function SideSeparator({ controls }: { controls: string }) {
  const grip = useRef<{ x: number; width: number } | null>(null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator in focus that moves is no <hr>
    <div
      class="side-separator"
      role="separator"
      aria-label="Width of the column at the right"
      aria-orientation="vertical"
      aria-controls={controls}
      aria-valuenow={width.value}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={maxWidth.value}
      aria-valuetext={`${width.value} pixels`}
      title="Drag to make this column wider; a double click brings its first width back"
      tabIndex={0}
      data-takes-keys
      data-testid="side-separator"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { x: event.clientX, width: width.peek() };
      }}
      onPointerMove={(event) => {
        const held = grip.current;
        if (held === null) return;
        sideWidth.value = clampedWidth(held.width + held.x - event.clientX, maxWidth.peek());
      }}
      onPointerUp={() => {
        grip.current = null;
      }}
      onPointerCancel={() => {
        grip.current = null;
      }}
      onDblClick={() => {
        sideWidth.value = null;
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") sideHidden.value = true;
        const change = KEYS[event.key];
        if (change === undefined) return;
        event.preventDefault();
        sideWidth.value = clampedWidth(change(width.peek()), maxWidth.peek());
      }}
    />
  );
}
