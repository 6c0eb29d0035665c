/** Samples that are words: which metadata columns hold what a sample says, and how its values are written. */

import type { SampleValue } from "./column";
import { valueText } from "./number_format";
import { probe } from "./server";

/** What data sets call the text itself. */
const NAMES =
  /^(text|sentence\d*|prompt|question|answer|premise|hypothesis|passage|document|review|content|utterance)$/i;
/** A column of words longer than this is shown as text whatever it is called. */
const LONG = 60;

export function isTextColumn(name: string, values: readonly SampleValue[]): boolean {
  const words = values.filter((value): value is string => typeof value === "string");
  if (words.length === 0) return false;
  return NAMES.test(name) || words.reduce((sum, one) => sum + one.length, 0) / words.length > LONG;
}

const known = new WeakMap<object, ReadonlySet<string>>();

/** The names of the probe's columns that are text. */
export function textColumns(): ReadonlySet<string> {
  const metadata = probe.value?.metadata;
  if (metadata === undefined) return new Set();
  const found =
    known.get(metadata) ??
    new Set(Object.keys(metadata).filter((name) => isTextColumn(name, metadata[name] as readonly SampleValue[])));
  known.set(metadata, found);
  return found;
}

/** A sample's texts, by the name of their column. */
export function textsOf(sample: number): (readonly [name: string, text: string])[] {
  return [...textColumns()].flatMap((name) => {
    const value = probe.value?.metadata[name]?.[sample];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
}

export function plainText(value: SampleValue | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : valueText(value);
  return value;
}
