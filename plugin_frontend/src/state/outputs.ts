/** What each model on screen predicts for each sample at its step: fetched in one request a step, kept for a while. */

import { effect, signal } from "@preact/signals";
import { getOutputs } from "../api/client";
import type { Outputs } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { allRows, rows, rowsInUse, step } from "./grid";
import { type Row, teacherOf } from "./rows";
import { storedStep } from "./timeline";

const CACHE_BYTES = 64 * 2 ** 20;
const RETRY_MS = 2000;

const bytesOf = (outputs: Outputs) =>
  Object.values(outputs).reduce((sum: number, column) => sum + (column?.byteLength ?? 0), 64);
const cache = new BoundedMap<Outputs>(CACHE_BYTES, bytesOf);
/** One request at a time: whoever drags the slider passes many steps, and only the one where he stops matters. */
let asking = false;
/** Counts how often something was forgotten: an answer that was asked for before may be of what is no longer true. */
let forgotten = 0;
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
  forgotten++;
  changes.value = changes.peek() + 1;
}

/** Returns what ends it. */
export function keepOutputsComing(): () => void {
  return effect(() => {
    changes.value; // after an answer or a loss, look again
    // A teacher that does not show is what its students are compared with all the same.
    const teachers = rowsInUse.value.flatMap((row) => teacherOf(row, rows.value, allRows.value) ?? []);
    const items = [...new Set([...rowsInUse.value, ...teachers])].map(itemOf).filter((item) => item !== null);
    const wanted = items.filter((item) => cache.get(JSON.stringify(item)) === undefined);
    if (wanted.length > 0 && !asking) void fetchAll(wanted);
  });
}

async function fetchAll(items: readonly Item[]): Promise<void> {
  asking = true;
  const before = forgotten;
  let wait = 0;
  try {
    const answers = await getOutputs(items);
    if (forgotten === before)
      answers.forEach((outputs, i) => {
        cache.set(JSON.stringify(items[i]), outputs);
      });
  } catch {
    wait = RETRY_MS; // what is wrong is said where frames and overview are asked for
  }
  setTimeout(() => {
    asking = false;
    changes.value = changes.peek() + 1;
  }, wait);
}
