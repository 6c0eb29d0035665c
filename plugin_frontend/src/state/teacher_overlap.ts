/** How many of each sample's true neighbours in a layer are its neighbours in the teacher's layer of the same column too. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { statusOf } from "./frames";
import { type PanelInfo, panels, teacherPanelOf } from "./grid";
import { neighboursOf, wantNeighbours } from "./neighbours";
import { isTeacher } from "./rows";
import { sharedNeighbours } from "./sample_values";
import { teacherOfRow } from "./teachers";

/** Null where a model has no teacher with a layer there, and while its neighbours or the teacher's are not there. */
export function overlapOf(panel: PanelInfo): ArrayLike<number | null> | null {
  const teacher = teacherPanelOf(panel);
  const [own, others] = [neighboursOf(panel), teacher === null ? null : neighboursOf(teacher)];
  return own === null || others === null ? null : sharedNeighbours(own, others);
}

/** Whether it is only not there yet. */
export function isOverlapComing(panel: PanelInfo): boolean {
  const teacher = teacherPanelOf(panel);
  return teacher !== null && (neighboursOf(panel) === null || neighboursOf(teacher) === null);
}

/** Why nothing is known of a sample there. */
export function whyNoOverlap(panel: PanelInfo): string {
  if (isTeacher(panel.row)) return "The teacher itself";
  if (teacherOfRow(panel.row) === null) return "There is no teacher";
  const teacher = teacherPanelOf(panel);
  if (teacher === null) return "The teacher has no layer here";
  if (!isOverlapComing(panel)) return "Equal distances leave open which are nearest";
  // True neighbours come with the map.
  const isLost = [panel, teacher].some((one) => statusOf(one).kind === "failed");
  return isLost ? "A map could not be computed, so neighbours are not known" : "Not known yet";
}

/** Have it fetched for the panels on screen while `isWanted` holds. Returns what ends it. */
export function wantOverlap(isWanted: ReadonlySignal<boolean>): () => void {
  return wantNeighbours(
    computed(() =>
      isWanted.value
        ? panels.value.flatMap((panel) => {
            const teacher = teacherPanelOf(panel);
            return teacher === null ? [] : [panel, teacher];
          })
        : [],
    ),
  );
}
