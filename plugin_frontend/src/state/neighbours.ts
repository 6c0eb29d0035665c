/**
 * Who is truly near whom in the embeddings: asked for where somebody wants it, all at once, and kept for a while. An
 * embedding's neighbours are the same in the maps of all methods.
 */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { getNeighbours } from "../api/client";
import type { Neighbours } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { frameOf } from "./frames";
import { embeddingOf, type PanelInfo } from "./grid";
import { maps } from "./maps";

const CACHE_BYTES = 96 * 2 ** 20;
const RETRY_MS = 1500;
/** A request's address must stay well under the server's 64 kB. */
const BATCH = 60;

/** What is wanted now is kept even if it is more than that. */
const cache = new BoundedMap<Neighbours>(
  CACHE_BYTES,
  ({ indices, tied }) => indices.byteLength + tied.byteLength,
  (id) => wantedIds.peek().has(id),
);
/** By id: which of all questions was the last for it, where the answer was that it is not there yet. */
const lastAsked = new Map<string, number>();
let questions = 0;
/** Counts changes of the above, which is no signal itself. */
const changes = signal(0);
/** One request at a time: whoever moves through the steps passes many, and only the one where he stops matters. */
let asking = false;
/** Counts how often something was forgotten: an answer that was asked for before may be of what is no longer true. */
let forgotten = 0;

type Wanted = ReadonlySignal<readonly PanelInfo[]>;

const sources = signal<readonly Wanted[]>([]);

/** Have the true neighbours of panels fetched for as long as they are listed. Returns what ends it. */
export function wantNeighbours(source: Wanted): () => void {
  sources.value = [...sources.peek(), source];
  return () => {
    sources.value = sources.peek().filter((other) => other !== source);
  };
}

const idOf = (panel: PanelInfo) => JSON.stringify(embeddingOf(panel));

/** The panels whose neighbours are wanted, each once. Their frames are wanted too: neighbours come with a frame. */
export const neighbourPanels = computed<readonly PanelInfo[]>(() => [
  ...new Map(sources.value.flatMap((source) => source.value.map((panel) => [idOf(panel), panel]))).values(),
]);

const wantedIds = computed(() => new Set(neighbourPanels.value.map(idOf)));

/** The true nearest neighbours in a panel's embedding; null while they are not there, or if nobody wants them. */
export function neighboursOf(panel: PanelInfo): Neighbours | null {
  changes.value;
  return cache.get(idOf(panel)) ?? null;
}

/** The k true nearest of one sample, nearest first. */
export const nearestOf = ({ k, indices }: Neighbours, sample: number) => indices.subarray(sample * k, (sample + 1) * k);

/** A training that went back to a checkpoint writes its steps anew. */
export function forgetNeighbours(run: string): void {
  cache.deleteWhere((id) => (JSON.parse(id) as [string])[0] === run);
  lastAsked.clear();
  forgotten++;
  changes.value = changes.peek() + 1;
}

/** Returns what ends it. */
export function keepNeighboursComing(): () => void {
  return effect(() => {
    changes.value; // after an answer or a loss, look again
    // The server knows them of frames that are there; those that are not there yet are on their way.
    const missing = neighbourPanels.value.filter(
      (panel) => frameOf(panel) !== null && cache.get(idOf(panel)) === undefined,
    );
    if (missing.length === 0 || asking) return;
    // In turns: those that stay away must not keep the others from being asked for.
    const turn = (panel: PanelInfo) => lastAsked.get(idOf(panel)) ?? 0;
    void fetchAll(missing.sort((a, b) => turn(a) - turn(b)).slice(0, BATCH));
  });
}

async function fetchAll(panels: readonly PanelInfo[]): Promise<void> {
  const made = maps.peek();
  if (made === null) return;
  asking = true;
  const before = forgotten;
  questions++;
  let wait = 0;
  try {
    const answers = await getNeighbours({ ...made, frames: panels.map(embeddingOf), prefetch: false });
    if (forgotten === before)
      answers.forEach((neighbours, i) => {
        const id = idOf(panels[i] as PanelInfo);
        if (neighbours === null) {
          lastAsked.set(id, questions);
          wait = RETRY_MS;
        } else {
          lastAsked.delete(id);
          cache.set(id, neighbours);
        }
      });
  } catch {
    wait = RETRY_MS; // what is wrong is said where frames and overview are asked for
  }
  if (wait > 0) changes.value = changes.peek() + 1; // those that are there show at once
  setTimeout(() => {
    asking = false;
    changes.value = changes.peek() + 1;
  }, wait);
}
