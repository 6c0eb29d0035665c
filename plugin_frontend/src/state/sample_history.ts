/** What the models put out for the inspected sample over all their steps: fetched run by run, kept for a while, and fresh as steps come. */

import { computed, effect, signal } from "@preact/signals";
import { getSample } from "../api/client";
import type { RunInfo, SampleColumns, SampleHistory } from "../api/types";
import { BoundedMap } from "./bounded_map";
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

const cache = new BoundedMap<Entry>(MOST_KEPT, () => 1);
/** Counts changes of the above, which is no signal itself. */
const changes = signal(0);
/** One request at a time: whoever runs through a list passes many samples. */
let asking = false;
/** Counts how often something was forgotten: an answer that was asked for before may be of what is no longer true. */
let forgotten = 0;

const idOf = (run: string, sample: number) => JSON.stringify([run, sample]);

const stageOf = (run: RunInfo) =>
  JSON.stringify([run.revision, run.models.map((model) => [model.name, model.steps.length, model.steps.at(-1)])]);

/** Of the inspected sample; null until it is there. New steps show as soon as they have been fetched. */
export function historyOf(row: Row): SampleColumns | null {
  changes.value;
  const sample = inspected.value;
  if (sample === null) return null;
  return cache.get(idOf(row.run, sample))?.models[row.model.name] ?? null;
}

export function forgetHistory(run: string): void {
  cache.deleteWhere((id) => (JSON.parse(id) as [string, number])[0] === run);
  forgotten++;
  changes.value = changes.peek() + 1;
}

/** The sample whose inspector is on screen. */
export const sampleOnScreen = computed(() =>
  chosenView.value === "projector" && !sideHidden.value ? inspected.value : null,
);

/** Returns what ends it. */
export function keepHistoryComing(): () => void {
  return effect(() => {
    changes.value; // after an answer or a loss, look again
    const sample = sampleOnScreen.value;
    if (sample === null || asking) return;
    const names = new Set(rows.value.map((row) => row.run));
    const missing = overview.value?.runs.find(
      (run) => names.has(run.name) && cache.get(idOf(run.name, sample))?.stage !== stageOf(run),
    );
    if (missing !== undefined) void fetchOf(missing, sample);
  });
}

async function fetchOf(run: RunInfo, sample: number): Promise<void> {
  asking = true;
  const before = forgotten;
  let wait = 0;
  try {
    const models = await getSample(run.name, sample);
    if (forgotten === before) cache.set(idOf(run.name, sample), { stage: stageOf(run), models });
  } catch {
    wait = RETRY_MS; // what is wrong is said where frames and overview are asked for
  }
  setTimeout(() => {
    asking = false;
    changes.value = changes.peek() + 1;
  }, wait);
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
