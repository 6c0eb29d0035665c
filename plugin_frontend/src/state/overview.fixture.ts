/** Small overviews for the tests of the derived state. */

import type { LayerInfo, MeasureInfo, MethodInfo, ModelInfo, Overview, Role, RunInfo } from "../api/types";

export function layersNamed(...names: string[]): LayerInfo[] {
  return names.map((name) => ({ name, dim: 8, shape: [8], pool: "mean", output: name === "logits" }));
}

export function modelOf(name: string, role: Role | null, steps: number[], layers = layersNamed("a", "b")): ModelInfo {
  return { name, role, static: role === "teacher", steps, layers };
}

export function runOf(name: string, models: ModelInfo[], more: Partial<RunInfo> = {}): RunInfo {
  return {
    name,
    error: null,
    fingerprint: "probe-1",
    size: 4,
    created: "2026-11-22T10:00:00+00:00",
    package_version: "0.1.0",
    settings: {},
    warnings: {},
    revision: 0,
    models,
    ...more,
  };
}

/** A method whose own mode is the first of `modes`. */
export function methodOf(name: string, ...modes: [string, ...string[]]): MethodInfo {
  const infos = modes.map((mode) => ({ name: mode, note: `${mode}.` }));
  return { name, label: name, mode: modes[0], modes: infos, note: "", loss: "Loss", params: {}, dimensions: [2, 3] };
}

export function overviewOf(...runs: RunInfo[]): Overview {
  return { version: "0.1.0", versions: {}, runs, methods: [], references: {}, measures: {}, measure_groups: [] };
}

export function measureOf(more: Partial<MeasureInfo> = {}): MeasureInfo {
  return {
    label: "",
    group: "class_structure",
    scope: "layer",
    higher_is_better: null,
    range: [null, null],
    direction: "Higher is more.",
    text: "",
    low_is_alike: false,
    needs_labels: false,
    needs_teacher: false,
    default: true,
    while_training: true,
    ...more,
  };
}
