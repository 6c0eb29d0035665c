/** Finds samples by what is written of them: id, class and metadata; a part of the text, or a regular expression. */

import { computed, signal } from "@preact/signals";
import type { Probe } from "../api/types";
import { className } from "./classes";
import { available } from "./selection";
import { probe } from "./server";
import { type Query, query } from "./settings";

/** One sample that was found, and where in which of its texts: all hits are told, but only the first place. */
export interface Hit {
  readonly sample: number;
  readonly field: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export type Found = { readonly hits: readonly Hit[] } | { readonly error: string };

interface Field {
  readonly name: string;
  readonly textOf: (sample: number) => string | null;
}

function fieldsOf(known: Probe): Field[] {
  const { ids, labels, metadata } = known;
  const fields: Field[] = [{ name: "id", textOf: (sample) => ids[sample] ?? null }];
  if (labels !== null) fields.push({ name: "label", textOf: (sample) => className(known, labels[sample] as number) });
  for (const [name, values] of Object.entries(metadata)) {
    fields.push({ name, textOf: (sample) => (values[sample] == null ? null : String(values[sample])) });
  }
  return fields;
}

type Match = (text: string) => readonly [from: number, to: number] | null;

function matchOf({ text, isPattern }: Query): Match | { error: string } {
  if (!isPattern) {
    const wanted = text.toLowerCase();
    return (other) => {
      const from = other.toLowerCase().indexOf(wanted);
      return from === -1 ? null : [from, from + wanted.length];
    };
  }
  try {
    const pattern = new RegExp(text, "iu");
    return (other) => {
      const found = pattern.exec(other);
      return found === null ? null : [found.index, found.index + found[0].length];
    };
  } catch (error) {
    // "Invalid regular expression: /(/iu: Unterminated group"
    const reason = error instanceof Error ? error.message.replace(/^.*\/[a-z]*: /s, "") : String(error);
    return { error: `This is not a regular expression yet: ${reason.toLowerCase()}.` };
  }
}

/** `writer:ann` looks into one field only, if there is one of that name. */
function scoped(text: string, fields: readonly Field[]): { text: string; fields: readonly Field[] } {
  const colon = text.indexOf(":");
  const name = text.slice(0, colon).trim().toLowerCase();
  const named = colon === -1 ? [] : fields.filter((field) => field.name.toLowerCase() === name);
  return named.length === 0 ? { text, fields } : { text: text.slice(colon + 1).trimStart(), fields: named };
}

/** Whole texts first, then beginnings, then what has it elsewhere; a pattern's hits stay as the samples are numbered. */
function rank({ text, from, to }: Hit): number {
  if (from > 0) return 2;
  return to === text.length ? 0 : 1;
}

/** The samples among `among` of which some text matches; with an empty query all of them. */
export function findSamples(known: Probe, query: Query, among: readonly number[]): Found {
  const { text, fields } = scoped(query.text, fieldsOf(known));
  const match = matchOf({ ...query, text });
  if ("error" in match) return match;
  const hits: Hit[] = [];
  for (const sample of among) {
    for (const { name, textOf } of fields) {
      const whole = textOf(sample);
      const place = whole === null ? null : match(whole);
      if (whole === null || place === null) continue;
      hits.push({ sample, field: name, text: whole, from: place[0], to: place[1] });
      break;
    }
  }
  if (query.isPattern || text === "") return { hits };
  const ranked = [0, 1, 2].flatMap((wanted) => hits.filter((hit) => rank(hit) === wanted));
  return { hits: ranked };
}

export const found = computed<Found>(() =>
  probe.value === null ? { hits: [] } : findSamples(probe.value, query.value, available.value),
);

/** The names that can stand before a colon. */
export const fieldNames = computed(() => (probe.value === null ? [] : fieldsOf(probe.value).map(({ name }) => name)));

/** Counts how often the keyboard asked for the sheet. */
export const findRequests = signal(0);
