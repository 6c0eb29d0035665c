/**
 * Who is truly near whom in the embeddings: asked for where somebody wants it, all at once, and kept for a while. An
 * embedding's neighbours are the same in the maps of all methods.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { getNeighbours } from "../api/client";
import type { EmbeddingRef, Neighbours } from "../api/types";
import { BoundedMap } from "./bounded_map";
import { type Brought, Fetched } from "./fetched";
import { frameOf } from "./frames";
import { embeddingOf, type PanelInfo } from "./grid";
import { type Maps, maps } from "./maps";

const CACHE_BYTES = 96 * 2 ** 20;
const RETRY_MS = 1500;
/** A request's address must stay well under the server's 64 kB. */
const BATCH = 60;

const bytesOf = ({ indices, tied }: Neighbours) => indices.byteLength + tied.byteLength;
/** What is wanted now is kept even if it is more than the cache may hold. */
const fetched = new Fetched(
  new BoundedMap<Neighbours>(CACHE_BYTES, bytesOf, (id) => wantedIds.peek().has(id)),
  (id) => (JSON.parse(id) as EmbeddingRef)[0],
  RETRY_MS,
);
/** By id: which of all questions was the last for it, where the answer was that it is not there yet. */
const lastAsked = new Map<string, number>();
let questions = 0;

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
  return fetched.get(idOf(panel)) ?? null;
}

/** The k true nearest of one sample, nearest first. */
export const nearestOf = ({ k, indices }: Neighbours, sample: number) => indices.subarray(sample * k, (sample + 1) * k);

export function forgetNeighbours(run: string): void {
  lastAsked.clear();
  fetched.forget(run);
}

/** Returns what ends it. */
export function keepNeighboursComing(): () => void {
  return fetched.keepComing(() => {
    // The server knows them of frames that are there; those that are not there yet are on their way.
    const missing = neighbourPanels.value.filter(
      (panel) => frameOf(panel) !== null && fetched.get(idOf(panel)) === undefined,
    );
    const made = maps.value;
    if (missing.length === 0 || made === null) return null;
    return () => ask(missing, made);
  });
}

async function ask(missing: readonly PanelInfo[], made: Maps): Promise<Brought<Neighbours>> {
  // In turns: those that stay away must not keep the others from being asked for.
  const turn = (panel: PanelInfo) => lastAsked.get(idOf(panel)) ?? 0;
  const some = missing.toSorted((a, b) => turn(a) - turn(b)).slice(0, BATCH);
  questions++;
  const answers = await getNeighbours({ ...made, frames: some.map(embeddingOf), prefetch: false });
  const found = answers.flatMap((neighbours, i) => {
    const id = idOf(some[i] as PanelInfo);
    if (neighbours !== null) return [[id, neighbours] as const];
    lastAsked.set(id, questions);
    return [];
  });
  for (const [id] of found) lastAsked.delete(id);
  return { found, areSomeMissing: found.length < some.length };
}
