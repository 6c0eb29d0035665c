/** What is known of every sample, one value each: the columns that colours, ranges, lists and exports are made of. */

import { computed } from "@preact/signals";
import type { Frame, Outputs } from "../api/types";
import { frameOf } from "./frames";
import type { PanelInfo } from "./grid";
import { outputsOf } from "./outputs";
import type { Row } from "./rows";
import { probe } from "./server";

export type SampleValue = string | number | boolean | null;

/** Of the samples themselves, of what a model puts out at the step on screen, or of a layer and its map at that step. */
export type ColumnScope = "sample" | "model" | "map";

/** Of which model or map a column is asked for; a column of samples needs neither. */
export interface ColumnOwner {
  readonly row: Row | null;
  readonly panel: PanelInfo | null;
}

export interface SampleColumn {
  /** Stable, for links and exports: "label", "confidence", "metadata:writer", … */
  readonly key: string;
  readonly label: string;
  /** What it says, in one sentence. */
  readonly text: string;
  readonly scope: ColumnScope;
  /** Whether values are amounts, or names of what there is no more or less of. */
  readonly kind: "number" | "category";
  /** The ends that its values cannot pass; null: unbounded, or a category. */
  readonly range: readonly [number | null, number | null];
  /** A value for each sample (null: unknown); null while none are known at all. */
  readonly values: (owner: ColumnOwner) => ArrayLike<SampleValue> | null;
}

const SHARE = [0, 1] as const;
const UNBOUNDED = [null, null] as const;

function ofSamples(key: string, label: string, text: string, values: readonly SampleValue[]): SampleColumn {
  const isNumber = key !== "label" && values.every((value) => value === null || typeof value === "number");
  return {
    key,
    label,
    text,
    scope: "sample",
    kind: isNumber ? "number" : "category",
    range: UNBOUNDED,
    values: () => values,
  };
}

function ofModels(
  key: string,
  label: string,
  text: string,
  kind: SampleColumn["kind"],
  range: SampleColumn["range"],
  read: (outputs: Outputs) => ArrayLike<SampleValue> | null,
): SampleColumn {
  const values = ({ row }: ColumnOwner) => {
    const outputs = row === null ? null : outputsOf(row);
    return outputs === null ? null : read(outputs);
  };
  return { key, label, text, scope: "model", kind, range, values };
}

function ofMaps(
  key: string,
  label: string,
  text: string,
  read: (frame: Frame) => ArrayLike<SampleValue> | null,
): SampleColumn {
  const values = ({ panel }: ColumnOwner) => {
    const frame = panel === null ? null : frameOf(panel);
    return frame === null ? null : read(frame);
  };
  return { key, label, text, scope: "map", kind: "number", range: SHARE, values };
}

/** Every column that this probe and its models have, in the order in which to offer them. */
export const sampleColumns = computed<readonly SampleColumn[]>(() => {
  const known = probe.value;
  if (known === null) return [];
  const { labels } = known;
  return [
    ...(labels === null ? [] : [ofSamples("label", "Label", "The sample's class.", labels)]),
    ofModels(
      "prediction",
      "Prediction",
      "The class that the model predicts.",
      "category",
      UNBOUNDED,
      (outputs) => outputs.prediction,
    ),
    ...(labels === null
      ? []
      : [
          ofModels(
            "correctness",
            "Right or wrong",
            "1 where the model predicts the sample's class, 0 where not.",
            "category",
            UNBOUNDED,
            ({ prediction }) => prediction && Array.from(prediction, (predicted, i) => Number(predicted === labels[i])),
          ),
        ]),
    ofModels(
      "confidence",
      "Confidence",
      "The largest of the model's class probabilities.",
      "number",
      SHARE,
      (outputs) => outputs.confidence,
    ),
    ofModels(
      "entropy",
      "Entropy",
      "Entropy of the model's class probabilities, in nats: 0 is certain.",
      "number",
      [0, null],
      (outputs) => outputs.entropy,
    ),
    ofModels("loss", "Loss", "Cross-entropy of the sample, in nats.", "number", [0, null], (outputs) => outputs.loss),
    ofMaps(
      "changed",
      "True change",
      "Share of its nearest neighbours in the embedding that are new since the step before.",
      (frame) => frame.changed,
    ),
    ofMaps(
      "kept",
      "Map quality",
      "Share of its nearest neighbours in the embedding that are near it on the map too.",
      (frame) => frame.kept,
    ),
    ...Object.entries(known.metadata).map(([name, values]) =>
      ofSamples(`metadata:${name}`, name, "From the probe's metadata.", values),
    ),
  ];
});

export const columnOf = (key: string) => sampleColumns.value.find((column) => column.key === key) ?? null;
