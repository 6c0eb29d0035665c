import { describe, expect, it } from "vitest";
import { DrawOrders, drawOrder, farFirst } from "./draw_order";
import { DIMMED, NORMAL, SELECTED } from "./marks";

const visible = (n: number) => new Uint8Array(4 * n).fill(255);

describe("the draw order", () => {
  it("draws each visible sample once: dimmed, normal, selected", () => {
    for (const n of [1, 2, 3, 6, 100, 1797]) {
      const emphasis = Uint8Array.from({ length: n }, (_, i) => [SELECTED, NORMAL, DIMMED, NORMAL][i % 4] as number);
      const colors = visible(n);
      if (n > 5) colors[4 * 5 + 3] = 0;
      const { samples, selectedFrom } = drawOrder({ colors, emphasis });
      const expected = Array.from({ length: n }, (_, i) => i).filter((i) => i !== 5 || n <= 5);
      expect([...samples].sort((a, b) => a - b)).toEqual(expected);
      const rank = [...samples].map((i) => [DIMMED, NORMAL, SELECTED].indexOf(emphasis[i] as number));
      expect(rank).toEqual([...rank].sort());
      expect([...samples.subarray(selectedFrom)].every((i) => emphasis[i] === SELECTED)).toBe(true);
      expect([...samples.subarray(0, selectedFrom)].every((i) => emphasis[i] !== SELECTED)).toBe(true);
    }
  });

  it("puts no class on top of the others in a probe sorted by class", () => {
    const { samples } = drawOrder({ colors: visible(1000), emphasis: new Uint8Array(1000) });
    const classesOnTop = [...samples.subarray(900)].map((i) => Math.floor(i / 100));
    for (let label = 0; label < 10; label++) {
      const share = classesOnTop.filter((c) => c === label).length;
      expect(share).toBeGreaterThanOrEqual(6);
      expect(share).toBeLessThanOrEqual(14);
    }
  });

  it("draws the far before the near within dimmed, normal and selected ones", () => {
    const n = 500;
    const emphasis = Uint8Array.from({ length: n }, (_, i) => [SELECTED, NORMAL, DIMMED][i % 3] as number);
    const style = { colors: visible(n), emphasis };
    const near = Float32Array.from({ length: n }, (_, i) => (i * 0.618) % 1);
    near[7] = 1;
    const flat = drawOrder(style);
    const { samples, selectedFrom } = farFirst(flat, style, near);
    expect(selectedFrom).toBe(flat.selectedFrom);
    expect([...samples].sort()).toEqual([...flat.samples].sort());
    for (let k = 1; k < n; k++) {
      const [before, after] = [samples[k - 1] as number, samples[k] as number];
      const rank = (i: number) => [DIMMED, NORMAL, SELECTED].indexOf(emphasis[i] as number);
      expect(rank(before)).toBeLessThanOrEqual(rank(after));
      if (rank(before) === rank(after))
        expect((near[after] as number) - (near[before] as number)).toBeGreaterThan(-1 / 256);
    }
    const orders = new DrawOrders();
    expect(orders.of(style, near)).toBe(orders.of(style, near));
    expect(orders.of(style)).toEqual(flat);
  });

  it("is worked out once for a pair of arrays, and anew when one is replaced", () => {
    const orders = new DrawOrders();
    const style = { colors: visible(9), emphasis: new Uint8Array(9) };
    const first = orders.of(style);
    expect(orders.of({ ...style })).toBe(first);
    expect(orders.of({ ...style, emphasis: new Uint8Array(9).fill(SELECTED) }).selectedFrom).toBe(0);
    expect(orders.of(style)).toBe(first);
  });
});
