/** What a column of values, one a sample, is: the type that colours, ranges, lists and exports share. */

import type { PanelInfo } from "./grid";
import type { Row } from "./rows";

export type SampleValue = string | number | boolean | null;

/** Of the samples themselves, of what a model puts out at the step on screen, or of a layer and its map at that step. */
export type ColumnScope = "sample" | "model" | "map";

/** Of which model or map a column is asked for; a column of samples needs neither. */
export interface ColumnOwner {
  readonly row: Row | null;
  readonly panel: PanelInfo | null;
  /** Of a model: the step; without it, that on screen. */
  readonly at?: number;
}

/** One of the values of a column that has names instead of amounts. */
export interface Category {
  readonly value: SampleValue;
  readonly name: string;
  /** How many samples have it; null: that differs from model to model. */
  readonly count: number | null;
}

export interface SampleColumn {
  /** Stable, for links and exports: "label", "confidence", "metadata:writer", … */
  readonly key: string;
  readonly label: string;
  /** What it says, in one sentence or two. */
  readonly text: string;
  readonly scope: ColumnScope;
  /** Whether values are amounts, or names of what there is no more or less of. */
  readonly kind: "number" | "category";
  /** The ends that its values cannot pass; null: unbounded, or a category. */
  readonly range: readonly [number | null, number | null];
  /** What low and high values mean, in a word or two; null: nothing but less and more. */
  readonly ends: readonly [low: string, high: string] | null;
  /** Why it says nothing of a sample: of the value that stands there, undefined where its owner has no values at all. */
  readonly unknown: (owner: ColumnOwner, value: SampleValue | undefined) => string | null;
  /** Whether it compares a model with its teacher: where there are several, they are named. */
  readonly isOfTeacher: boolean;
  /** Of a category: all values that there can be, in a fixed order. */
  readonly categories: () => readonly Category[];
  /** Whether its two values, 1 and 0, are good and bad. */
  readonly isVerdict: boolean;
  /** Whether its values are only not there yet. */
  readonly isComing: (owner: ColumnOwner) => boolean;
  /** A value for each sample (null: unknown); null while none are known at all. */
  readonly values: (owner: ColumnOwner) => ArrayLike<SampleValue> | null;
}

export const SHARE = [0, 1] as const;
export const UNBOUNDED = [null, null] as const;

/** What a column is unless it says otherwise. */
export const PLAIN = {
  range: UNBOUNDED,
  ends: null,
  unknown: () => null,
  isOfTeacher: false,
  categories: () => [],
  isVerdict: false,
  isComing: () => false,
} as const;
