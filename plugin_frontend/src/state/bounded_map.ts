/** A map that forgets what was not used for longest once it holds more than its budget, but nothing that is in use. */

export class BoundedMap<Value> {
  /** Least recently used first: a Map keeps the order of insertion. */
  private readonly entries = new Map<string, Value>();
  private weight = 0;

  constructor(
    private readonly budget: number,
    private readonly weigh: (value: Value) => number,
    /** What stays however much that is: forgotten, it would only be fetched again. */
    private readonly isInUse: (key: string) => boolean = () => false,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, value);
    }
    return value;
  }

  /** The newest entry always stays, even one that is heavier than the whole budget. */
  set(key: string, value: Value): void {
    this.delete(key);
    this.entries.set(key, value);
    this.weight += this.weigh(value);
    for (const oldest of this.entries.keys()) {
      if (this.weight <= this.budget) break;
      if (oldest !== key && !this.isInUse(oldest)) this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.entries.get(key);
    if (value === undefined) return;
    this.weight -= this.weigh(value);
    this.entries.delete(key);
  }

  deleteWhere(predicate: (key: string) => boolean): void {
    for (const key of [...this.entries.keys()]) if (predicate(key)) this.delete(key);
  }
}
