/** Which samples are chosen: the algebra of sets of samples, and the few ways in which the user's own selection changes. */

import { batch, computed, signal } from "@preact/signals";
import { isolated, selection } from "./settings";
import { available } from "./visible_samples";

export { available };

export type Samples = ReadonlySet<number>;
/** What becomes of the samples that are selected already when others are pointed at. */
export type How = "replace" | "add" | "remove" | "intersect";

export function combined(before: Samples, samples: Iterable<number>, how: How): Samples {
  if (how === "replace") return new Set(samples);
  if (how === "intersect") return new Set([...samples].filter((sample) => before.has(sample)));
  const next = new Set(before);
  for (const sample of samples) {
    if (how === "add") next.add(sample);
    else next.delete(sample);
  }
  return next;
}

/** All of `among` that are not in `before`. */
export function inverted(before: Samples, among: Iterable<number>): Samples {
  return new Set([...among].filter((sample) => !before.has(sample)));
}

/** The keys that mean the same wherever samples are pointed at: Shift adds, Alt takes away. */
export function howOf(event: { readonly shiftKey: boolean; readonly altKey: boolean }): How {
  return event.altKey ? "remove" : event.shiftKey ? "add" : "replace";
}

export function select(samples: Iterable<number>, how: How = "replace"): void {
  batch(() => {
    previewed.value = null;
    selection.value = combined(selection.peek(), samples, how);
  });
}

/** Samples that the maps show as if they were selected, while the user only weighs whether to select them. */
export const previewed = signal<Samples | null>(null);
/** What the maps set off from the rest. */
export const emphasised = computed(() => previewed.value ?? selection.value);

/** Among those that show, as the lasso sees them. */
export function invertSelection(): void {
  selection.value = inverted(selection.peek(), available.peek());
}

/** Have the maps show the selected samples alone. */
export function isolateSelection(): void {
  if (selection.peek().size > 0) isolated.value = selection.peek();
}

/** Returns whether any were hidden. */
export function showAllSamples(): boolean {
  const wereHidden = isolated.peek() !== null;
  isolated.value = null;
  return wereHidden;
}

export function clearSelection(): void {
  batch(() => {
    previewed.value = null;
    selection.value = new Set();
  });
}
