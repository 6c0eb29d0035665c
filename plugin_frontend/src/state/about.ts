/** What the About view tells, derived: the runs and how they were logged, the probe, how the maps are made, the versions. */

import { computed } from "@preact/signals";
import type { LayerInfo, MethodInfo, ModelInfo, Overview, Probe, RunInfo } from "../api/types";
import { type ClassInfo, classesOf } from "./classes";
import { currentMethod, currentMode, MISLEADING_MODE, reference } from "./maps";
import { stepText, valueText } from "./number_format";
import { referenceName } from "./reference_name";
import { overview, probe, probeGroup } from "./server";

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface AboutModel {
  readonly name: string;
  readonly role: string;
  readonly steps: string;
  readonly layers: readonly AboutLayer[];
}

export interface AboutLayer {
  readonly name: string;
  readonly dimensions: number;
  /** Of one sample, as the model gives it. */
  readonly shape: string;
  readonly pooling: string;
  /** Whether it is the model's output. */
  readonly isOutput: boolean;
}

export interface AboutRun {
  readonly name: string;
  readonly error: string | null;
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
  readonly models: readonly AboutModel[];
}

export interface AboutProbe {
  readonly fingerprint: string;
  readonly facts: readonly Fact[];
  readonly classes: readonly ClassInfo[];
  readonly columns: readonly Fact[];
}

export interface AboutMethod {
  readonly name: string;
  readonly label: string;
  readonly note: string;
  readonly parameters: readonly Fact[];
  readonly modes: readonly { readonly name: string; readonly note: string; readonly misleads: boolean }[];
}

export interface About {
  readonly runs: readonly AboutRun[];
  readonly probe: AboutProbe | null;
  readonly maps: { readonly method: string; readonly mode: string; readonly reference: string };
  readonly methods: readonly AboutMethod[];
  readonly versions: readonly Fact[];
}

const SETTING_NAMES: Readonly<Record<string, string>> = {
  every: "Probed",
  batch_size: "Batch size of the probing",
  temperature: "Temperature of the outputs",
  measures: "Measures while training",
};

/** What the logger counts, in words. */
const WARNINGS: Readonly<Record<string, readonly [one: string, more: string]>> = {
  failed_steps: ["step could not be written and is missing", "steps could not be written and are missing"],
  failed_measures: ["measure could not be computed", "measures could not be computed"],
  failed_probes: ["time a model failed on the probe", "times a model failed on the probe"],
  skipped_steps: ["step was left out because writing was behind", "steps were left out because writing was behind"],
};

const sentence = (name: string) => name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

/** Any value of a setting or a parameter, as one would say it. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number" || typeof value === "string") return String(value);
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return JSON.stringify(value);
}

export function warningText(name: string, found: unknown): string {
  const words = WARNINGS[name];
  if (words === undefined || typeof found !== "number") return `${sentence(name)}: ${plain(found)}`;
  return `${found} ${words[found === 1 ? 0 : 1]}.`;
}

export function aboutRun(run: RunInfo, known: Overview): AboutRun {
  const label = (name: unknown) => known.measures[String(name)]?.label ?? String(name);
  const settings = Object.entries(run.settings).map(([name, value]) => ({
    name: SETTING_NAMES[name] ?? sentence(name),
    value: name === "measures" && Array.isArray(value) ? value.map(label).join(", ") : plain(value),
  }));
  return {
    name: run.name,
    error: run.error,
    facts:
      run.error !== null
        ? []
        : [
            ...(run.created === null ? [] : [{ name: "Created", value: timeText(run.created) }]),
            ...(run.package_version === null ? [] : [{ name: "Logged by kd_projector", value: run.package_version }]),
            ...settings,
            ...(run.revision > 0 ? [{ name: "Went back to a checkpoint", value: `${run.revision}×` }] : []),
          ],
    warnings: Object.entries(run.warnings)
      .filter(([, found]) => found !== 0)
      .map(([name, found]) => warningText(name, found)),
    models: run.models.map(aboutModel),
  };
}

/** In UTC: whoever reads it may be elsewhere. */
export function timeText(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(time)} UTC`;
}

function aboutModel({ name, role, static: isStatic, steps, layers }: ModelInfo): AboutModel {
  return { name, role: role ?? "no role", steps: stepsText(steps, isStatic), layers: layers.map(aboutLayer) };
}

function stepsText(steps: readonly number[], isStatic: boolean): string {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return "none yet";
  if (steps.length === 1) return isStatic ? `embedded once, at step ${stepText(first)}` : `step ${stepText(first)}`;
  return `${steps.length} steps, ${stepText(first)} to ${stepText(last)}`;
}

function aboutLayer({ name, dim, shape, pool, output }: LayerInfo): AboutLayer {
  const pooling = shape.length > 1 ? pool : "none needed";
  return {
    name,
    dimensions: dim,
    shape: shape.join(" × "),
    pooling,
    isOutput: output,
  };
}

export function aboutProbe(known: Probe): AboutProbe {
  const { thumbnails, labels } = known;
  const pictures =
    thumbnails === null
      ? "none"
      : `${thumbnails.width} × ${thumbnails.height} pixels, ${thumbnails.sheets} ${thumbnails.sheets === 1 ? "sheet" : "sheets"}`;
  return {
    fingerprint: known.fingerprint,
    facts: [
      { name: "Samples", value: String(known.size) },
      { name: "Labels", value: labels === null ? "none: nothing can be right or wrong" : "of each sample" },
      { name: "Thumbnails", value: pictures },
    ],
    classes: classesOf(known),
    columns: Object.entries(known.metadata).map(([name, values]) => ({ name, value: valuesText(values) })),
  };
}

/** What a metadata column holds. */
export function valuesText(values: Probe["metadata"][string]): string {
  const there = values.filter((value) => value !== null);
  const missing = values.length - there.length;
  const gaps = missing === 0 ? "" : `, ${missing} missing`;
  const numbers = there.filter((value) => typeof value === "number");
  if (there.length > 0 && numbers.length === there.length) {
    const low = numbers.reduce((a, b) => Math.min(a, b));
    const high = numbers.reduce((a, b) => Math.max(a, b));
    return `numbers from ${valueText(low)} to ${valueText(high)}${gaps}`;
  }
  const distinct = new Set(there).size;
  return `${distinct} ${distinct === 1 ? "value" : "different values"}${gaps}`;
}

export function aboutMethod(method: MethodInfo): AboutMethod {
  const { name, label, note, modes, params } = method;
  return {
    name,
    label,
    note,
    parameters: Object.entries(params).map(([key, value]) => ({ name: key, value: plain(value) })),
    modes: modes.map((mode) => ({ ...mode, misleads: mode.name === MISLEADING_MODE })),
  };
}

/** Null while nothing is known. */
export const about = computed<About | null>(() => {
  const known = overview.value;
  if (known === null) return null;
  const names = new Set(probeGroup.value?.runs);
  return {
    runs: known.runs.filter((run) => names.has(run.name) || run.error !== null).map((run) => aboutRun(run, known)),
    probe: probe.value === null ? null : aboutProbe(probe.value),
    maps: {
      method: currentMethod.value?.label ?? "none",
      mode: currentMode.value?.name ?? "none",
      reference:
        reference.value === null ? "the default" : `${referenceName(reference.value)}, of run ${reference.value[0]}`,
    },
    methods: known.methods.map(aboutMethod),
    versions: Object.entries(known.versions).map(([name, value]) => ({
      name,
      value,
    })),
  };
});
