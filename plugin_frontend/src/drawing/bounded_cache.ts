/**
 * A cache of things made from objects and known by the objects' identity, such as GPU buffers made from arrays. Its size
 * is bounded in bytes and what falls out is released, so that nothing leaks while thousands of frames pass.
 */

export interface Recipe<Key extends object, Value> {
  make(key: Key): Value;
  release(value: Value): void;
  bytes(key: Key): number;
}

export class BoundedCache<Key extends object, Value> {
  /** Least recently used first: a Map keeps the order of insertion. */
  private readonly entries = new Map<Key, Value>();
  private readonly inUse = new Set<Key>();
  private held = 0;

  constructor(
    private readonly recipe: Recipe<Key, Value>,
    private readonly budget: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get bytes(): number {
    return this.held;
  }

  /** The value of a key, made if it is not there. It stays at least until the next `trim`. */
  get(key: Key): Value {
    let value = this.entries.get(key);
    if (value === undefined) {
      value = this.recipe.make(key);
      this.held += this.recipe.bytes(key);
    } else {
      this.entries.delete(key);
    }
    this.entries.set(key, value);
    this.inUse.add(key);
    return value;
  }

  /** Release the least recently used until the budget holds; what was used since the last `trim` stays in any case. */
  trim(): void {
    for (const [key, value] of this.entries) {
      if (this.held <= this.budget || this.inUse.has(key)) break;
      this.drop(key, value);
    }
    this.inUse.clear();
  }

  clear(): void {
    for (const [key, value] of this.entries) this.drop(key, value);
    this.inUse.clear();
  }

  private drop(key: Key, value: Value): void {
    this.entries.delete(key);
    this.held -= this.recipe.bytes(key);
    this.recipe.release(value);
  }
}
