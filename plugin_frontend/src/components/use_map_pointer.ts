/** What the pointer does on a map: hover, click, drag to move, wheel to zoom, drag a lasso. Cameras of all maps are one. */

import type { TargetedMouseEvent, TargetedPointerEvent, TargetedWheelEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Point, pan, toMap, zoomAbout } from "../drawing/camera";
import { lasso } from "../drawing/lasso";
import { pick } from "../drawing/picking";
import type { PanelInfo } from "../state/grid";
import { view } from "../state/home_view";
import { isOfOtherMaps, mix } from "../state/motion";
import { drawnPanels, rectOf } from "../state/scene";
import { camera, hovered, hoveredPanel, pointer, selection, tool } from "../state/settings";

/** Less than this is a click with an unsteady hand. CSS pixels. */
const CLICK_SLACK = 4;
const ZOOM_PER_PIXEL = 0.0016;

interface Drag {
  readonly kind: "pan" | "lasso";
  readonly start: Point;
  last: Point;
  moved: boolean;
}

export function useMapPointer(panel: PanelInfo) {
  const drag = useRef<Drag | null>(null);
  /** What was selected before a click, for when that turns out to be half of a double click. */
  const selectedBefore = useRef<ReadonlySet<number>>(selection.peek());
  const dragged = useRef(false);
  /** The lasso as drawn so far, CSS pixels from the map's corner. */
  const [outline, setOutline] = useState<readonly Point[] | null>(null);

  const local = (event: { clientX: number; clientY: number; currentTarget: HTMLElement }): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  /** From the map's corner to the canvas's. */
  const onCanvas = ({ x, y }: Point): Point => {
    const rect = rectOf(panel);
    return { x: x + rect.x, y: y + rect.y };
  };
  const drawnMap = () => (isOfOtherMaps(panel) ? undefined : drawnPanels.peek().get(panel.key));
  const sampleAt = (at: Point): number | null => {
    const drawn = drawnMap();
    return drawn === undefined ? null : pick(drawn, mix.peek(), onCanvas(at));
  };

  const finishLasso = () => {
    const drawn = drawnMap();
    if (drawn === undefined || outline === null) return;
    const polygon = outline.map((at) => toMap(drawn.rect, drawn.camera, onCanvas(at)));
    selection.value = new Set(lasso(drawn, mix.peek(), polygon));
  };

  const handlers = {
    onPointerDown(event: TargetedPointerEvent<HTMLDivElement>) {
      if (event.button !== 0 || !event.isPrimary) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = local(event);
      const kind = tool.peek() === "lasso" || event.shiftKey ? "lasso" : "pan";
      drag.current = { kind, start: at, last: at, moved: false };
      if (kind === "lasso") setOutline([at]);
    },
    onPointerMove(event: TargetedPointerEvent<HTMLDivElement>) {
      if (!event.isPrimary) return;
      hoveredPanel.value = panel.key;
      const at = local(event);
      pointer.value = { x: event.clientX, y: event.clientY };
      const now = drag.current;
      if (now === null) {
        hovered.value = sampleAt(at);
        return;
      }
      now.moved ||= Math.hypot(at.x - now.start.x, at.y - now.start.y) > CLICK_SLACK;
      if (!now.moved) return;
      hovered.value = null;
      if (now.kind === "lasso") setOutline((before) => [...(before ?? []), at]);
      else camera.value = pan(rectOf(panel), view.peek(), at.x - now.last.x, at.y - now.last.y);
      now.last = at;
    },
    onPointerUp(event: TargetedPointerEvent<HTMLDivElement>) {
      if (!event.isPrimary) return;
      const now = drag.current;
      drag.current = null;
      setOutline(null);
      dragged.current = now?.moved === true;
      if (now?.moved && now.kind === "lasso") finishLasso();
    },
    onClick(event: TargetedMouseEvent<HTMLDivElement>) {
      // The second click of a double click is not meant for the sample under it.
      if (dragged.current || event.detail > 1) return;
      selectedBefore.current = selection.peek();
      const sample = sampleAt(local(event));
      if (sample !== null) selection.value = new Set([sample]);
    },
    onPointerCancel() {
      drag.current = null;
      setOutline(null);
    },
    onPointerLeave() {
      hoveredPanel.value = null;
      if (drag.current === null) hovered.value = null;
    },
    onWheel(event: TargetedWheelEvent<HTMLDivElement>) {
      // With Shift the wheel scrolls the grid, where that is larger than its place.
      if (event.shiftKey) return;
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
      const factor = Math.exp(-pixels * ZOOM_PER_PIXEL);
      camera.value = zoomAbout(rectOf(panel), view.peek(), onCanvas(local(event)), factor);
      if (drag.current === null) hovered.value = sampleAt(local(event));
    },
    onDblClick() {
      camera.value = null;
      hovered.value = null;
      selection.value = selectedBefore.current;
    },
  };
  return { handlers, outline };
}
