/** Going from view to view, and having one or two maps large. */

import { batch } from "@preact/signals";
import { chosenView, focus, hovered, hoveredPanel, type LayerRef, type View } from "./settings";

/** What was under the pointer is not any more. */
function leave(): void {
  hovered.value = null;
  hoveredPanel.value = null;
}

/** Choosing the Projector shows all maps. */
export function chooseView(view: View): void {
  batch(() => {
    leave();
    focus.value = null;
    chosenView.value = view;
  });
}

/** Show one or two maps large, side by side. */
export function openMaps(maps: readonly LayerRef[]): void {
  batch(() => {
    leave();
    focus.value = maps;
    chosenView.value = "projector";
  });
}

/** Returns whether there was anything to go back from. */
export function backToAllMaps(): boolean {
  if (focus.peek() === null) return false;
  batch(() => {
    leave();
    focus.value = null;
  });
  return true;
}
