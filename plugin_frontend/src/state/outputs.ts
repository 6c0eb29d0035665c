/** What each model on screen predicts for each sample at its step: fetched in one request a step, kept for a while. */

import { batch, effect, signal } from "@preact/signals";
import { getOutputs } from "../api/client";
import type { Outputs } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { rows, step } from "./grid";
import type { Row } from "./rows";
import { storedStep } from "./timeline";

const CACHE_BYTES = 64 * 2 ** 20;
const RETRY_MS = 2000;

const bytesOf = (outputs: Outputs) =>
  Object.values(outputs).reduce((sum: number, column) => sum + (column?.byteLength ?? 0), 64);
const cache = new BoundedMap<Outputs>(CACHE_BYTES, bytesOf);
const asked = new Set<string>();
const changes = signal(0);

type Item = readonly [run: string, model: string, step: number];

/** The outputs of a row at the step on screen; null until they are there. */
export function outputsOf(row: Row): Outputs | null {
  changes.value;
  const item = itemOf(row);
  return item === null ? null : (cache.get(JSON.stringify(item)) ?? null);
}

function itemOf(row: Row): Item | null {
  const stored = step.value === null ? null : storedStep(row.model.steps, step.value);
  return stored === null ? null : [row.run, row.model.name, stored];
}

export function forgetOutputs(run: string): void {
  cache.deleteWhere((key) => (JSON.parse(key) as Item)[0] === run);
  changes.value = changes.peek() + 1;
}

/** Returns what ends it. */
export function keepOutputsComing(): () => void {
  return effect(() => {
    changes.value; // after an answer or a loss, look again
    const items = rows.value.map(itemOf).filter((item) => item !== null);
    const wanted = items.filter((item) => {
      const key = JSON.stringify(item);
      return cache.get(key) === undefined && !asked.has(key);
    });
    if (wanted.length > 0) void fetchAll(wanted);
  });
}

async function fetchAll(items: readonly Item[]): Promise<void> {
  const keys = items.map((item) => JSON.stringify(item));
  for (const key of keys) asked.add(key);
  try {
    const answers = await getOutputs(items);
    batch(() => {
      answers.forEach((outputs, i) => {
        cache.set(keys[i] as string, outputs);
      });
      changes.value = changes.peek() + 1;
    });
  } catch {
    // What is wrong is said where frames and overview are asked for; here it is enough to look again in a while.
    setTimeout(() => {
      changes.value = changes.peek() + 1;
    }, RETRY_MS);
  } finally {
    for (const key of keys) asked.delete(key);
  }
}
