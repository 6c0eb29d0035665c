/**
 * What the pointer does on a map: hover, click, drag to move, wheel or two fingers to zoom, drag a lasso or a rectangle.
 * Cameras of all maps are one.
 */

import { batch } from "@preact/signals";
import type { TargetedMouseEvent, TargetedPointerEvent, TargetedWheelEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Point, pan, toMap, zoomAbout } from "../drawing/camera";
import { lasso } from "../drawing/lasso";
import { pick } from "../drawing/picking";
import { type Fingers, pinched } from "../drawing/pinch";
import type { PanelInfo } from "../state/grid";
import { goHome, view } from "../state/home_view";
import { mapDimensions } from "../state/maps";
import { isOfOtherMaps, mix } from "../state/motion";
import { turned } from "../state/rotation";
import { drawnPanels, rectOf } from "../state/scene";
import { howOf, type Samples, select } from "../state/selection";
import { camera, hovered, hoveredPanel, inspected, pointer, rotation, selection, tool } from "../state/settings";
import { escapeFrom } from "./escape_from";

/** Less than this is a click with an unsteady hand. CSS pixels. */
const CLICK_SLACK = 4;
const ZOOM_PER_PIXEL = 0.0016;

interface Drag {
  readonly kind: "pan" | "turn" | "lasso" | "rectangle";
  readonly start: Point;
  last: Point;
  moved: boolean;
  /** The lasso or rectangle so far, CSS pixels from the map's corner. Not read from what is drawn: that may lag behind. */
  outline: readonly Point[];
}

/**
 * A drag that draws: with the tool for it, or in the move tool while a key says what is to become of the samples. Else it
 * moves the maps; those of three dimensions it turns, and moves with Ctrl or Meta.
 */
function kindOf(event: PointerEvent): Drag["kind"] {
  if (tool.peek() !== "pan") return tool.peek() as Drag["kind"];
  if (event.shiftKey || event.altKey) return "lasso";
  return mapDimensions.peek() === 3 && !event.ctrlKey && !event.metaKey ? "turn" : "pan";
}

const draws = (kind: Drag["kind"]) => kind === "lasso" || kind === "rectangle";

const corners = (a: Point, b: Point): Point[] => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];

export function useMapPointer(panel: PanelInfo) {
  const drag = useRef<Drag | null>(null);
  /** Where each finger is that is down, CSS pixels of the map. */
  const fingers = useRef(new Map<number, Point>());
  /** What was chosen before a click, for when that turns out to be half of a double click. */
  const before = useRef<{ selected: Samples; inspected: number | null }>({ selected: new Set(), inspected: null });
  const dragged = useRef(false);
  const freeEscape = useRef(() => {});
  /** What there is to draw of `Drag.outline`. */
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
  const letGo = () => {
    freeEscape.current();
    freeEscape.current = () => {};
    drag.current = null;
    setOutline(null);
  };
  /** What is drawn comes to nothing; the click that follows when the button comes up is none. */
  const giveUp = () => {
    dragged.current = true;
    letGo();
  };
  useEffect(() => () => freeEscape.current(), []);

  const selectEnclosed = (event: PointerEvent, { outline }: Drag) => {
    const drawn = drawnMap();
    if (drawn === undefined) return;
    const polygon = outline.map((at) => toMap(drawn.rect, drawn.camera, onCanvas(at)));
    select(lasso(drawn, mix.peek(), polygon), howOf(event));
  };

  /** Two fingers move and zoom, whatever the tool; what one of them had begun is off. */
  const pinch = (id: number, at: Point) => {
    const was = [...fingers.current.values()] as unknown as Fingers;
    fingers.current.set(id, at);
    const is = [...fingers.current.values()] as unknown as Fingers;
    const [from, to] = [was, is].map(([a, b]) => [onCanvas(a), onCanvas(b)] as const) as [Fingers, Fingers];
    camera.value = pinched(rectOf(panel), view.peek(), from, to);
  };

  const handlers = {
    onPointerDown(event: TargetedPointerEvent<HTMLDivElement>) {
      if (event.button !== 0 || fingers.current.size === 2) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = local(event);
      if (event.isPrimary) fingers.current.clear();
      fingers.current.set(event.pointerId, at);
      if (fingers.current.size === 2) {
        dragged.current = true;
        hovered.value = null;
        letGo();
        return;
      }
      letGo();
      dragged.current = false;
      const kind = kindOf(event);
      drag.current = { kind, start: at, last: at, moved: false, outline: [at] };
      if (draws(kind)) freeEscape.current = escapeFrom(giveUp);
    },
    onPointerMove(event: TargetedPointerEvent<HTMLDivElement>) {
      const at = local(event);
      if (fingers.current.size === 2) {
        if (fingers.current.has(event.pointerId)) pinch(event.pointerId, at);
        return;
      }
      if (!event.isPrimary) return;
      hoveredPanel.value = panel.key;
      pointer.value = { x: event.clientX, y: event.clientY };
      const now = drag.current;
      if (now === null) {
        hovered.value = sampleAt(at);
        return;
      }
      now.moved ||= Math.hypot(at.x - now.start.x, at.y - now.start.y) > CLICK_SLACK;
      if (!now.moved) return;
      hovered.value = null;
      const [dx, dy] = [at.x - now.last.x, at.y - now.last.y];
      if (now.kind === "pan") camera.value = pan(rectOf(panel), view.peek(), dx, dy);
      else if (now.kind === "turn") rotation.value = turned(rotation.peek(), dx, dy);
      else {
        now.outline = now.kind === "lasso" ? [...now.outline, at] : corners(now.start, at);
        setOutline(now.outline);
      }
      now.last = at;
    },
    onPointerUp(event: TargetedPointerEvent<HTMLDivElement>) {
      fingers.current.delete(event.pointerId);
      const now = drag.current;
      if (!event.isPrimary || now === null) return;
      letGo();
      dragged.current = now.moved;
      if (now.moved && draws(now.kind)) selectEnclosed(event, now);
    },
    onClick(event: TargetedMouseEvent<HTMLDivElement>) {
      // The second click of a double click is not meant for the sample under it.
      if (dragged.current || event.detail > 1) return;
      before.current = { selected: selection.peek(), inspected: inspected.peek() };
      const sample = sampleAt(local(event));
      if (sample === null) return;
      batch(() => {
        select([sample], howOf(event));
        inspected.value = sample;
      });
    },
    onPointerCancel(event: TargetedPointerEvent<HTMLDivElement>) {
      fingers.current.delete(event.pointerId);
      letGo();
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
      batch(() => {
        goHome();
        hovered.value = null;
        selection.value = before.current.selected;
        inspected.value = before.current.inspected;
      });
    },
  };
  return { handlers, outline };
}
