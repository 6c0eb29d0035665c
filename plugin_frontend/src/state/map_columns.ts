/** The columns of each layer and its map at the step on screen. */

import type { Frame } from "../api/types";
import { type ColumnOwner, PLAIN, type SampleColumn, type SampleValue, SHARE } from "./column";
import { frameBefore, frameOf } from "./frames";
import type { PanelInfo } from "./grid";
import { displacements } from "./sample_values";
import { ghostStep } from "./settings";
import { storedStep } from "./timeline";

type Parts = Pick<SampleColumn, "key" | "label" | "text" | "range" | "ends" | "unknown">;

function ofMaps(parts: Parts, read: (panel: PanelInfo) => ArrayLike<SampleValue> | null): SampleColumn {
  const values = ({ panel }: ColumnOwner) => (panel === null ? null : read(panel));
  return { ...PLAIN, ...parts, scope: "map", kind: "number", values };
}

/** The map that displacement is measured from: of the ghost's step where there is one, else of the step before. */
function mapBefore(panel: PanelInfo): Frame | null {
  if (ghostStep.value === null) return frameBefore(panel);
  const stored = storedStep(panel.row.model.steps, ghostStep.value);
  return stored === null || stored === panel.step ? null : frameOf({ ...panel, step: stored });
}

export function mapColumns(): SampleColumn[] {
  return [
    ofMaps(
      {
        key: "displacement",
        label: "Displacement",
        text: "How far it moved on the map since the step before (or the ghost's), in radii of the map. What moved may have changed little: compare the true change.",
        range: [0, null],
        ends: ["stayed", "moved far"],
        unknown: "No map before this one",
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
        unknown: "A model's first step: nothing came before it",
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
        unknown: null,
      },
      (panel) => frameOf(panel)?.kept ?? null,
    ),
  ];
}
