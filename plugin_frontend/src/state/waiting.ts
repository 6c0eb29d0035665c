/** How far the computing of maps is: in all, and for each map on screen its place in the line. */

import { computed } from "@preact/signals";
import type { Progress } from "../api/types";
import { progress, statusOf } from "./frames";
import { panels } from "./grid";

/** The server takes a screen's maps in the order in which they are asked for: by rows, from the first layer on. */
const line = computed(() =>
  panels.value.filter((panel) => statusOf(panel).kind === "queued").map((panel) => panel.key),
);

/** "3rd of 12"; null where the map is not in the line. */
export function placeInLine(key: string): string | null {
  const place = line.value.indexOf(key);
  return place === -1 ? null : `${ordinal(place + 1)} of ${line.value.length}`;
}

export function ordinal(n: number): string {
  const tens = n % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
}

export interface Share {
  readonly done: number;
  readonly total: number;
  readonly percent: number;
}

/** Of all that is in the line since it was last empty; null while that is not known. */
export function shareDone(now: Progress | null): Share | null {
  if (now === null) return null;
  const total = now.queued + now.running + now.done + now.failed;
  const done = now.done + now.failed;
  return total === 0 ? null : { done, total, percent: Math.floor((100 * done) / total) };
}

export const computing = computed(() => shareDone(progress.value));
