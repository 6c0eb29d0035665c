/** The columns of each layer and its map at the step on screen. */

import type { Frame, Probe } from "../api/types";
import { type ColumnOwner, PLAIN, type SampleColumn, type SampleValue, SHARE } from "./column";
import { frameOf } from "./frames";
import { type PanelInfo, panelBefore } from "./grid";
import { displacements } from "./sample_values";
import { ghostStep } from "./settings";
import { isOverlapComing, overlapOf, whyNoOverlap } from "./teacher_overlap";
import { storedStep } from "./timeline";

type Parts = Pick<SampleColumn, "key" | "label" | "text" | "range" | "ends" | "unknown"> & Partial<SampleColumn>;

function ofMaps(parts: Parts, read: (panel: PanelInfo) => ArrayLike<SampleValue> | null): SampleColumn {
  const values = ({ panel }: ColumnOwner) => (panel === null ? null : read(panel));
  const isComing = ({ panel }: ColumnOwner) => panel !== null && frameOf(panel) === null;
  return { ...PLAIN, isComing, ...parts, scope: "map", kind: "number", values };
}

/** The map that displacement is measured from: of the ghost's step where there is one, else of the step before. */
export function movedFrom(panel: PanelInfo): PanelInfo | null {
  if (ghostStep.value === null) return panelBefore(panel);
  const stored = storedStep(panel.row.model.steps, ghostStep.value);
  return stored === null || stored === panel.step ? null : { ...panel, step: stored };
}

function mapBefore(panel: PanelInfo): Frame | null {
  const before = movedFrom(panel);
  return before === null ? null : frameOf(before);
}

/** How many neighbours the server counts with: `NEIGHBOURS` of projection/quality.py. */
const NEIGHBOURS = 15;

/** Of the share that two random sets of neighbours have in common. */
function chance(size: number): string {
  const share = Math.min(1, NEIGHBOURS / Math.max(1, size - 1));
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}

export function mapColumns({ size }: Probe): SampleColumn[] {
  return [
    ofMaps(
      {
        key: "overlap",
        label: "Overlap with the teacher",
        text: `Share of its ${Math.min(NEIGHBOURS, size - 1)} nearest neighbours that are so in the teacher's layer of this column too, in the embeddings themselves. By chance: ${chance(size)}.`,
        range: SHARE,
        ends: ["other neighbours", "the teacher's"],
        unknown: ({ panel }) => (panel === null ? null : whyNoOverlap(panel)),
        isOfTeacher: true,
        isComing: ({ panel }) => panel !== null && isOverlapComing(panel),
      },
      overlapOf,
    ),
    ofMaps(
      {
        key: "displacement",
        label: "Displacement",
        text: "How far it moved on the map since the step before (or the ghost's), in radii of the map. What moved may have changed little: compare the true change.",
        range: [0, null],
        ends: ["stayed", "moved far"],
        unknown: () => "No map before this one",
      },
      (panel) => {
        const [before, now] = [mapBefore(panel), frameOf(panel)];
        const moved = before === null || now === null ? null : displacements(before, now);
        return moved?.length ? moved : null;
      },
    ),
    ofMaps(
      {
        key: "changed",
        label: "True change",
        text: "Share of its 15 nearest neighbours in the embedding itself that are new since the step before. Motion on a map tells only part of it.",
        range: SHARE,
        ends: ["same neighbours", "all new"],
        unknown: () => "A model's first step: nothing came before it",
      },
      (panel) => frameOf(panel)?.changed ?? null,
    ),
    ofMaps(
      {
        key: "kept",
        label: "Map quality",
        text: "Share of its 15 nearest neighbours in the embedding that are near it on the map too.",
        range: SHARE,
        ends: ["neighbours lost", "all kept"],
        unknown: () => null,
      },
      (panel) => frameOf(panel)?.kept ?? null,
    ),
  ];
}
