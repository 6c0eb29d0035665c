/** What the models put out for the inspected sample over all their steps: fetched run by run, kept for a while, and fresh as steps come. */

import { computed } from "@preact/signals";
import { getSample } from "../api/client";
import type { RunInfo, SampleColumns, SampleHistory } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { Fetched } from "./fetched";
import { rows } from "./grid";
import type { Row } from "./rows";
import { overview } from "./server";
import { chosenView, inspected, sideHidden } from "./settings";
import { storedStep } from "./timeline";

const MOST_KEPT = 200;
const RETRY_MS = 2000;

interface Entry {
  /** What the run had when this was asked for. */
  readonly stage: string;
  readonly models: SampleHistory;
}

const fetched = new Fetched(
  new BoundedMap<Entry>(MOST_KEPT, () => 1),
  (id) => (JSON.parse(id) as [run: string, sample: number])[0],
  RETRY_MS,
);

const idOf = (run: string, sample: number) => JSON.stringify([run, sample]);

const stageOf = (run: RunInfo) =>
  JSON.stringify([run.revision, run.models.map((model) => [model.name, model.steps.length, model.steps.at(-1)])]);

/** Of the inspected sample; null until it is there. New steps show as soon as they have been fetched. */
export function historyOf(row: Row): SampleColumns | null {
  const sample = inspected.value;
  if (sample === null) return null;
  return fetched.get(idOf(row.run, sample))?.models[row.model.name] ?? null;
}

export function forgetHistory(run: string): void {
  fetched.forget(run);
}

/** The sample whose inspector is on screen. */
export const sampleOnScreen = computed(() =>
  chosenView.value === "projector" && !sideHidden.value ? inspected.value : null,
);

/** Returns what ends it. */
export function keepHistoryComing(): () => void {
  return fetched.keepComing(() => {
    const sample = sampleOnScreen.value;
    if (sample === null) return null;
    const names = new Set(rows.value.map((row) => row.run));
    const missing = overview.value?.runs.find(
      (run) => names.has(run.name) && fetched.get(idOf(run.name, sample))?.stage !== stageOf(run),
    );
    if (missing === undefined) return null;
    return async () => {
      const models = await getSample(missing.name, sample);
      return { found: [[idOf(missing.name, sample), { stage: stageOf(missing), models }]] };
    };
  });
}

export interface Reading {
  readonly prediction: number | null;
  readonly confidence: number | null;
}

/** What a model had put out at a step: at its last one not after it. */
export function readingAt(columns: SampleColumns, step: number): Reading {
  const stored = storedStep(columns.steps, step);
  const at = stored === null ? -1 : columns.steps.indexOf(stored);
  return { prediction: columns.prediction?.[at] ?? null, confidence: columns.confidence?.[at] ?? null };
}
