/** What is on screen of samples as a file: a table (CSV, RFC 4180) or columns with a heading (JSON). Pure functions. */

import type { EmbeddingRef, Frame, Outputs, Probe, Role } from "../api/types";
import { className } from "./classes";

export interface ExportedModel {
  readonly run: string;
  readonly model: string;
  readonly role: Role | null;
  /** The stored step that shows. */
  readonly step: number;
  readonly outputs: Outputs;
}

export interface ExportedMap {
  readonly run: string;
  readonly model: string;
  readonly layer: string;
  readonly step: number;
  readonly frame: Frame;
}

export interface Exported {
  readonly version: string;
  readonly probe: Probe;
  /** In the order in which they are to come. */
  readonly samples: readonly number[];
  readonly selected: ReadonlySet<number>;
  /** The slider's. */
  readonly step: number;
  readonly method: string;
  readonly mode: string;
  readonly reference: EmbeddingRef | null;
  readonly models: readonly ExportedModel[];
  readonly maps: readonly ExportedMap[];
}

type Cell = string | number | boolean | null;
type Values = readonly Cell[];

const AXES = ["x", "y", "z"] as const;
const OUTPUTS = ["prediction", "confidence", "entropy", "loss"] as const;

/** As few digits as still tell one 32-bit number from the next; unknown where it is none. */
const plain = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(9));

function chosen(values: ArrayLike<number>, samples: readonly number[]): (number | null)[] {
  return samples.map((sample) => plain(values[sample]));
}

function sampleColumns({ probe, samples, selected }: Exported): [string, Values][] {
  const { ids, labels, metadata } = probe;
  const columns: [string, Values][] = [
    ["sample", samples],
    ["id", samples.map((sample) => ids[sample] ?? null)],
  ];
  if (labels !== null) {
    columns.push(["label", samples.map((sample) => labels[sample] ?? null)]);
    columns.push(["class", samples.map((sample) => className(probe, labels[sample] as number))]);
  }
  for (const [name, values] of Object.entries(metadata))
    columns.push([`metadata:${name}`, samples.map((sample) => values[sample] ?? null)]);
  columns.push(["selected", samples.map((sample) => selected.has(sample))]);
  return columns;
}

function outputColumns(outputs: Outputs, samples: readonly number[]): [string, Values][] {
  return OUTPUTS.flatMap((name): [string, Values][] => {
    const values = outputs[name];
    return values === null ? [] : [[name, chosen(values, samples)]];
  });
}

function mapColumns({ coordinates, kept, changed }: Frame, samples: readonly number[]): [string, Values][] {
  const dimensions = coordinates.length / kept.length;
  const columns = AXES.slice(0, dimensions).map((axis, i): [string, Values] => [
    axis,
    samples.map((sample) => plain(coordinates[dimensions * sample + i])),
  ]);
  columns.push(["kept", chosen(kept, samples)]);
  if (changed !== null) columns.push(["changed", chosen(changed, samples)]);
  return columns;
}

const place = ([run, model, layer, step]: EmbeddingRef) => `${run}/${model}/${layer}@${step}`;

/** A field is quoted where it has to be: RFC 4180. Unknown is empty. */
function field(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A line a sample under a line of names. A name says of what it is: `confidence[run/model@step]`,
 * `x[run/model/layer@step; method mode; reference run/model/layer@step]`.
 */
export function csvOf(exported: Exported): string {
  const { samples, models, maps, method, mode, reference } = exported;
  const onto = reference === null ? "" : `; reference ${place(reference)}`;
  const columns = [
    ...sampleColumns(exported),
    ...models.flatMap(({ run, model, step, outputs }) =>
      outputColumns(outputs, samples).map(([name, of]): [string, Values] => [`${name}[${run}/${model}@${step}]`, of]),
    ),
    ...maps.flatMap(({ run, model, layer, step, frame }) =>
      mapColumns(frame, samples).map(([name, of]): [string, Values] => [
        `${name}[${place([run, model, layer, step])}; ${method} ${mode}${onto}]`,
        of,
      ]),
    ),
  ];
  const lines = [columns.map(([name]) => field(name)).join(",")];
  samples.forEach((_, i) => {
    lines.push(columns.map(([, values]) => field(values[i] ?? null)).join(","));
  });
  return `${lines.join("\r\n")}\r\n`;
}

/** Columns, each a list in the samples' order, under what says of what they are. */
export function jsonOf(exported: Exported): string {
  const { version, probe, samples, step, method, mode, reference, models, maps } = exported;
  const refOf = ([run, model, layer, at]: EmbeddingRef) => ({ run, model, layer, step: at });
  return JSON.stringify({
    kd_projector: version,
    probe: probe.fingerprint,
    step,
    method,
    mode,
    reference: reference && refOf(reference),
    samples: Object.fromEntries(sampleColumns(exported)),
    models: models.map(({ run, model, role, step: at, outputs }) => ({
      run,
      model,
      role,
      step: at,
      ...Object.fromEntries(outputColumns(outputs, samples)),
    })),
    maps: maps.map(({ run, model, layer, step: at, frame }) => ({
      run,
      model,
      layer,
      step: at,
      frame: frame.key,
      ...Object.fromEntries(mapColumns(frame, samples)),
    })),
  });
}

const LONGEST_NAME = 80;

/** Says the runs, the step and how many samples; has nothing that a file system could refuse. */
export function fileName({ models, maps, step, samples }: Exported, ending: "csv" | "json"): string {
  const runs = [...new Set([...models, ...maps].map(({ run }) => run))];
  const name = runs
    .join("+")
    .replaceAll(/[^\p{L}\p{N}._+-]+/gu, "-")
    .slice(0, LONGEST_NAME);
  return `kd_projector_${name}_step-${step}_${samples.length}-samples.${ending}`;
}
