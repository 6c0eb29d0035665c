/**
 * Layers of different models in one column because they are called alike. What has no namesake stands between those that
 * have, spread by depth; where there is no place for it, it gets a column of its own. Pure functions of the models' layers.
 */

import type { LayerInfo } from "../api/types";
import { type Columns, columnOf } from "./alignment";

interface Column {
  /** What its layers are known by. */
  readonly keys: ReadonlySet<string>;
  /** By the model's place. */
  readonly layers: ReadonlyMap<number, LayerInfo>;
}

/** The columns do not depend on which of two models with the same layers comes first, but otherwise on the models' order. */
export function alignByName(models: readonly (readonly LayerInfo[])[]): Columns {
  let columns: readonly Column[] = [];
  models.forEach((layers, model) => {
    columns = withModel(columns, layers, model);
  });
  return {
    count: columns.length,
    cells: models.map((_, model) => columns.map((column) => column.layers.get(model) ?? null)),
  };
}

function withModel(columns: readonly Column[], layers: readonly LayerInfo[], model: number): Column[] {
  const keys = keysOf(layers.map((layer) => layer.name));
  const own: Column[] = layers.map((layer, i) => ({
    keys: new Set(keys[i]),
    layers: new Map([[model, layer]]),
  }));
  const anchors = commonSubsequence(columns, own, (a, b) => [...b.keys].some((key) => a.keys.has(key)));
  const found: Column[] = [];
  let [left, right] = [0, 0];
  for (const [i, j] of [...anchors, [columns.length, own.length] as const]) {
    found.push(...spreadTogether(columns.slice(left, i), own.slice(right, j)));
    const [known, mine] = [columns[i], own[j]];
    if (known !== undefined && mine !== undefined) found.push(joined(known, mine));
    [left, right] = [i + 1, j + 1];
  }
  return found;
}

const joined = (a: Column, b: Column): Column => ({
  keys: new Set([...a.keys, ...b.keys]),
  layers: new Map([...a.layers, ...b.layers]),
});

/** The fewer spread evenly over the more. */
function spreadTogether(known: readonly Column[], own: readonly Column[]): Column[] {
  const [more, fewer] = known.length >= own.length ? [known, own] : [own, known];
  const places = new Map(fewer.map((column, i) => [columnOf(i, fewer.length, more.length), column]));
  return more.map((column, i) => {
    const other = places.get(i);
    return other === undefined ? column : joined(column, other);
  });
}

const NUMBER = /\d+/g;

/**
 * What each layer of a model is known by: its name; and, in a row of names that differ in numbers alone ("encoder.layer.3",
 * "layer3"), those numbers, so that "encoder.layer.3" and "blocks.3" are namesakes. Modules of a list ("blocks.0") are
 * counted from 0 and attributes ("layer1") mostly from 1: the two are not told to be one.
 */
export function keysOf(names: readonly string[]): string[][] {
  const pattern = (name: string) => name.replace(NUMBER, "#");
  const families = names.map((name) => names.filter((other) => pattern(other) === pattern(name)));
  const family = families.reduce((best, one) => (one.length > best.length ? one : best), []);
  const numbers = family.map((name) => name.match(NUMBER) ?? []);
  const varying = (numbers[0] ?? []).flatMap((first, i) => (numbers.some((one) => one[i] !== first) ? [i] : []));
  const isList = (name: string) => /(^|[./])\d+([./]|$)/.test(name);
  return names.map((name) => {
    const place = family.indexOf(name);
    if (family.length < 2 || place < 0 || varying.length === 0) return [name];
    const own = varying.map((i) => Number(numbers[place]?.[i]));
    return [name, `${isList(name) ? "item" : "numbered"} ${own.join(".")}`];
  });
}

/** The longest run of pairs, both ascending, of items that are alike; of several as long the one that begins first. */
function commonSubsequence<T>(
  a: readonly T[],
  b: readonly T[],
  alike: (a: T, b: T) => boolean,
): (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const without = Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
      const best = alike(a[i] as T, b[j] as T) ? Math.max(without, 1 + lengthAt(i + 1, j + 1)) : without;
      (lengths[i] as number[])[j] = best;
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (lengthAt(i, j) > 0) {
    if (alike(a[i] as T, b[j] as T) && lengthAt(i, j) === 1 + lengthAt(i + 1, j + 1)) pairs.push([i++, j++]);
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
