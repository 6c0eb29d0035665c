/** Ties links to the settings: writes what the user sees into TensorBoard's address, and restores it from there. */

import { batch, computed, effect, type Signal, signal } from "@preact/signals";
import { fallbacks } from "./fallbacks";
import { step, steps } from "./grid";
import { hostWindow } from "./host_page";
import {
  type Decoded,
  decode,
  type Encoded,
  encode,
  LINKED_NAMES,
  type LinkedName,
  type LinkedValues,
  LONGEST_IN_LINK,
} from "./link";
import { stateOf, TAB, tabOf, withState } from "./link_address";
import { whatIsNotHere } from "./not_here";
import { overview } from "./server";
import * as settings from "./settings";

/** Dragging must not write the address a hundred times: browsers forbid it. */
const WRITE_MS = 300;

const signals = { ...settings };
const signalOf = (name: LinkedName) => signals[name] as Signal<unknown>;
const valuesBy = (read: (name: LinkedName) => unknown) =>
  Object.fromEntries(LINKED_NAMES.map((name) => [name, read(name)])) as unknown as LinkedValues;

const initial = valuesBy((name) => signalOf(name).peek());

/** Of the link or state that was opened last: what it asked for. Null: none was, or the user has read what was missing. */
export const opened = signal<Decoded | null>(null);

/** What it asked for and cannot be had, and the user has not chosen anew since. */
const unmet = computed(() => {
  const asked: Partial<LinkedValues> = opened.value?.values ?? {};
  return fallbacks.value.filter(({ name }) => name in asked && asked[name] === signalOf(name).value);
});

/** What it asked for that is not here, in words, with what shows instead. */
export const notHere = computed(() => {
  if (opened.value === null || overview.value === null) return [];
  return [
    ...whatIsNotHere(opened.value, overview.value),
    ...unmet.value.map(({ asked, instead }) => `${asked} (${instead} instead)`),
  ];
});

/** The user has read it: from now on the address says what shows. */
export function dismissNotice(): void {
  batch(() => {
    for (const { name, value } of unmet.peek()) signalOf(name).value = value;
    opened.value = null;
  });
}

/** The choices, but no claim of what cannot be had; only what a link asked for stands until the user has read the notice. */
const valuesNow = () => ({
  ...valuesBy((name) => signalOf(name).value),
  ...Object.fromEntries(
    fallbacks.value.filter((one) => !unmet.value.includes(one)).map(({ name, value }) => [name, value]),
  ),
});

/** What goes into the address. At the newest step it names no step, so that a page that is loaded again follows. */
export const linkNow = computed<Encoded>(() => encode(valuesNow(), initial, LONGEST_IN_LINK));

export const isAtNewest = computed(() => step.value !== null && step.value === steps.value.at(-1));

/** What links that are copied, and bookmarks, hold: what is seen, its step too, however the training goes on. */
const valuesSeen = () => ({
  ...valuesBy((name) => signalOf(name).value),
  ...Object.fromEntries(fallbacks.value.map(({ name, value }) => [name, value])),
  chosenStep: isAtNewest.value && settings.linksNewest.value ? null : (step.value ?? settings.chosenStep.value),
});

/** All of it, however long. */
export const wholeState = () => encode(valuesSeen(), initial).state;

/** Whatever the state does not name is as it was at the beginning. */
export function openState(state: string): void {
  const decoded = decode(state);
  batch(() => {
    settings.hovered.value = null;
    settings.hoveredPanel.value = null;
    settings.playing.value = false;
    for (const name of LINKED_NAMES) signalOf(name).value = decoded.values[name] ?? initial[name];
    opened.value = decoded;
  });
}

/** The address of what is on screen; null where TensorBoard's cannot be had. */
export function linkToCopy(): string | null {
  const host = hostWindow();
  if (host === null) return null;
  const { origin, pathname, search, hash } = host.location;
  return origin + pathname + search + withState(hash, encode(valuesSeen(), initial, LONGEST_IN_LINK).state);
}

/** Open what the address asks for, then keep it true. Returns what ends it. */
export function followAddress(): () => void {
  const host = hostWindow();
  if (host === null) return () => {};
  const asked = stateOf(host.location.hash);
  if (asked !== "") openState(asked);
  let written = linkNow.peek().state;
  let timer = 0;
  const write = () => {
    const { state } = linkNow.peek();
    const tab = tabOf(host.location.hash);
    // In another of TensorBoard's tabs the address is not ours.
    if (state === written || (tab !== "" && tab !== TAB)) return;
    written = state;
    host.history.replaceState(host.history.state, "", withState(host.location.hash, state));
  };
  /** Someone went back or forth, or opened a link in this very page. */
  const onHashChange = () => {
    const { hash } = host.location;
    if (tabOf(hash) !== TAB) return;
    const state = stateOf(hash);
    if (state === "") {
      written = ""; // TensorBoard's own way back to our tab
      write();
    } else if (state !== written) {
      openState(state);
      written = linkNow.peek().state;
    }
  };
  const stop = effect(() => {
    for (const name of LINKED_NAMES) signalOf(name).value;
    unmet.value; // and with it all that cannot be had
    clearTimeout(timer);
    timer = window.setTimeout(write, WRITE_MS);
  });
  host.addEventListener("hashchange", onHashChange);
  return () => {
    clearTimeout(timer);
    stop();
    host.removeEventListener("hashchange", onHashChange);
  };
}
