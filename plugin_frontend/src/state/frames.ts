/** The frames: fetches those on screen in one request, asks again while they are being computed, and looks ahead. */

import { batch, computed, effect, signal } from "@preact/signals";
import { cancelFrames, getFrames, getProgress } from "../api/client";
import type { EmbeddingRef, Frame, FrameAnswer, Progress } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { panelsBeside } from "./frames_beside";
import { embeddingOf, type PanelInfo, panelBefore, panels, panelsAt, step, steps } from "./grid";
import { isShowing } from "./host_page";
import { type Maps, maps, mapsKey } from "./maps";
import { messageOf } from "./server";
import { chosenView, playing } from "./settings";
import { neighbourStep } from "./timeline";

const CACHE_BYTES = 192 * 2 ** 20;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 1000;
/** Frames a request: its address must stay well under the server's 64 kB. */
const BATCH = 60;

const bytesOf = ({ coordinates, kept, changed }: Frame) =>
  coordinates.byteLength + kept.byteLength + (changed?.byteLength ?? 0);
const cache = new BoundedMap<Frame>(CACHE_BYTES, bytesOf);
/** What the server last said of frames that are not there. */
const unfinished = new Map<string, Exclude<FrameAnswer, { status: "ready" }>>();
/** Counts changes of the two above, which are no signals themselves. */
const changes = signal(0);
/** Counts how often something was forgotten: an answer that was asked for before may be of what is no longer true. */
let forgotten = 0;

export const progress = signal<Progress | null>(null);
export const framesError = signal<string | null>(null);

export type PanelStatus =
  | { readonly kind: "ready" | "asking" | "queued" | "running" }
  | { readonly kind: "failed"; readonly message: string };

/** Of all that a frame depends on: one that was asked for by another mode or on another reference has another. */
function idOf(panel: PanelInfo, of: Maps | null = maps.value): string {
  return JSON.stringify([of?.method, of?.mode, of?.dimensions, of?.reference, embeddingOf(panel)]);
}

export function frameOf(panel: PanelInfo): Frame | null {
  changes.value;
  return cache.get(idOf(panel)) ?? null;
}

/** The frame of the layer's stored step before; null while it is not there, or at the first step. */
export function frameBefore(panel: PanelInfo): Frame | null {
  const before = panelBefore(panel);
  return before === null ? null : frameOf(before);
}

export function statusOf(panel: PanelInfo): PanelStatus {
  changes.value;
  const id = idOf(panel);
  if (cache.get(id) !== undefined) return { kind: "ready" };
  const answer = unfinished.get(id);
  if (answer === undefined) return { kind: "asking" };
  return answer.status === "failed" ? { kind: "failed", message: answer.message } : { kind: answer.status };
}

export const isSettled = (panel: PanelInfo) => ["ready", "failed"].includes(statusOf(panel).kind);

/** What the maps on screen are made of. It is another object whenever other frames are wanted. */
const shownMaps = computed(() => ({ panels: panels.value, maps: maps.value }));

/** Another one where what was asked for is not wanted any more; empty while no maps are on screen. */
const wantedMaps = computed(() => (chosenView.value === "projector" ? mapsKey.value : ""));

/** How many panels on screen wait for their frame. */
export const pendingCount = computed(() => panels.value.filter((panel) => !isSettled(panel)).length);

async function ask(wanted: readonly PanelInfo[], prefetch: boolean): Promise<void> {
  const asked = shownMaps.peek();
  if (asked.maps === null) return;
  for (let start = 0; start < wanted.length; start += BATCH) {
    const some = wanted.slice(start, start + BATCH);
    const ids = some.map((panel) => idOf(panel, asked.maps));
    const frames: EmbeddingRef[] = some.map(embeddingOf);
    const before = forgotten;
    const answers = await getFrames({ ...asked.maps, frames, prefetch });
    if (forgotten !== before) return; // asked again at once
    batch(() => {
      answers.forEach((answer, i) => {
        const id = ids[i] as string;
        if (answer.status === "ready") {
          unfinished.delete(id);
          cache.set(id, answer.frame);
        } else unfinished.set(id, answer);
      });
      changes.value = changes.peek() + 1;
    });
    if (shownMaps.peek() !== asked) return; // other maps are wanted now
  }
}

