/**
 * The scale of the column that colours the samples. Where a column has no ends of its own, they are of the shown rows' first
 * and newest step (of maps: of the newest): never of the step on screen, or the same value would have another colour at the
 * next one, and never of what this session has seen, or one link would have other colours in every browser.
 */

import { computed, effect, signal } from "@preact/signals";
import { byIdentity } from "./by_identity";
import { colorColumn, valuesShown } from "./color_column";
import { joinedReach, type NumberScale, type Reach, reachOf, scaleOf } from "./color_scales";
import type { ColumnOwner } from "./column";
import { isSettled } from "./frames";
import { embeddingOf, type PanelInfo, panels, panelsAt, steps } from "./grid";
import { movedFrom } from "./map_columns";
import { mapsKey } from "./maps";
import { shown } from "./motion";
import type { OutputsAt } from "./outputs";
import { overview, probeGroup } from "./server";

/** By what they are of; null: there is no number. The latest are enough: they are told again where they are gone. */
const known = signal<ReadonlyMap<string, Reach | null>>(new Map());
const MOST_KNOWN = 50;
/** Stays until the ends are known of what is wanted now: while a training runs, that changes again and again. */
const last = signal<{ readonly column: string; readonly reach: Reach | null } | null>(null);
const reachOfValues = byIdentity(reachOf);

const isOpen = computed(() => colorColumn.value.kind === "number" && colorColumn.value.range.includes(null));

/** The models whose outputs tell the ends, with the steps. */
const modelsOfEnds = computed<readonly OutputsAt[]>(() => {
  const all = steps.value;
  if (!isOpen.value || colorColumn.value.scope !== "model" || all.length === 0) return [];
  return [...new Set([all[0] as number, all.at(-1) as number])].flatMap((at) => {
    const rows = new Map(panelsAt(at).map(({ row }) => [row.key, row]));
    return [...rows.values()].map((row) => ({ row, at }));
  });
});

/** The maps whose samples tell the ends. */
const mapsOfEnds = computed<readonly PanelInfo[]>(() => {
  const newest = steps.value.at(-1);
  return isOpen.value && colorColumn.value.scope === "map" && newest !== undefined ? panelsAt(newest) : [];
});

const columnId = computed(() => JSON.stringify([probeGroup.value?.fingerprint, colorColumn.value.key]));

/** All that the ends depend on. A training that went back to a checkpoint writes its steps anew: its revision counts that. */
const endsKey = computed(() => {
  const revisions = overview.value?.runs.map(({ name, revision }) => [name, revision]);
  const outputs = modelsOfEnds.value.map(({ row, at }) => [row.key, at]);
  const drawn = mapsOfEnds.value.map((panel) => [embeddingOf(panel), movedFrom(panel)?.step]);
  return JSON.stringify([columnId.value, revisions, outputs, drawn, drawn.length > 0 && mapsKey.value]);
});

/** What has to be there, as long as the ends are not known. */
export const outputsOfEnds = computed(() => (known.value.has(endsKey.value) ? [] : modelsOfEnds.value));
export const panelsOfEnds = computed<readonly PanelInfo[]>(() =>
  known.value.has(endsKey.value) ? [] : mapsOfEnds.value.flatMap((panel) => [panel, movedFrom(panel) ?? []].flat()),
);

const owners = computed<readonly ColumnOwner[]>(() => {
  if (colorColumn.value.scope === "sample") return [{ row: null, panel: null }];
  return [
    ...modelsOfEnds.value.map(({ row, at }) => ({ row, panel: null, at })),
    ...mapsOfEnds.value.map((panel) => ({ row: panel.row, panel })),
  ];
});

const shownReach = computed(() =>
  panels.value.reduce<Reach | null>((reach, panel) => {
    const frame = shown.value.get(panel.key)?.frame;
    const values = frame === undefined ? null : valuesShown(panel, frame);
    return values === null ? reach : joinedReach(reach, reachOfValues(values));
  }, null),
);

export const numberScale = computed<NumberScale>(() => {
  const { range } = colorColumn.value;
  if (!isOpen.value) return scaleOf(range, shownReach.value);
  const held = last.value?.column === columnId.value ? last.value.reach : null;
  const reach = known.value.get(endsKey.value) ?? held ?? shownReach.value;
  return scaleOf(range, reach, joinedReach(reach, shownReach.value));
});

/** Returns what ends it. */
export function keepEndsKnown(): () => void {
  return effect(() => {
    const [key, column] = [endsKey.value, colorColumn.value];
    if (!isOpen.value || known.value.has(key)) return;
    // A map that failed tells nothing, but it must not keep the others from being told of.
    if (column.scope === "map" ? !panelsOfEnds.value.every(isSettled) : owners.value.some(column.isComing)) return;
    const reach = owners.value.reduce<Reach | null>((sum, owner) => {
      const values = column.values(owner);
      return values === null ? sum : joinedReach(sum, reachOfValues(values));
    }, null);
    known.value = new Map([...known.peek(), [key, reach] as const].slice(-MOST_KNOWN));
    last.value = { column: columnId.value, reach };
  });
}
