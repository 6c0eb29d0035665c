/** Which samples moved most: of which map, between which steps, by what, and how many; and what of it is known by now. */

import { computed, signal } from "@preact/signals";
import { frameOf } from "./frames";
import { type PanelInfo, panels } from "./grid";
import { mostMoved, neighbourChange } from "./most_moved";
import { neighboursOf } from "./neighbours";
import { displacements } from "./sample_values";
import { available } from "./selection";
import { nearestStep, stepBefore } from "./timeline";

/** By the neighbours in the embedding itself, or by the way on the map. */
export type MovedBy = "neighbours" | "map";

export const movedBy = signal<MovedBy>("neighbours");
export const movedCount = signal(20);
/** The key of a panel; null: the last layer of the first model that has more than one step. */
export const chosenMovedPanel = signal<string | null>(null);
/** Null: the step on screen, and the one before it. */
export const chosenFrom = signal<number | null>(null);
export const chosenTo = signal<number | null>(null);

/** Only of these maps can anything have moved. */
export const movingPanels = computed(() => panels.value.filter((panel) => panel.row.model.steps.length > 1));

export const movedPanel = computed(() => {
  const moving = movingPanels.value;
  const first = moving.filter((panel) => panel.row.key === moving[0]?.row.key);
  return moving.find(({ key }) => key === chosenMovedPanel.value) ?? first.at(-1) ?? null;
});

/** The chosen layer at both steps. */
export const movedEnds = computed<readonly [from: PanelInfo, to: PanelInfo] | null>(() => {
  const panel = movedPanel.value;
  if (panel === null) return null;
  const stored = panel.row.model.steps;
  const from =
    chosenFrom.value === null ? (stepBefore(stored, panel.step) ?? stored[0]) : nearestStep(stored, chosenFrom.value);
  const to = chosenTo.value === null ? panel.step : nearestStep(stored, chosenTo.value);
  return [
    { ...panel, step: from ?? panel.step },
    { ...panel, step: to ?? panel.step },
  ];
});

/** For `alsoWant` and `wantNeighbours`. */
export const movedPanels = computed<readonly PanelInfo[]>(() => movedEnds.value ?? []);

const amounts = computed(() => {
  if (movedEnds.value === null) return null;
  const [from, to] = movedEnds.value;
  if (movedBy.value === "map") {
    const [before, now] = [frameOf(from), frameOf(to)];
    return before === null || now === null ? null : displacements(before, now);
  }
  const [before, now] = [neighboursOf(from), neighboursOf(to)];
  return before === null || now === null ? null : neighbourChange(before, now);
});

/** Null while it is not known yet. */
export const moved = computed(() =>
  amounts.value === null ? null : mostMoved(amounts.value, movedCount.value, available.value),
);
