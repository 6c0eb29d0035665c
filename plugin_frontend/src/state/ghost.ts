/** The ghost: where all samples are at another step, pale beneath the maps of now, for before and after at one look. */

import { computed } from "@preact/signals";
import type { Panel } from "../drawing/renderer";
import { drawn, nearnessOf } from "./drawn_coordinates";
import { frameOf } from "./frames";
import { type PanelInfo, panels, step, steps } from "./grid";
import { ghostStep } from "./settings";
import { nearestStep, storedStep } from "./timeline";

/** The step of the ghost, among those that there are; null: there is none. */
export const ghost = computed(() => (ghostStep.value === null ? null : nearestStep(steps.value, ghostStep.value)));

/** The same layer at the ghost's step; null where that is the very map on screen, as a teacher's often is. */
export function ghostOf(panel: PanelInfo): PanelInfo | null {
  const stored = ghost.value === null ? null : storedStep(panel.row.model.steps, ghost.value);
  return stored === null || stored === panel.step ? null : { ...panel, step: stored };
}

export const ghostPanels = computed(() => panels.value.flatMap((panel) => ghostOf(panel) ?? []));

/** By panel key: the ghosts that are there. */
export const ghosts = computed<ReadonlyMap<string, Float32Array>>(
  () =>
    new Map(
      ghostPanels.value.flatMap((panel) => {
        const frame = frameOf(panel);
        return frame === null ? [] : [[panel.key, drawn(frame.coordinates, frame.kept.length)] as const];
      }),
    ),
);

/** How near the samples of a map's ghost are, as the renderer takes it; nothing of one that has no depth. */
export function ghostNearness(key: string): Pick<Panel, "ghostNearness"> {
  const panel = ghostPanels.value.find((one) => one.key === key);
  const frame = panel === undefined ? null : frameOf(panel);
  const near = frame === null ? null : nearnessOf(frame.coordinates, frame.kept.length);
  return near === null ? {} : { ghostNearness: near };
}

/** Leave a ghost at the step on screen; where it stands there already, take it away. */
export function toggleGhost(): void {
  ghostStep.value = ghost.peek() === step.peek() ? null : step.peek();
}
