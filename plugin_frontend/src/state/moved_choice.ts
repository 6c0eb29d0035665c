/** Which samples moved most: of which map, between which steps, by what, and how many; and what of it is known by now. */

import { computed } from "@preact/signals";
import { frameOf } from "./frames";
import { type PanelInfo, panels } from "./grid";
import { mostMoved, neighbourChange } from "./most_moved";
import { neighboursOf } from "./neighbours";
import { displacements } from "./sample_values";
import { available } from "./selection";
import { chosenMovedPanel, movedBy, movedCount, movedFrom, movedTo } from "./settings";
import { nearestStep, stepBefore } from "./timeline";

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
    movedFrom.value === null ? (stepBefore(stored, panel.step) ?? stored[0]) : nearestStep(stored, movedFrom.value);
  const to = movedTo.value === null ? panel.step : nearestStep(stored, movedTo.value);
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
