/** The user's bookmarks: states with names, kept in this browser for each probe. */

import { computed } from "@preact/signals";
import { keptList } from "./kept_list";
import { probeGroup } from "./server";

export interface Bookmark {
  readonly name: string;
  /** As `encode` writes it. */
  readonly state: string;
}

const KEY = "kd_projector.bookmarks.";

const kept = keptList(() => KEY + (probeGroup.value?.fingerprint ?? ""), bookmarksIn);

export const bookmarks = kept.items;
/** Whether the browser keeps them beyond this page. */
export const areKept = computed(() => kept.error.value === null);

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

/** One of the same name is replaced. */
export function addBookmark(name: string, state: string): void {
  kept.change((all) => [...all.filter((one) => one.name !== name), { name, state }]);
}

export function removeBookmark(name: string): void {
  kept.change((all) => all.filter((one) => one.name !== name));
}

/** Not to a name that another has. Returns whether it has the name now. */
export function renameBookmark(name: string, next: string): boolean {
  if (next === name) return true;
  if (next === "") return false;
  return kept.change((all) =>
    all.some((one) => one.name === next) ? null : all.map((one) => (one.name === name ? { ...one, name: next } : one)),
  );
}
