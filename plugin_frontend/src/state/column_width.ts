/** How wide a column of the table of samples has to be, by what is written in it. */

import { classes } from "./class_list";
import type { SampleValue } from "./column";
import type { TableColumn } from "./sample_table";
import { plainText } from "./sample_text";
import { probe } from "./server";

/** Of the table's type, CSS pixels; with the widest usual letters. */
const CHARACTER = 6.8;
const PADDING = 10;
const ARROW = 13;
/** Of the right-or-wrong mark with its gap, and of the model's mark over it. */
const VERDICT = 15;
const MARK = 26;
/** Longer values end in "…". */
const MOST_CHARACTERS = 22;

const longest = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, text.length), 1);
const lengths = new WeakMap<object, number>();

function lengthOf(values: readonly SampleValue[]): number {
  const found = lengths.get(values) ?? longest(values.map(plainText));
  lengths.set(values, found);
  return found;
}

/** CSS pixels. A number's column is as wide as its title. */
export function columnWidth({ key, label, column }: TableColumn, isSorted: boolean): number {
  const known = probe.value;
  let characters = 5;
  if (column === null) characters = lengthOf(known?.ids ?? []);
  else if (column.key === "label" || column.key === "prediction")
    characters = longest(classes.value.map((one) => one.name));
  else if (column.key === "correctness") characters = "wrong".length;
  else if (key.startsWith("metadata:")) characters = lengthOf(known?.metadata[column.label] ?? []);
  const isPrediction = column?.key === "prediction";
  const content = Math.min(characters, MOST_CHARACTERS) * CHARACTER + (isPrediction ? VERDICT : 0);
  const title = (isPrediction ? MARK : label.length * CHARACTER) + (isSorted ? ARROW : 0);
  return Math.ceil(Math.max(content, title)) + PADDING;
}
