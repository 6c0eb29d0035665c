/** The panel's keys, wherever the focus is; `key_list.ts` lists them for the user. */

import { findRequests } from "../state/find_samples";
import { toggleGhost } from "../state/ghost";
import { goToStep, steps } from "../state/grid";
import { askForHelp } from "../state/help";
import { look, lookOrTurn, showWholeMaps, zoomIn, zoomOut } from "../state/move_maps";
import { stepBy, togglePlaying } from "../state/player";
import { clearSelection, showAllSamples } from "../state/selection";
import { chosenView, playing, selection } from "../state/settings";
import { closeInspector } from "../state/side_column";
import { backToAllMaps } from "../state/views";

/** Whether the control in focus needs the key itself. */
function isTaken(key: string, target: Element): boolean {
  if (target.matches("select, textarea, [contenteditable]")) return true;
  if (key === "Escape") return false;
  if (target.matches("[data-takes-keys]")) return true;
  if (target.matches("input[type=checkbox], button, a[href]")) return key === " ";
  if (target.matches("input[type=radio]")) return key === " " || key.startsWith("Arrow");
  return target.matches("input");
}

function end(place: 0 | -1): void {
  playing.value = false;
  goToStep(steps.peek().at(place) ?? null);
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => stepBy(-1),
  ArrowRight: () => stepBy(1),
  Home: () => end(0),
  End: () => end(-1),
  " ": togglePlaying,
  g: toggleGhost,
  G: toggleGhost,
  "+": zoomIn,
  "=": zoomIn,
  "-": zoomOut,
  _: zoomOut,
  "0": showWholeMaps,
  "Shift+ArrowLeft": () => lookOrTurn(-1, 0),
  "Ctrl+Shift+ArrowLeft": () => look(-1, 0),
  "Shift+ArrowRight": () => lookOrTurn(1, 0),
  "Ctrl+Shift+ArrowRight": () => look(1, 0),
  "Shift+ArrowUp": () => lookOrTurn(0, 1),
  "Ctrl+Shift+ArrowUp": () => look(0, 1),
  "Shift+ArrowDown": () => lookOrTurn(0, -1),
  "Ctrl+Shift+ArrowDown": () => look(0, -1),
  "?": askForHelp,
  Escape: () => {
    if (backToAllMaps() || showAllSamples()) return;
    if (selection.peek().size > 0) clearSelection();
    else closeInspector();
  },
};

const WRITTEN_IN = "input:not([type=checkbox], [type=radio], [type=range]), textarea, [contenteditable]";

/** "/" or Ctrl+F, which would look only for what is written on the page. Elsewhere than over maps there is nothing to find. */
function opensFind({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (chosenView.peek() !== "projector" || altKey) return false;
  if (ctrlKey || metaKey) return key.toLowerCase() === "f";
  return key === "/" && !(target instanceof Element && target.matches(WRITTEN_IN));
}

/** The key as `ACTIONS` calls it: Shift and Ctrl count with the arrows. */
function nameOf({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  if (!shiftKey || !key.startsWith("Arrow")) return key;
  return ctrlKey || metaKey ? `Ctrl+Shift+${key}` : `Shift+${key}`;
}

/** Returns what ends it. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (opensFind(event)) {
      event.preventDefault();
      findRequests.value = findRequests.peek() + 1;
      return;
    }
    const name = nameOf(event);
    const action = ACTIONS[name];
    const target = event.target instanceof Element ? event.target : null;
    if (action === undefined || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && !name.startsWith("Ctrl+")) return;
    if (target !== null && isTaken(event.key, target)) return;
    // Escape closes an open sheet first.
    if (event.key === "Escape" && document.querySelector(":popover-open") !== null) return;
    event.preventDefault();
    action();
  };
  window.addEventListener("keydown", onKeyDown);
  document.documentElement.addEventListener("pointerenter", takeFocus);
  return () => {
    window.removeEventListener("keydown", onKeyDown);
    document.documentElement.removeEventListener("pointerenter", takeFocus);
  };
}

/** Keys reach our page only while it has the focus: take it when the pointer comes, unless someone types in TensorBoard. */
function takeFocus(): void {
  try {
    const focused = window.parent.document.activeElement;
    if (focused === null || focused === window.parent.document.body) window.focus();
  } catch {
    // A page of another origin embeds us: there, a click gives the focus.
  }
}
