/** The column at the right: how wide it is, whether it shows, which of its parts; and what of that this browser remembers. */

import { computed, effect, signal } from "@preact/signals";
import { inspected, selection, sideHidden, sidePart, sideWidth } from "./settings";

export const MIN_WIDTH = 168;
/** What the maps keep at the least. */
const MAPS = 420;
/** Higher than this there is room for the list and the inspector at once. CSS pixels. */
const ROOM_FOR_BOTH = 860;

export const windowWidth = signal(globalThis.innerWidth ?? 1280);

/** What fits beside the maps; with hardly any room for either, the least. */
export const maxWidth = computed(() => Math.max(MIN_WIDTH, Math.min(1200, windowWidth.value - MAPS)));

/** Unless the user has dragged it: wide enough for a list of a few columns, and no wider than the maps can spare. */
export function defaultWidth(window: number): number {
  if (window < 900) return 180;
  if (window < 1600) return 264;
  return Math.round(Math.min(560, 0.19 * window));
}

export function clampedWidth(width: number, most: number): number {
  return Math.round(Math.min(Math.max(width, MIN_WIDTH), most));
}

/** CSS pixels, while the column shows. */
export const width = computed(() => clampedWidth(sideWidth.value ?? defaultWidth(windowWidth.value), maxWidth.value));

/** Whether list and inspector stand one below the other, rather than one in place of the other. */
export const holdsBoth = (height: number) => height >= ROOM_FOR_BOTH;

/** Open the inspector. */
export function inspect(sample: number): void {
  inspected.value = sample;
  sidePart.value = "sample";
}

export function closeInspector(): void {
  inspected.value = null;
  sidePart.value = "selection";
}

const STORED = "kd_projector.side_column";

function remember(): () => void {
  try {
    const { width, hidden } = JSON.parse(localStorage.getItem(STORED) ?? "{}") as Record<string, unknown>;
    if (typeof width === "number") sideWidth.value = width;
    if (typeof hidden === "boolean") sideHidden.value = hidden;
  } catch {
    // A page that may keep nothing, or what is kept is not ours: the column is as it comes.
  }
  return effect(() => {
    const now = JSON.stringify({ width: sideWidth.value, hidden: sideHidden.value });
    try {
      localStorage.setItem(STORED, now);
    } catch {
      // Then it is as wide as it comes the next time.
    }
  });
}

function followWindow(): () => void {
  const read = () => {
    // A hidden tab has no size.
    if (window.innerHeight > 0) windowWidth.value = window.innerWidth;
  };
  read();
  window.addEventListener("resize", read);
  return () => window.removeEventListener("resize", read);
}

/** A sample that is opened anywhere brings the inspector up, several that are selected bring up their list. */
function followUser(): () => void {
  let list = selection.peek();
  let open = inspected.peek();
  return effect(() => {
    const selected = selection.value;
    const sample = inspected.value;
    if (sample !== open && sample !== null) sidePart.value = "sample";
    else if (selected !== list && selected.size > 1) sidePart.value = "selection";
    list = selected;
    open = sample;
  });
}

/** Returns what ends it. */
export function keepSideColumn(): () => void {
  const ends = [remember(), followWindow(), followUser()];
  return () => {
    for (const end of ends) end();
  };
}
