/** What each model on screen predicts for each sample at its step: fetched in one request a step, kept for a while. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { getOutputs } from "../api/client";
import type { Outputs } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { Fetched } from "./fetched";
import { allRows, rows, rowsInUse, step } from "./grid";
import { type Row, teacherOf } from "./rows";
import { storedStep } from "./timeline";

const CACHE_BYTES = 64 * 2 ** 20;
const RETRY_MS = 2000;

const bytesOf = (outputs: Outputs) =>
  Object.values(outputs).reduce((sum: number, column) => sum + (column?.byteLength ?? 0), 64);
const fetched = new Fetched(
  new BoundedMap<Outputs>(CACHE_BYTES, bytesOf, (id) => wantedIds.peek().has(id)),
  (id) => (JSON.parse(id) as Item)[0],
  RETRY_MS,
);

type Item = readonly [run: string, model: string, step: number];

/** Outputs that are wanted besides those of the step on screen. */
export interface OutputsAt {
  readonly row: Row;
  readonly at: number;
}

const beside = signal<readonly ReadonlySignal<readonly OutputsAt[]>[]>([]);

/** Have outputs fetched for as long as they are listed. Returns what ends it. */
export function alsoWantOutputs(source: ReadonlySignal<readonly OutputsAt[]>): () => void {
  beside.value = [...beside.peek(), source];
  return () => {
    beside.value = beside.peek().filter((other) => other !== source);
  };
}

/** The outputs of a row at a step, without it at that on screen; null until they are there. */
export function outputsOf(row: Row, at: number | null = step.value): Outputs | null {
  const item = itemOf(row, at);
  return item === null ? null : (fetched.get(JSON.stringify(item)) ?? null);
}

/** Whether a row has outputs at a step that are only not there yet. */
export function areOutputsComing(row: Row, at: number | null = step.value): boolean {
  return itemOf(row, at) !== null && outputsOf(row, at) === null;
}

function itemOf(row: Row, at: number | null = step.value): Item | null {
  const stored = at === null ? null : storedStep(row.model.steps, at);
  return stored === null ? null : [row.run, row.model.name, stored];
}

const once = (items: readonly (Item | null)[]): readonly Item[] => [
  ...new Map(items.flatMap((item) => (item === null ? [] : [[JSON.stringify(item), item] as const]))).values(),
];

const onScreen = computed(() => {
  // A teacher that does not show is what its students are compared with all the same.
  const teachers = rowsInUse.value.flatMap((row) => teacherOf(row, rows.value, allRows.value) ?? []);
  return once([...rowsInUse.value, ...teachers].map((row) => itemOf(row)));
});
const besides = computed(() =>
  once(beside.value.flatMap((source) => source.value.map(({ row, at }) => itemOf(row, at)))),
);
const wantedIds = computed(() => new Set([...onScreen.value, ...besides.value].map((item) => JSON.stringify(item))));

export function forgetOutputs(run: string): void {
  fetched.forget(run);
}

/** Returns what ends it. */
export function keepOutputsComing(): () => void {
  return fetched.keepComing(() => {
    const missing = [onScreen.value, besides.value].map((items) =>
      items.filter((item) => fetched.get(JSON.stringify(item)) === undefined),
    );
    const wanted = missing.find((items) => items.length > 0); // what is on screen comes first
    if (wanted === undefined) return null;
    return async () => {
      const answers = await getOutputs(wanted);
      return { found: answers.map((outputs, i) => [JSON.stringify(wanted[i]), outputs]) };
    };
  });
}
