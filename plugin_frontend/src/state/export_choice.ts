/** What an export would have: the samples that are selected or all, with what is here of the models and maps on screen. */

import { computed } from "@preact/signals";
import type { Exported, ExportedMap, ExportedModel } from "./export_table";
import { frameOf } from "./frames";
import { embeddingOf, type PanelInfo, panels, rowsInUse, step } from "./grid";
import { maps } from "./maps";
import { outputsOf } from "./outputs";
import { available } from "./selection";
import { overview, probe } from "./server";
import { exportsAll, selection } from "./settings";
import { storedStep } from "./timeline";

const models = computed(() =>
  rowsInUse.value.flatMap((row): ExportedModel[] => {
    const outputs = outputsOf(row);
    const stored = step.value === null ? null : storedStep(row.model.steps, step.value);
    if (outputs === null || stored === null) return [];
    return [{ run: row.run, model: row.model.name, role: row.model.role, step: stored, outputs }];
  }),
);

/** Matched by CKA, a layer may stand in several columns: it is one map all the same. */
export function eachMapOnce(panels: readonly PanelInfo[]): PanelInfo[] {
  return [...new Map(panels.map((panel) => [JSON.stringify(embeddingOf(panel)), panel] as const)).values()];
}

const wantedMaps = computed(() => eachMapOnce(panels.value));

const shownMaps = computed(() =>
  wantedMaps.value.flatMap((panel): ExportedMap[] => {
    const frame = frameOf(panel);
    if (frame === null) return [];
    return [{ run: panel.row.run, model: panel.row.model.name, layer: panel.layer.name, step: panel.step, frame }];
  }),
);

/** Null while there is nothing to export. */
export const exported = computed<Exported | null>(() => {
  if (probe.value === null || maps.value === null || step.value === null) return null;
  const all = exportsAll.value || selection.value.size === 0;
  return {
    version: overview.value?.version ?? "",
    probe: probe.value,
    samples: all ? available.value : [...selection.value].sort((a, b) => a - b),
    selected: selection.value,
    step: step.value,
    method: maps.value.method,
    mode: maps.value.mode,
    reference: maps.value.reference,
    models: models.value,
    maps: shownMaps.value,
  };
});

/** What is on screen, or should be, and is not here: its columns would be missing. */
export const missingMaps = computed(() => wantedMaps.value.length - shownMaps.value.length);
export const missingModels = computed(() => rowsInUse.value.length - models.value.length);
