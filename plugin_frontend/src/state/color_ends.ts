/**
 * The scale of the column that colours the samples: its ends are of every step and map that was seen so far. If they were
 * those of one step, the same value would have another colour at the next.
 */

import { computed, effect, signal } from "@preact/signals";
import { byIdentity } from "./by_identity";
import { colorColumn, valuesShown } from "./color_column";
import { joinedReach, type NumberScale, type Reach, reachOf, scaleOf } from "./color_scales";
import { panels } from "./grid";
import { mapsKey } from "./maps";
import { shown } from "./motion";
import { probeGroup } from "./server";

const seen = signal<ReadonlyMap<string, Reach>>(new Map());
const reachOfValues = byIdentity(reachOf);

/** Of a map's own column there are other values in other maps. */
const seenAs = computed(() => {
  const { key, scope } = colorColumn.value;
  return JSON.stringify([probeGroup.value?.fingerprint, key, scope === "map" ? mapsKey.value : null]);
});

export const numberScale = computed<NumberScale>(() =>
  scaleOf(colorColumn.value.range, seen.value.get(seenAs.value) ?? null),
);

/** Returns what ends it. */
export function keepScaleWide(): () => void {
  return effect(() => {
    const { kind, range } = colorColumn.value;
    if (kind !== "number" || !range.includes(null)) return;
    const key = seenAs.value;
    const before = seen.peek().get(key) ?? null;
    let reach = before;
    for (const panel of panels.value) {
      const frame = shown.value.get(panel.key)?.frame;
      const values = frame === undefined ? null : valuesShown(panel, frame);
      if (values !== null) reach = joinedReach(reach, reachOfValues(values));
    }
    if (reach !== null && JSON.stringify(reach) !== JSON.stringify(before))
      seen.value = new Map(seen.peek()).set(key, reach);
  });
}
