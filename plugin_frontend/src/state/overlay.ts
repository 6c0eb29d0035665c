/**
 * Two maps one over the other: A is the first, B the second. A wipe shows A left of its line and B right of it. In a
 * blend the one in front is in full colours and takes the pointer, and the other is pale beneath it, so that no point is
 * without an owner.
 */

import { computed } from "@preact/signals";
import type { Panel, Rect } from "../drawing/renderer";
import { isOverlay, type PanelInfo, panels } from "./grid";
import { overlayBy, overlayShare } from "./settings";

export const LETTERS = ["A", "B"] as const;
export type Letter = (typeof LETTERS)[number];

/** The most that the map behind has of its colours: more, and the two are not told apart. */
const MOST_BEHIND = 0.6;

/** The place of the map in front, of a blend. */
export const front = computed<0 | 1>(() => (overlayShare.value > 0.5 ? 1 : 0));

const placeOf = (panel: PanelInfo) => (panels.value[0]?.key === panel.key ? 0 : 1);

/** How much of its colours a map of a blend has. */
export function blendOpacity(place: 0 | 1, share: number): number {
  const own = place === 0 ? 1 - share : share;
  return own > 0.5 || (own === 0.5 && place === 0) ? 1 : 2 * MOST_BEHIND * own;
}

/** The part of a rectangle that is a map's own, of a wipe. */
export function wipePart(place: 0 | 1, share: number, { x, y, width, height }: Rect): Rect {
  const left = share * width;
  return place === 0 ? { x, y, width: left, height } : { x: x + left, y, width: width - left, height };
}

/** What sets a panel's drawing apart while it lies over or under another; nothing elsewhere. */
export function overlayLook(panel: PanelInfo, rect: Rect): Pick<Panel, "clip" | "opacity"> {
  if (!isOverlay.value) return {};
  const place = placeOf(panel);
  if (overlayBy.value === "wipe") return { clip: wipePart(place, overlayShare.value, rect) };
  return { opacity: blendOpacity(place, overlayShare.value) };
}

/** In the order in which they are drawn. */
export function frontLast<Item>(items: readonly Item[]): Item[] {
  return isOverlay.value && overlayBy.value === "blend" && front.value === 0 ? items.toReversed() : [...items];
}

/** The part of the maps' place that takes a map's pointer, as a clip path; null: none. */
export function pointerPart(place: 0 | 1): string | null {
  if (overlayBy.value === "blend") return place === front.value ? "none" : null;
  const line = `${100 * overlayShare.value}%`;
  return place === 0 ? `inset(0 calc(100% - ${line}) 0 0)` : `inset(0 0 0 ${line})`;
}
