/** The lines of each map, whoever draws them: every source is a computed map from panel keys to layers, listed here once. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { LineLayer } from "../drawing/renderer";
import { contourLines } from "./contours";
import { neighbourLineLayers } from "./neighbour_lines";
import { trailLines } from "./trails";

/** By panel key. */
export type LinesByPanel = ReadonlyMap<string, readonly LineLayer[]>;

/** In the order in which they are drawn. */
const SOURCES: readonly ReadonlySignal<LinesByPanel>[] = [contourLines, trailLines, neighbourLineLayers];

/** The layers of all sources, panel by panel. A panel without lines is left out. */
export function joined(sources: readonly LinesByPanel[]): LinesByPanel {
  const all = new Map<string, readonly LineLayer[]>();
  for (const source of sources) {
    for (const [key, layers] of source) if (layers.length > 0) all.set(key, [...(all.get(key) ?? []), ...layers]);
  }
  return all;
}

export const mapLines = computed(() => joined(SOURCES.map((source) => source.value)));
