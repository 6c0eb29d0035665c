/** Steps that came while the user looks at an older one: said quietly, never jumped to. */

import { computed, effect, signal } from "@preact/signals";
import { goToStep, rows, steps } from "./grid";
import { chosenStep, playing } from "./settings";

/** The newest step that the user knows of; null: none yet. */
const newestKnown = signal<number | null>(null);

/** How many steps came since the user last stood at the newest, or went elsewhere from it. */
export const newStepCount = computed(() => countAfter(steps.value, newestKnown.value));

export function countAfter(all: readonly number[], known: number | null): number {
  return known === null ? 0 : all.filter((step) => step > known).length;
}

export function goToNewest(): void {
  playing.value = false;
  goToStep(steps.peek().at(-1) ?? null);
}

/** Returns what ends it. */
export function followNewSteps(): () => void {
  let shown = "";
  return effect(() => {
    const newest = steps.value.at(-1) ?? null;
    const keys = rows.value.map((row) => row.key).join("\n");
    const known = newestKnown.peek();
    // Other rows may have later steps that are not new at all; a training that went back has fewer.
    const isOther = keys !== shown || known === null || (newest !== null && newest < known);
    shown = keys;
    if (chosenStep.value === null || isOther) newestKnown.value = newest;
  });
}
