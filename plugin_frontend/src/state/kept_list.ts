/**
 * A list that the browser keeps beyond this page, in `localStorage`. Other pages of the panel change it too: it is read
 * anew before each change, and whenever another page has changed it, so that no page writes back what it read long ago.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** What becomes of the list; null: leave it. */
export type Change<Item> = (items: readonly Item[]) => readonly Item[] | null;

export interface KeptList<Item> {
  readonly items: ReadonlySignal<readonly Item[]>;
  /** Why the last change lasts no longer than this page; null while all is well. */
  readonly error: ReadonlySignal<string | null>;
  /** Returns whether it was changed. */
  readonly change: (change: Change<Item>) => boolean;
}

/** Counts what was written, here and by other pages. */
const written = signal(0);

/** `keyOf`: where it is kept, null: nowhere yet. `read` takes whatever may have got there. Both may read signals. */
export function keptList<Item>(keyOf: () => string | null, read: (json: string | null) => Item[]): KeptList<Item> {
  const key = computed(keyOf);
  /** By key, what the browser would not keep: done again to whatever it has. */
  const unwritten = new Map<string, readonly Change<Item>[]>();
  const error = signal<string | null>(null);
  const now = (at: string) =>
    (unwritten.get(at) ?? []).reduce<readonly Item[]>((items, change) => change(items) ?? items, read(stored(at)));
  const items = computed<readonly Item[]>(() => {
    written.value;
    return key.value === null ? [] : now(key.value);
  });
  const change = (wanted: Change<Item>) => {
    const at = key.peek();
    const next = at === null ? null : wanted(now(at));
    if (at === null || next === null) return false;
    try {
      localStorage.setItem(at, JSON.stringify(next));
      unwritten.delete(at);
      error.value = null;
    } catch (reason) {
      unwritten.set(at, [...(unwritten.get(at) ?? []), wanted]);
      error.value = reason instanceof Error ? reason.message : String(reason);
    }
    written.value = written.peek() + 1;
    return true;
  };
  return { items, error, change };
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a page that may keep nothing; changing it says so
  }
}

/** Returns what ends it. */
export function followOtherPages(): () => void {
  const onStorage = () => {
    written.value = written.peek() + 1;
  };
  window.addEventListener("storage", onStorage);
  return () => window.removeEventListener("storage", onStorage);
}
