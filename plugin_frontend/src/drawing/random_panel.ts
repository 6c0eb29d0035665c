/** For the tests: panels of random samples from a fixed seed. */

import type { Panel } from "./renderer";

/** Numbers in [0, 1) that are the same for the same seed (mulberry32, T. Ettinger). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A panel of n visible samples whose positions are uniform over the map. */
export function randomPanel(n: number, seed = 0): Panel {
  const random = seeded(seed);
  const positions = () => Float32Array.from({ length: 2 * n }, () => 4 * random() - 2);
  return {
    rect: { x: 40, y: 25, width: 320, height: 240 },
    camera: { x: 0.3, y: -0.2, scale: 1.7 },
    from: positions(),
    to: positions(),
    style: { colors: new Uint8Array(4 * n).fill(255), emphasis: new Uint8Array(n) },
  };
}

/** Where sample i lies on the map at `mix`. */
export function position(panel: Panel, i: number, mix: number): { x: number; y: number } {
  const along = (k: number) => (1 - mix) * (panel.from[k] as number) + mix * (panel.to[k] as number);
  return { x: along(2 * i), y: along(2 * i + 1) };
}

/** The same panel with some samples hidden. */
export function hiding(panel: Panel, hidden: readonly number[]): Panel {
  const colors = panel.style.colors.slice();
  for (const i of hidden) colors[4 * i + 3] = 0;
  return { ...panel, style: { ...panel.style, colors } };
}
