/** Selections with a name, kept in this browser by the probe whose samples they are of. */

import { computed, signal } from "@preact/signals";
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

const written = signal(0);
/** Why the last change could not be kept; null while all is well. */
export const savingError = signal<string | null>(null);

export const savedSelections = computed<readonly SavedSelection[]>(() => {
  written.value;
  const known = probe.value;
  if (known === null) return [];
  try {
    return parsed(localStorage.getItem(keyOf(known.fingerprint)), known.size);
  } catch {
    return []; // the browser keeps nothing for this page; saving says so
  }
});

function write(saved: readonly SavedSelection[]): void {
  const known = probe.peek();
  if (known === null) return;
  try {
    localStorage.setItem(keyOf(known.fingerprint), JSON.stringify(saved));
    savingError.value = null;
  } catch (error) {
    savingError.value = `The browser did not keep it: ${error instanceof Error ? error.message : String(error)}`;
  }
  written.value = written.peek() + 1;
}

export function saveSelection(name: string, samples: Iterable<number>): void {
  write(withSaved(savedSelections.peek(), name, samples));
}

export function renameSelection(from: string, to: string): void {
  const renamed = withRenamed(savedSelections.peek(), from, to);
  if (renamed === null) savingError.value = `Another selection is called “${to}” already.`;
  else write(renamed);
}

export function deleteSelection(name: string): void {
  write(savedSelections.peek().filter((one) => one.name !== name));
}
