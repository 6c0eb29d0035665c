/** In which order the samples are drawn: what is drawn later lies on top. */

import { DIMMED, NORMAL, SELECTED } from "./marks";
import type { PointStyle } from "./renderer";

/** Step through 0 … n-1 that visits each once and strews neighbours far apart: near n / golden ratio, coprime to n. */
function strewingStride(n: number): number {
  let stride = Math.max(1, Math.round(n * 0.6180339887498949));
  while (greatestCommonDivisor(stride, n) !== 1) stride += 1;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * The samples to draw, first to last: dimmed, normal, selected; hidden ones (alpha 0) left out. Within each group the
 * order is a fixed strewing, so that in a probe sorted by class no class always lies on top of the others.
 */
export function drawOrder(style: PointStyle): Uint32Array {
  const { colors, emphasis } = style;
  const n = emphasis.length;
  const stride = strewingStride(n);
  const order = new Uint32Array(n);
  let filled = 0;
  for (const group of [DIMMED, NORMAL, SELECTED]) {
    for (let k = 0, i = 0; k < n; k++, i = (i + stride) % n) {
      if (emphasis[i] === group && colors[4 * i + 3] !== 0) order[filled++] = i;
    }
  }
  return order.subarray(0, filled);
}

/** Remembers the draw order of each pair of colours and emphasis for as long as both arrays live. */
export class DrawOrders {
  private readonly known = new WeakMap<Uint8Array, WeakMap<Uint8Array, Uint32Array>>();

  of(style: PointStyle): Uint32Array {
    const byEmphasis = this.known.get(style.colors) ?? new WeakMap<Uint8Array, Uint32Array>();
    this.known.set(style.colors, byEmphasis);
    const order = byEmphasis.get(style.emphasis) ?? drawOrder(style);
    byEmphasis.set(style.emphasis, order);
    return order;
  }
}
