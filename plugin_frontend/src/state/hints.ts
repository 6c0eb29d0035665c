/** The first visit's hints: which one shows, and that they were seen. */

import { signal } from "@preact/signals";

export const HINTS = 3;
const KEY = "kd_projector.hints";

/** Of the hints, from 0; null: none shows. */
export const hint = signal<number | null>(isFirstVisit() ? 0 : null);

function isFirstVisit(): boolean {
  try {
    return localStorage.getItem(KEY) === null;
  } catch {
    return false; // where nothing can be kept, they would come each time
  }
}

export function nextHint(): void {
  const now = hint.peek() ?? 0;
  if (now + 1 < HINTS) hint.value = now + 1;
  else dismissHints();
}

export function dismissHints(): void {
  hint.value = null;
  try {
    localStorage.setItem(KEY, "seen");
  } catch {
    // They will come again.
  }
}

export function showHintsAgain(): void {
  hint.value = 0;
}