let wake: () => void = () => {};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** The frames before those on screen, as far as they may still come: without them nothing is known of the motion. */
function panelsBehind(): PanelInfo[] {
  return panels.peek().flatMap((panel) => {
    const before = panelBefore(panel);
    return before === null || isSettled(before) ? [] : [before];
  });
}

/** What is drawn of other steps or maps than those on screen, as far as it may still come. */
const missingBeside = () => panelsBeside.peek().filter((panel) => !isSettled(panel));

/** The steps that are likely to be looked at next. */
function panelsAhead(): PanelInfo[] {
  const at = step.peek();
  if (at === null) return [];
  const ahead = (playing.peek() ? [1, 2, 3, 4] : [1, -1]).map((by) => neighbourStep(steps.peek(), at, by));
  const wanted = [...new Set(ahead)].flatMap((other) => (other === null || other === at ? [] : panelsAt(other)));
  return wanted.filter((panel) => statusOf(panel).kind === "asking");
}

const once = (some: readonly PanelInfo[]) => [...new Map(some.map((panel) => [idOf(panel), panel])).values()];

/** Other maps are wanted now: let the server not make those that it was asked for and has not made yet. */
async function letGo(): Promise<void> {
  const waiting = [...unfinished].filter(([, answer]) => answer.status !== "failed");
  if (waiting.length === 0) return;
  for (const [id] of waiting) unfinished.delete(id);
  changes.value = changes.peek() + 1;
  try {
    await cancelFrames();
  } catch {
    // They are made in vain then; what is wrong is said where the next ones are asked for.
  }
}

/** Fetch what is on screen, then what comes next. Returns what ends it. */
export function keepFramesComing(): () => void {
  let ended = false;
  const run = async () => {
    let wait = FIRST_WAIT_MS;
    let before: unknown = null;
    let wanted = wantedMaps.peek();
    while (!ended) {
      if (wanted !== wantedMaps.peek()) {
        wanted = wantedMaps.peek();
        await letGo();
      }
      const shown = shownMaps.peek();
      const fresh = before !== shown;
      before = shown;
      if (fresh) wait = FIRST_WAIT_MS;
      const missing = shown.panels.filter((panel) => !isSettled(panel));
      try {
        if (isShowing()) {
          if (missing.length > 0) await ask(missing, false);
          else await ask(once([...missingBeside(), ...panelsBehind(), ...(fresh ? panelsAhead() : [])]), true);
          framesError.value = null;
        }
      } catch (error) {
        framesError.value = messageOf(error);
        wait = LONGEST_WAIT_MS;
      }
      if (shownMaps.peek() !== shown) continue;
      if (pendingCount.peek() === 0 && missing.length > 0) before = null; // all there now: look ahead once
      const waits = pendingCount.peek() > 0 || missingBeside().length > 0;
      await pause(waits && before !== null ? wait : before === null ? 0 : LONGEST_WAIT_MS);
      wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
    }
  };
  const stopWaking = effect(() => {
    shownMaps.value;
    panelsBeside.value;
    wake();
  });
  void run();
  return () => {
    ended = true;
    stopWaking();
    wake();
  };
}

/** Ask again for a frame that failed. */
export function retry(panel: PanelInfo): void {
  unfinished.delete(idOf(panel));
  changes.value = changes.peek() + 1;
  wake();
}

/** A training that went back to a checkpoint writes its steps anew: what is kept of that run is of a dead branch. */
export function forgetRun(run: string): void {
  const ofRun = (id: string) => {
    const [, , , reference, embedding] = JSON.parse(id) as [string, string, 2 | 3, EmbeddingRef | null, EmbeddingRef];
    return embedding[0] === run || reference?.[0] === run; // a map laid onto the run's is as old as that
  };
  forgotten++;
  cache.deleteWhere(ofRun);
  for (const id of [...unfinished.keys()]) if (ofRun(id)) unfinished.delete(id);
  changes.value = changes.peek() + 1;
}

/** Ask how far the computing is, once a second while a panel waits. */
export function keepProgressFresh(): () => void {
  let asking = false; // where an answer takes long, questions must not pile up
  const timer = setInterval(() => {
    if (pendingCount.peek() === 0) progress.value = null;
    else if (isShowing() && !asking) {
      asking = true;
      getProgress()
        .then(
          (news) => {
            progress.value = pendingCount.peek() === 0 ? null : news;
          },
          () => {}, // the frames' own request says what is wrong
        )
        .finally(() => {
          asking = false;
        });
    }
  }, 1000);
  return () => clearInterval(timer);
}
