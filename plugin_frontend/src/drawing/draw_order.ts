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

export interface DrawOrder {
  /** The samples to draw, first to last: dimmed, normal, selected; hidden ones (alpha 0) left out. */
  readonly samples: Uint32Array;
  /** Where in `samples` the selected ones start. */
  readonly selectedFrom: number;
}

/**
 * The order for a style. Within each group it is a fixed strewing, so that in a probe sorted by class no class always
 * lies on top of the others.
 */
export function drawOrder(style: PointStyle): DrawOrder {
  const { colors, emphasis } = style;
  const n = emphasis.length;
  const stride = strewingStride(n);
  const samples = new Uint32Array(n);
  let filled = 0;
  const append = (group: number): void => {
    for (let k = 0, i = 0; k < n; k++, i = (i + stride) % n) {
      if (emphasis[i] === group && colors[4 * i + 3] !== 0) samples[filled++] = i;
    }
  };
  append(DIMMED);
  append(NORMAL);
  const selectedFrom = filled;
  append(SELECTED);
  return { samples: samples.slice(0, filled), selectedFrom };
}

/** Stages of nearness that are told apart: an order by them takes one pass, however many samples there are. */
const STAGES = 256;

/** The same samples, within dimmed, normal and selected ones the far before the near; of like nearness as they were. */
export function farFirst(
  { samples, selectedFrom }: DrawOrder,
  { emphasis }: PointStyle,
  near: Float32Array,
): DrawOrder {
  const stageOf = (sample: number) => {
    const group = emphasis[sample] === SELECTED ? 2 : emphasis[sample] === NORMAL ? 1 : 0;
    const stage = Math.floor((near[sample] as number) * STAGES);
    return group * STAGES + Math.min(STAGES - 1, Math.max(0, stage));
  };
  /** Of each stage, where its next sample goes. */
  const next = new Uint32Array(3 * STAGES + 1);
  const take = (stage: number): number => {
    const place = next[stage] as number;
    next[stage] = place + 1;
    return place;
  };
  for (const sample of samples) take(stageOf(sample) + 1);
  for (let stage = 1; stage < next.length; stage++) next[stage] = (next[stage] as number) + (next[stage - 1] as number);
  const sorted = new Uint32Array(samples.length);
  for (const sample of samples) sorted[take(stageOf(sample))] = sample;
  return { samples: sorted, selectedFrom };
}

/** Remembers the draw order of each pair of colours and emphasis for as long as both arrays live. */
export class DrawOrders {
  private readonly known = new WeakMap<Uint8Array, WeakMap<Uint8Array, DrawOrder>>();
  private readonly deep = new WeakMap<Float32Array, { readonly flat: DrawOrder; readonly order: DrawOrder }>();

  /** Of samples that are so near to the viewer; left out: of a map that has no depth. */
  of(style: PointStyle, near?: Float32Array): DrawOrder {
    const flat = this.flat(style);
    if (near === undefined) return flat;
    const last = this.deep.get(near);
    if (last?.flat === flat) return last.order;
    const order = farFirst(flat, style, near);
    this.deep.set(near, { flat, order });
    return order;
  }

  private flat(style: PointStyle): DrawOrder {
    const byEmphasis = this.known.get(style.colors) ?? new WeakMap<Uint8Array, DrawOrder>();
    this.known.set(style.colors, byEmphasis);
    const order = byEmphasis.get(style.emphasis) ?? drawOrder(style);
    byEmphasis.set(style.emphasis, order);
    return order;
  }
}
