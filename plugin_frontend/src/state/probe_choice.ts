/** Stays with the probe on screen, and lets go of what was chosen among its samples and layers when another takes its place. */

import { batch, effect } from "@preact/signals";
import { probeGroup } from "./server";
import {
  camera,
  chosenColumns,
  chosenMeasureColumn,
  chosenNeighbourColumn,
  chosenProbe,
  chosenRange,
  chosenReference,
  chosenRows,
  chosenStep,
  focus,
  ghostStep,
  hiddenLabels,
  hiddenValues,
  hovered,
  inspected,
  isolated,
  layerMatchStep,
  movedFrom,
  movedTo,
  playing,
  selection,
} from "./settings";

/** Returns what ends it. */
export function followProbe(): () => void {
  return effect(() => {
    const now = probeGroup.value?.fingerprint ?? null;
    const before = chosenProbe.peek();
    // Without a probe (TensorBoard was restarted, the runs are not listed yet) the one that was there may come back.
    if (now === null || now === before) return;
    batch(() => {
      chosenProbe.value = now; // a new run with another probe must not pull it off the screen
      if (before !== null) leaveSamples();
    });
  });
}

/** Choose another probe. */
export function chooseProbe(fingerprint: string): void {
  if (fingerprint === chosenProbe.peek()) return;
  batch(() => {
    chosenProbe.value = fingerprint;
    leaveSamples();
  });
}

function leaveSamples(): void {
  const none: ReadonlySet<number> = new Set();
  selection.value = none;
  hovered.value = null;
  hiddenLabels.value = none;
  hiddenValues.value = new Map();
  chosenColumns.value = null;
  layerMatchStep.value = null;
  isolated.value = null;
  inspected.value = null;
  ghostStep.value = null;
  chosenRows.value = null;
  chosenReference.value = null;
  chosenStep.value = null;
  focus.value = null;
  chosenMeasureColumn.value = null;
  chosenNeighbourColumn.value = null;
  camera.value = null;
  chosenRange.value = null;
  movedFrom.value = null;
  movedTo.value = null;
  playing.value = false;
}
