/**
 * The frames that are wanted besides those on screen, each by whoever draws something of them: a ghost, trails, lines to
 * true neighbours. They are fetched, and if need be computed, behind all that is on screen.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { PanelInfo } from "./grid";

type Wanted = ReadonlySignal<readonly PanelInfo[]>;

const sources = signal<readonly Wanted[]>([]);

export const panelsBeside = computed(() => sources.value.flatMap((source) => source.value));

/** Have frames fetched for as long as they are listed. Returns what ends it. */
export function alsoWant(source: Wanted): () => void {
  sources.value = [...sources.peek(), source];
  return () => {
    sources.value = sources.peek().filter((other) => other !== source);
  };
}
