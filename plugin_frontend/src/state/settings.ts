/** Everything the user can choose, in one place: the panel's whole state apart from what the server says. */

import { signal } from "@preact/signals";
import type { EmbeddingRef } from "../api/types";
import type { Camera } from "../drawing/renderer";

export type ColorBy = "label" | "prediction" | "correctness" | "confidence" | "changed" | "kept";
export type Tool = "pan" | "lasso";
export type StepAxis = "linear" | "log";
export type View = "projector" | "measures" | "similarity";
/** What the charts of the Measures view run over. */
export type MeasuresOver = "steps" | "depth";

/** One layer of one model, whatever the step. */
export interface LayerRef {
  readonly run: string;
  readonly model: string;
  readonly layer: string;
}

export const chosenView = signal<View>("projector");
/** The one or two maps that have the whole Projector view to themselves; null: all maps show. */
export const focus = signal<readonly LayerRef[] | null>(null);

/** Null wherever the user has not chosen: then the derived values say what shows. */

export const chosenMethod = signal<string | null>(null);
/** Holds for every method that has it. */
export const chosenMode = signal<string | null>(null);
export const chosenReference = signal<EmbeddingRef | null>(null);
export const chosenProbe = signal<string | null>(null);
/** Row keys; null: those of `rowsAtFirst`. */
export const chosenRows = signal<ReadonlySet<string> | null>(null);
export const hiddenColumns = signal<ReadonlySet<number>>(new Set());
/** Null: the newest step, whatever comes. */
export const chosenStep = signal<number | null>(null);
export const chosenColor = signal<ColorBy | null>(null);
export const hiddenLabels = signal<ReadonlySet<number>>(new Set());
export const hiddenPredictions = signal<ReadonlySet<number>>(new Set());
/** 1 is right, 0 wrong. */
export const hiddenCorrectness = signal<ReadonlySet<number>>(new Set());
export const camera = signal<Camera | null>(null);
export const tool = signal<Tool>("pan");
export const selection = signal<ReadonlySet<number>>(new Set());
export const hovered = signal<number | null>(null);
/** The key of the panel whose map the pointer is on. */
export const hoveredPanel = signal<string | null>(null);
/** Where the pointer is on the page, CSS pixels, while it is on a map. */
export const pointer = signal({ x: 0, y: 0 });
export const chosenMeasure = signal<string | null>(null);
/** A column of the grid; null: the last hidden layer's. */
export const chosenMeasureColumn = signal<number | null>(null);
export const measuresOver = signal<MeasuresOver>("steps");
/** Whether each chart has a scale for just what it shows, not the one of all layers, or of all steps. */
export const ownScales = signal(false);
/** The measure of the heat maps. */
export const chosenSimilarity = signal<string | null>(null);
export const chosenAxis = signal<StepAxis | null>(null);
/** Steps a second while playing. */
export const speed = signal(2);
export const playing = signal(false);
