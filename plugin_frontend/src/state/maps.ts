/** What all maps on screen have in common: the method and the mode that they are made by, and the reference they are laid onto. */

import { computed } from "@preact/signals";
import type { EmbeddingRef, MethodInfo, ModeInfo, Overview } from "../api/types";
import { embeddingOf, type PanelInfo } from "./grid";
import { overview, probeGroup } from "./server";
import { dimensions as chosenDimensions, chosenMethod, chosenMode, chosenReference } from "./settings";

/** Names of method and mode, and the reference; null where the server is to choose it. */
export interface Maps {
  readonly method: string;
  readonly mode: string;
  readonly reference: EmbeddingRef | null;
  readonly dimensions: 2 | 3;
}

/** This mode starts from the reference map itself; whoever looks at such maps must be told. */
export const MISLEADING_MODE = "anchored";

export const currentMethod = computed<MethodInfo | null>(() => {
  const methods = overview.value?.methods ?? [];
  return methods.find((one) => one.name === chosenMethod.value) ?? methods[0] ?? null;
});

/** The chosen mode where the method has it, else the method's own. */
export function modeOf(method: MethodInfo, chosen: string | null): ModeInfo | null {
  const named = (name: string | null) => method.modes.find((mode) => mode.name === name);
  return named(chosen) ?? named(method.mode) ?? null;
}

export const currentMode = computed(() =>
  currentMethod.value === null ? null : modeOf(currentMethod.value, chosenMode.value),
);

/** The chosen dimensions where the method makes such maps, else two. */
export const mapDimensions = computed<2 | 3>(() =>
  currentMethod.value?.dimensions.includes(chosenDimensions.value) ? chosenDimensions.value : 2,
);

/** Whether an embedding is listed, in a run of that probe: a training that goes back takes its steps with it. */
export function isListed([run, model, layer, step]: EmbeddingRef, overview: Overview, fingerprint: string): boolean {
  const info = overview.runs.find((one) => one.name === run && one.fingerprint === fingerprint);
  const found = info?.models.find((one) => one.name === model);
  return found?.steps.includes(step) === true && found.layers.some((one) => one.name === layer);
}

export const defaultReference = computed<EmbeddingRef | null>(
  () => overview.value?.references[probeGroup.value?.fingerprint ?? ""] ?? null,
);

export const reference = computed<EmbeddingRef | null>(() => {
  const chosen = chosenReference.value;
  const known = overview.value;
  if (chosen === null || known === null) return defaultReference.value;
  return isListed(chosen, known, probeGroup.value?.fingerprint ?? "") ? chosen : defaultReference.value;
});

export const sameEmbedding = (a: EmbeddingRef | null, b: EmbeddingRef | null) =>
  JSON.stringify(a) === JSON.stringify(b);

export const isDefaultReference = computed(() => sameEmbedding(reference.value, defaultReference.value));

/** Null while there is no method. */
export const maps = computed<Maps | null>(() =>
  currentMethod.value === null || currentMode.value === null
    ? null
    : {
        method: currentMethod.value.name,
        mode: currentMode.value.name,
        reference: reference.value,
        dimensions: mapDimensions.value,
      },
);

/** The same for the same maps: what is kept of others is not of these. */
export const mapsKey = computed(() => JSON.stringify(maps.value));

/** Have all maps laid onto that of a panel as it is now. */
export function makeReference(panel: PanelInfo): void {
  const embedding = embeddingOf(panel);
  // What is the default anyway stays the default, and follows it.
  chosenReference.value = sameEmbedding(embedding, defaultReference.peek()) ? null : embedding;
}

export function backToDefaultReference(): void {
  chosenReference.value = null;
}
