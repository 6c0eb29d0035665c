/** The user's bookmarks: states with names, kept in this browser for each probe. */

import { computed, signal } from "@preact/signals";
import { probeGroup } from "./server";

export interface Bookmark {
  readonly name: string;
  /** As `encode` writes it. */
  readonly state: string;
}

const KEY = "kd_projector.bookmarks.";

/** By probe. What is not in here yet is read from the browser's store. */
const known = signal<ReadonlyMap<string, readonly Bookmark[]>>(new Map());
/** Whether the browser keeps them beyond this page. */
export const areKept = signal(true);

const fingerprint = computed(() => probeGroup.value?.fingerprint ?? "");

export const bookmarks = computed(() => known.value.get(fingerprint.value) ?? stored(fingerprint.value));

function stored(probe: string): readonly Bookmark[] {
  try {
    return bookmarksIn(localStorage.getItem(KEY + probe));
  } catch {
    return []; // a page that may keep nothing
  }
}

/** Whatever may have got into the store; what is no bookmark is left out. */
export function bookmarksIn(json: string | null): Bookmark[] {
  try {
    const found: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(found) ? found.filter(isBookmark).map(({ name, state }) => ({ name, state })) : [];
  } catch {
    return [];
  }
}

function isBookmark(found: unknown): found is Bookmark {
  const { name, state } = (found ?? {}) as Partial<Record<keyof Bookmark, unknown>>;
  return typeof name === "string" && typeof state === "string";
}

function keep(next: readonly Bookmark[]): void {
  known.value = new Map(known.peek()).set(fingerprint.peek(), next);
  try {
    localStorage.setItem(KEY + fingerprint.peek(), JSON.stringify(next));
    areKept.value = true;
  } catch {
    areKept.value = false;
  }
}

/** One of the same name is replaced. */
export function addBookmark(name: string, state: string): void {
  keep([...bookmarks.peek().filter((one) => one.name !== name), { name, state }]);
}

export function removeBookmark(name: string): void {
  keep(bookmarks.peek().filter((one) => one.name !== name));
}

/** Not to a name that another has. Returns whether it has the name now. */
export function renameBookmark(name: string, next: string): boolean {
  if (next === name) return true;
  if (next === "" || bookmarks.peek().some((one) => one.name === next)) return false;
  keep(bookmarks.peek().map((one) => (one.name === name ? { ...one, name: next } : one)));
  return true;
}
