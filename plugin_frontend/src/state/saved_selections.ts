/** Selections with a name, kept in this browser by the probe whose samples they are of. */

import { computed, signal } from "@preact/signals";
import { keptList } from "./kept_list";
import { probe } from "./server";

export interface SavedSelection {
  readonly name: string;
  /** Ascending. */
  readonly samples: readonly number[];
}

const keyOf = (fingerprint: string) => `kd_projector.selections.${fingerprint}`;

/** What was written before, as far as it is a list of selections of that many samples. */
export function parsed(text: string | null, size: number): SavedSelection[] {
  let found: unknown = null;
  try {
    found = JSON.parse(text ?? "[]");
  } catch {
    return []; // written by something else under our name
  }
  if (!Array.isArray(found)) return [];
  return found.flatMap((one): SavedSelection[] => {
    if (typeof one?.name !== "string" || !Array.isArray(one.samples)) return [];
    const isSample = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < size;
    return one.samples.every(isSample) ? [{ name: one.name, samples: one.samples }] : [];
  });
}

/** A selection of the same name gives way to the new one, in its place. */
export function withSaved(saved: readonly SavedSelection[], name: string, samples: Iterable<number>): SavedSelection[] {
  const one = { name, samples: [...samples].sort((a, b) => a - b) };
  const isThere = saved.some((other) => other.name === name);
  return isThere ? saved.map((other) => (other.name === name ? one : other)) : [...saved, one];
}

/** Null where the name is another's. */
export function withRenamed(saved: readonly SavedSelection[], from: string, to: string): SavedSelection[] | null {
  if (from !== to && saved.some((one) => one.name === to)) return null;
  return saved.map((one) => (one.name === from ? { ...one, name: to } : one));
}

/** "Selection 1", or the first number that is free. */
export function freeName(saved: readonly SavedSelection[]): string {
  const names = new Set(saved.map((one) => one.name));
  let number = 1;
  while (names.has(`Selection ${number}`)) number++;
  return `Selection ${number}`;
}

const kept = keptList(
  () => (probe.value === null ? null : keyOf(probe.value.fingerprint)),
  (json) => parsed(json, probe.value?.size ?? 0),
);

export const savedSelections = kept.items;

/** The name that the last change wanted and another has. */
const taken = signal<string | null>(null);

/** Why the last change could not be made, or not be kept; null while all is well. */
export const savingError = computed(() => {
  if (taken.value !== null) return `Another selection is called “${taken.value}” already.`;
  return (
    kept.error.value && `It is there only while this page is open; the browser did not keep it: ${kept.error.value}`
  );
});

export function saveSelection(name: string, samples: Iterable<number>): void {
  taken.value = null;
  const those = [...samples];
  kept.change((saved) => withSaved(saved, name, those));
}

export function renameSelection(from: string, to: string): void {
  taken.value = kept.change((saved) => withRenamed(saved, from, to)) ? null : to;
}

export function deleteSelection(name: string): void {
  taken.value = null;
  kept.change((saved) => saved.filter((one) => one.name !== name));
}
