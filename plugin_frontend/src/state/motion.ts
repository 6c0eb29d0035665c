/** Moves the points: which coordinates each panel leaves and goes to, and how far all of them are on the way. */

import { batch, effect, signal } from "@preact/signals";
import type { Frame } from "../api/types";
import { frameOf } from "./frames";
import { type PanelInfo, panels } from "./grid";
import { mapsKey } from "./maps";
import { playing, speed } from "./settings";

const DURATION_MS = 350;

export interface Shown {
  readonly frame: Frame;
  /** The `mapsKey` of what the frame was made by and laid onto. */
  readonly maps: string;
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** By panel key. A panel that waits for a frame keeps its last one. */
export const shown = signal<ReadonlyMap<string, Shown>>(new Map());
/** 0: all panels at `from`; 1: all at `to`. */
export const mix = signal(1);

export function isStale(panel: PanelInfo): boolean {
  const frame = frameOf(panel);
  return frame === null || shown.value.get(panel.key)?.frame !== frame;
}

/** Whether a panel still shows a map of another method, mode or reference: no place on it compares with the others'. */
export function isOfOtherMaps(panel: PanelInfo): boolean {
  const now = shown.value.get(panel.key);
  return now !== undefined && now.maps !== mapsKey.value;
}

/** A panel's coordinates just now. */
export function positionsNow({ from, to }: Pick<Shown, "from" | "to">, at: number): Float32Array {
  if (at >= 1 || from === to) return to;
  return from.map((value, i) => value + at * ((to[i] as number) - value));
}

/** What shows next: panels with a new frame leave from where their points are now, the others stay where they are. */
export function nextShown(
  before: ReadonlyMap<string, Shown>,
  at: number,
  wanted: readonly { readonly key: string; readonly frame: Frame | null }[],
  maps: string,
): Map<string, Shown> {
  const next = new Map<string, Shown>();
  for (const { key, frame } of wanted) {
    const old = before.get(key);
    const target = frame ?? old?.frame;
    if (target === undefined) continue;
    const to = target.coordinates;
    const now = old === undefined ? to : positionsNow(old, at);
    const from = now.length === to.length ? now : to;
    next.set(key, { frame: target, maps: frame === null && old !== undefined ? old.maps : maps, from, to });
  }
  return next;
}

type Easing = (t: number) => number;

const easeInOut: Easing = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);
const easeOut: Easing = (t) => 1 - (1 - t) ** 3;
const even: Easing = (t) => t;

/**
 * How the points go: from rest softly; where they are on their way already, at once, so that whoever drags the slider
 * sees them follow and not wait; while playing evenly from step to step, for all the time that a step has.
 */
export function wayOf(
  isPlaying: boolean,
  perSecond: number,
  at: number,
): { readonly ms: number; readonly ease: Easing } {
  if (isPlaying) return { ms: 1000 / perSecond, ease: even };
  return { ms: DURATION_MS, ease: at < 1 ? easeOut : easeInOut };
}

let ticket = 0;

/** `at`: how far the points were on their way before. */
function animate(at: number): void {
  const mine = ++ticket;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    mix.value = 1;
    return;
  }
  const { ms, ease } = wayOf(playing.peek(), speed.peek(), at);
  const start = performance.now();
  const tick = (now: number) => {
    if (mine !== ticket) return;
    const t = Math.min(1, Math.max(0, (now - start) / ms));
    mix.value = ease(t);
    if (t < 1) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/** Returns what ends it. */
export function keepMoving(): () => void {
  return effect(() => {
    const wanted = panels.value.map((panel) => ({ key: panel.key, frame: frameOf(panel) }));
    const before = shown.peek();
    const same =
      before.size === wanted.filter(({ key, frame }) => frame !== null || before.has(key)).length &&
      wanted.every(({ key, frame }) => frame === null || before.get(key)?.frame === frame);
    if (same) return;
    const at = mix.peek();
    const next = nextShown(before, at, wanted, mapsKey.value);
    const anyMoves = [...next.values()].some(({ from, to }) => from !== to);
    batch(() => {
      shown.value = next;
      mix.value = anyMoves ? 0 : 1;
    });
    if (anyMoves) animate(at);
    else ticket++;
  });
}
