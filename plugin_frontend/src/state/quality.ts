/** All that is known of how good a map is, and of the motion that led to it, in numbers and words. */

import type { Frame, MethodInfo } from "../api/types";
import { frameBefore, frameOf } from "./frames";
import { type PanelInfo, panelBefore } from "./grid";
import { currentMethod } from "./maps";
import { motionBetween } from "./motion_fidelity";
import { layerValue } from "./series";
import { measures } from "./server";

export interface Figure {
  /** Stable, for tests. */
  readonly name: string;
  readonly label: string;
  readonly value: number | null;
  readonly meaning: string;
}

export interface Quality {
  readonly knn: Figure;
  readonly map: readonly Figure[];
  /** The stored step before and what happened since; null at a layer's first step. */
  readonly motion: { readonly since: number; readonly figures: readonly Figure[] } | null;
}

export const KNN_MEANS = "How often nearest neighbours in the embedding itself share a label.";
export const KEPT_MEANS = "Share of the 15 nearest neighbours in the embedding that are near on the map too.";

/** Everything of a panel's map; null values where it is not there. */
export function qualityOf(panel: PanelInfo): Quality {
  const frame = frameOf(panel);
  const before = panelBefore(panel);
  const knn = layerValue(measures.value, panel.row, "knn_accuracy", panel.layer.name, panel.step);
  return {
    knn: { name: "knn", label: "kNN accuracy", value: knn, meaning: KNN_MEANS },
    map: mapFigures(frame, currentMethod.value),
    motion: before === null ? null : { since: before.step, figures: motionFigures(frameBefore(panel), frame) },
  };
}

export function mapFigures(frame: Frame | null, method: MethodInfo | null): readonly Figure[] {
  const { neighbours_kept, trustworthiness, loss } = frame?.quality ?? {};
  return [
    { name: "kept", label: "Neighbours kept", value: neighbours_kept ?? null, meaning: KEPT_MEANS },
    {
      name: "trustworthiness",
      label: "Trustworthiness",
      value: trustworthiness ?? null,
      meaning: "How few strangers are near on the map: 1 is none, 0.5 is chance.",
    },
    {
      name: "loss",
      label: method?.loss ?? "Loss",
      value: loss ?? null,
      meaning: "The method's own misfit; lower is better.",
    },
  ];
}

/** Null values while either frame is not there. */
export function motionFigures(before: Frame | null, frame: Frame | null): readonly Figure[] {
  const motion = before === null || frame === null ? null : motionBetween(before, frame);
  return [
    {
      name: "changed",
      label: "True change",
      value: frame?.quality.changed ?? null,
      meaning: "Share of the 15 nearest neighbours in the embedding itself that are new.",
    },
    {
      name: "displacement",
      label: "Displacement",
      value: motion?.displacement ?? null,
      meaning: "Mean distance moved, in radii of the map.",
    },
    {
      name: "fidelity",
      label: "Motion fidelity",
      value: motion?.fidelity ?? null,
      meaning: "Did those that moved most change most? Rank correlation: 1 fully, 0 not at all.",
    },
  ];
}
