/** How single values are written in a link: short, readable where they can be, and each with its way back. Pure. */

import type { EmbeddingRef } from "../api/types";
import type { Camera } from "../drawing/renderer";
import type { SampleValue } from "./column";
import type { Rotation } from "./rotation";
import { rowKey } from "./rows";
import type { LayerRef } from "./settings";

export interface Codec<Value> {
  /** Null: there is nothing to write. */
  readonly write: (value: Value) => string | null;
  /** Undefined: the text makes no sense. */
  readonly read: (text: string) => Value | undefined;
}

export const text: Codec<string> = { write: (value) => value, read: (found) => found };

export const flag: Codec<boolean> = {
  write: (value) => (value ? "1" : "0"),
  read: (found) => (found === "1" ? true : found === "0" ? false : undefined),
};

/** With as many digits as are seen. */
export const number: Codec<number> = {
  write: (value) => String(Number(value.toPrecision(5))),
  read: (found) => (found.trim() === "" || !Number.isFinite(Number(found)) ? undefined : Number(found)),
};

/** 0, 1, 2, …; never rounded. */
export const count: Codec<number> = {
  write: String,
  read: (found) => (/^\d{1,15}$/.test(found) ? Number(found) : undefined),
};

export function oneOf<Value extends string | number>(...values: readonly Value[]): Codec<Value> {
  return { write: String, read: (found) => values.find((value) => String(value) === found) };
}

export function nullable<Value>({ write, read }: Codec<Value>): Codec<Value | null> {
  return { write: (value) => (value === null ? null : write(value)), read };
}

/** Of what does not write commas. */
export function listOf<Value>(item: Codec<Value>): Codec<readonly Value[]> {
  return {
    write: (values) => values.map((value) => item.write(value) ?? "").join(","),
    read: (found) => {
      const items = found === "" ? [] : found.split(",").map(item.read);
      return items.includes(undefined) ? undefined : (items as Value[]);
    },
  };
}

/** Names may hold anything; what parts them from each other is escaped. */
const nameOut = (name: string) => name.replace(/[%,:]/g, encodeURIComponent);

function nameIn(found: string): string | undefined {
  try {
    return decodeURIComponent(found.replace(/%(?!2C|3A|25)/gi, "%25"));
  } catch {
    return undefined;
  }
}

/** Names with colons between them. */
function namesOf(count: number): Codec<readonly string[]> {
  return {
    write: (names) => names.map(nameOut).join(":"),
    read: (found) => {
      const names = found.split(":").map(nameIn);
      return names.length !== count || names.includes(undefined) ? undefined : (names as string[]);
    },
  };
}

function mapped<From, To>(
  inner: Codec<From>,
  out: (value: To) => From,
  back: (value: From) => To | undefined,
): Codec<To> {
  return {
    write: (value) => inner.write(out(value)),
    read: (found) => {
      const value = inner.read(found);
      return value === undefined ? undefined : back(value);
    },
  };
}

/** A row's key, as run and model. */
export const row: Codec<string> = mapped(
  namesOf(2),
  (key: string) => JSON.parse(key) as [string, string],
  ([run = "", model = ""]) => rowKey(run, model),
);

export const layer: Codec<LayerRef> = mapped(
  namesOf(3),
  (ref: LayerRef) => [ref.run, ref.model, ref.layer],
  ([run = "", model = "", name = ""]) => ({ run, model, layer: name }),
);

export const embedding: Codec<EmbeddingRef> = mapped(
  namesOf(4),
  (ref: EmbeddingRef) => ref.map(String),
  ([run = "", model = "", name = "", step = ""]) => {
    const at = count.read(step);
    return at === undefined ? undefined : ([run, model, name, at] as const);
  },
);

export const camera: Codec<Camera> = mapped(
  listOf(number),
  ({ x, y, scale }: Camera) => [x, y, scale],
  ([x, y, scale, ...more]) =>
    x === undefined || y === undefined || scale === undefined || scale <= 0 || more.length > 0
      ? undefined
      : { x, y, scale },
);

export const rotation: Codec<Rotation> = mapped(
  listOf(number),
  ({ yaw, pitch }: Rotation) => [yaw, pitch],
  ([yaw, pitch, ...more]) =>
    yaw === undefined || pitch === undefined || Math.abs(pitch) > 1.6 || more.length > 0 ? undefined : { yaw, pitch },
);

/** So many characters may be longer than need be. */
const LEGIBLE = 40;

/** Numbers of samples or classes: as ranges or, where that is shorter, a bitmap in base64. */
export const indices: Codec<ReadonlySet<number>> = {
  write: (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const ranges = asRanges(sorted);
    const bits = (sorted.at(-1) ?? 0) + 1;
    return ranges.length <= Math.max(LEGIBLE, Math.ceil(bits / 6) + 1) ? ranges : `*${asBitmap(sorted, bits)}`;
  },
  read: (found) => (found.startsWith("*") ? fromBitmap(found.slice(1)) : fromRanges(found)),
};

function asRanges(sorted: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    const first = sorted[i] as number;
    let last = first;
    while (++i < sorted.length && sorted[i] === last + 1) last++;
    parts.push(first === last ? String(first) : `${first}-${last}`);
  }
  return parts.join(",");
}

/** More samples than a probe can have would only fill the memory. */
const MOST = 10_000_000;

function fromRanges(found: string): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  if (found === "") return values;
  for (const part of found.split(",")) {
    const [, first, last = first] = /^(\d{1,8})(?:-(\d{1,8}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) > MOST) return undefined;
    for (let value = Number(first); value <= Number(last); value++) values.add(value);
  }
  return values;
}

function asBitmap(sorted: readonly number[], bits: number): string {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  for (const value of sorted) bytes[value >> 3] = (bytes[value >> 3] as number) | (1 << (value & 7));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBitmap(found: string): ReadonlySet<number> | undefined {
  let binary: string;
  try {
    binary = atob(found.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const values = new Set<number>();
  for (let i = 0; i < 8 * binary.length; i++) if ((binary.charCodeAt(i >> 3) >> (i & 7)) & 1) values.add(i);
  return values;
}

/** Of some columns of samples, by key, some values. */
export const valuesOfColumns: Codec<ReadonlyMap<string, ReadonlySet<SampleValue>>> = {
  write: (columns) => JSON.stringify([...columns].flatMap(([key, of]) => (of.size === 0 ? [] : [[key, [...of]]]))),
  read: (found) => {
    const columns: unknown = JSON.parse(found);
    return Array.isArray(columns) && columns.every(isValuesOfColumn)
      ? new Map(columns.map(([key, values]) => [key, new Set(values)]))
      : undefined;
  },
};

function isValuesOfColumn(found: unknown): found is [string, SampleValue[]] {
  if (!Array.isArray(found) || typeof found[0] !== "string" || !Array.isArray(found[1])) return false;
  return found[1].every((value: unknown) => value === null || ["string", "number", "boolean"].includes(typeof value));
}
