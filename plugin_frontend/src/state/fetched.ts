/**
 * What was fetched and is kept for a while: one request at a time, another after each answer for as long as something
 * is missing, and nothing kept of a run that was forgotten meanwhile.
 */

import { effect, signal } from "@preact/signals";
import type { BoundedMap } from "./bounded_map";

/** What a request brought, by key, and whether some of what it asked for is still to come. */
export interface Brought<Value> {
  readonly found: Iterable<readonly [key: string, value: Value]>;
  readonly areSomeMissing?: boolean;
}

export class Fetched<Value> {
  /** Counts changes of the cache, which is no signal itself. */
  private readonly changes = signal(0);
  private asking = false;
  /** Counts how often something was forgotten: an answer that was asked for before may be of what is no longer true. */
  private forgotten = 0;

  /** `runOf` tells of which run the value of a key is. */
  constructor(
    private readonly cache: BoundedMap<Value>,
    private readonly runOf: (key: string) => string,
    private readonly retryMs: number,
  ) {}

  /** Whoever reads it in a computed value or an effect learns of its change. */
  get(key: string): Value | undefined {
    this.changes.value;
    return this.cache.get(key);
  }

  /** A training that went back to a checkpoint writes its steps anew. */
  forget(run: string): void {
    this.cache.deleteWhere((key) => this.runOf(key) === run);
    this.forgotten++;
    this.tell();
  }

  /**
   * Fetch what is missing. `next` gives the request for it, or null where there is nothing to ask for; it is called again
   * whenever what it reads is another, and after each answer. Whoever moves on quickly passes much, and only what is
   * wanted when an answer comes is asked for next. Returns what ends it.
   */
  keepComing(next: () => (() => Promise<Brought<Value>>) | null): () => void {
    return effect(() => {
      const request = next();
      this.changes.value;
      if (request !== null && !this.asking) void this.fetch(request);
    });
  }

  private async fetch(request: () => Promise<Brought<Value>>): Promise<void> {
    this.asking = true;
    const before = this.forgotten;
    let wait = 0;
    try {
      const { found, areSomeMissing = false } = await request();
      if (this.forgotten === before) for (const [key, value] of found) this.cache.set(key, value);
      if (areSomeMissing) wait = this.retryMs;
    } catch {
      wait = this.retryMs; // what is wrong is said where frames and overview are asked for
    }
    if (wait > 0) this.tell(); // what did come shows at once
    setTimeout(() => {
      this.asking = false;
      this.tell();
    }, wait);
  }

  private tell(): void {
    this.changes.value = this.changes.peek() + 1;
  }
}
