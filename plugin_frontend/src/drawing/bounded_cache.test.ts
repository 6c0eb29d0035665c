import { describe, expect, it } from "vitest";
import { BoundedCache } from "./bounded_cache";

/** A cache of 100 bytes that notes what is alive. */
function observed() {
  const alive = new Set<Uint8Array>();
  const made: Uint8Array[] = [];
  const cache = new BoundedCache<Uint8Array, Uint8Array>(
    {
      make: (key) => {
        made.push(key);
        const value = key.slice();
        alive.add(value);
        return value;
      },
      release: (value) => {
        if (!alive.delete(value)) throw new Error("released twice");
      },
      bytes: (key) => key.byteLength,
    },
    100,
  );
  return { alive, made, cache };
}

describe("a bounded cache", () => {
  it("makes a value once for an array, by its identity", () => {
    const { made, cache } = observed();
    const array = new Uint8Array(10);
    expect(cache.get(array)).toBe(cache.get(array));
    cache.get(array.slice());
    expect(made).toHaveLength(2);
  });

  it("stays within its budget while thousands of frames pass, and releases all that falls out", () => {
    const { alive, cache } = observed();
    for (let frame = 0; frame < 5000; frame++) {
      cache.get(new Uint8Array(30));
      cache.trim();
      expect(cache.bytes).toBeLessThanOrEqual(100);
      expect(alive.size).toBe(cache.size);
    }
    expect(cache.size).toBe(3);
  });

  it("keeps everything in use, even beyond its budget, until it is used no more", () => {
    const { made, cache } = observed();
    const scene = Array.from({ length: 5 }, () => new Uint8Array(50));
    for (let draw = 0; draw < 3; draw++) {
      for (const array of scene) cache.get(array);
      cache.trim();
    }
    expect(made).toHaveLength(5);
    cache.get(new Uint8Array(50));
    cache.trim();
    expect(cache.bytes).toBe(100);
  });

  it("lets the least recently used go first", () => {
    const { made, cache } = observed();
    const [a, b, c] = [new Uint8Array(40), new Uint8Array(40), new Uint8Array(40)];
    for (const array of [a, b, a, c]) {
      cache.get(array);
      cache.trim();
    }
    cache.get(a);
    expect(made).toEqual([a, b, c]);
    cache.get(b);
    expect(made).toHaveLength(4);
  });

  it("releases everything when cleared", () => {
    const { alive, cache } = observed();
    for (let i = 0; i < 4; i++) cache.get(new Uint8Array(20));
    cache.clear();
    expect(alive.size).toBe(0);
    expect(cache.bytes).toBe(0);
  });
});
