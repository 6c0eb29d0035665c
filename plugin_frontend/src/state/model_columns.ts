/** The columns of labels and of what the models put out at the step on screen. */

import type { Outputs, Probe } from "../api/types";
import { classes } from "./class_list";
import { type Category, type ColumnOwner, PLAIN, type SampleColumn, type SampleValue, SHARE } from "./column";
import { rows } from "./grid";
import { areOutputsComing, outputsOf } from "./outputs";
import { isTeacher, type Row } from "./rows";
import { dissenters, predictionsOf, same } from "./sample_values";
import { teacherOfRow } from "./teachers";

const ofClasses = (withCounts: boolean) => (): readonly Category[] =>
  classes.value.map(({ label, name, count }) => ({ value: label, name, count: withCounts ? count : null }));

const verdicts = (good: string, bad: string) => () => [
  { value: 1, name: good, count: null },
  { value: 0, name: bad, count: null },
];

type Parts = Pick<SampleColumn, "key" | "label" | "text" | "kind"> & Partial<SampleColumn>;

/** What is not a number cannot be coloured, but it was logged. */
function notInLog(_: ColumnOwner, value: SampleValue | undefined): string {
  if (typeof value !== "number") return "Not logged for this model";
  return Number.isNaN(value) ? "Not a number (NaN) in the log" : "Infinite in the log";
}

function notAgreed({ row, at }: ColumnOwner): string {
  if (row === null || isTeacher(row)) return "The teacher itself";
  const teacher = teacherOfRow(row);
  if (teacher === null) return "There is no teacher";
  return outputsOf(row, at)?.prediction
    ? "No predictions of its teacher were logged"
    : "No predictions logged for this model";
}

/** Of each model's own outputs. */
function ofModels(
  parts: Parts,
  read: (outputs: Outputs, row: Row, at?: number) => ArrayLike<SampleValue> | null,
): SampleColumn {
  const values = ({ row, at }: ColumnOwner) => {
    const outputs = row === null ? null : outputsOf(row, at);
    return row === null || outputs === null ? null : read(outputs, row, at);
  };
  const isComing = ({ row, at }: ColumnOwner) => row !== null && areOutputsComing(row, at);
  return { ...PLAIN, unknown: notInLog, isComing, ...parts, scope: "model", values };
}

export function modelColumns({ labels }: Probe): SampleColumn[] {
  return [
    ...(labels === null ? [] : [label(labels)]),
    ofModels(
      {
        key: "prediction",
        label: "Prediction",
        text: "The class that the model predicts.",
        kind: "category",
        categories: ofClasses(false),
      },
      ({ prediction }) => prediction,
    ),
    ...(labels === null ? [] : [correctness(labels)]),
    ofModels(
      {
        key: "confidence",
        label: "Confidence",
        text: "The largest of the model's class probabilities.",
        kind: "number",
        range: SHARE,
        ends: ["unsure", "sure"],
      },
      ({ confidence }) => confidence,
    ),
    ofModels(
      {
        key: "entropy",
        label: "Entropy",
        text: "Entropy of the model's class probabilities, in nats.",
        kind: "number",
        range: [0, null],
        ends: ["sure", "unsure"],
      },
      ({ entropy }) => entropy,
    ),
    ofModels(
      {
        key: "loss",
        label: "Loss",
        text: "Cross-entropy of the sample, in nats.",
        kind: "number",
        range: [0, null],
        ends: ["right", "wrong"],
      },
      ({ loss }) => loss,
    ),
    ofModels(
      {
        key: "agreement",
        label: "Agrees with the teacher",
        text: "Whether the model predicts the class that its teacher predicts, right or wrong.",
        kind: "category",
        categories: verdicts("Agrees", "Differs"),
        isVerdict: true,
        unknown: notAgreed,
        isOfTeacher: true,
      },
      ({ prediction }, row, at) => {
        const teacher = teacherOfRow(row);
        const expected = teacher === null ? null : outputsOf(teacher, at)?.prediction;
        return prediction && expected ? same(prediction, expected) : null;
      },
    ),
    dissent(),
  ];
}

function label(labels: readonly number[]): SampleColumn {
  return {
    ...PLAIN,
    key: "label",
    label: "Label",
    text: "The sample's class.",
    scope: "sample",
    kind: "category",
    categories: ofClasses(true),
    values: () => labels,
  };
}

function correctness(labels: readonly number[]): SampleColumn {
  return ofModels(
    {
      key: "correctness",
      label: "Right or wrong",
      text: "Whether the model predicts the sample's class.",
      kind: "category",
      categories: verdicts("Right", "Wrong"),
      isVerdict: true,
    },
    ({ prediction }) => prediction && same(prediction, labels),
  );
}

/** The same for every model: it is of the sample, among the models that show. */
function dissent(): SampleColumn {
  let before: readonly Int32Array[] = [];
  let kept: Uint16Array | null = null;
  return {
    ...PLAIN,
    key: "dissent",
    label: "Models that disagree",
    text: "How many of the models that show predict another class than most of them do.",
    scope: "sample",
    kind: "number",
    range: [0, Math.max(1, rows.value.length - 1)],
    ends: ["all agree", "more disagree"],
    unknown: () => "Fewer than two models with predictions",
    values: () => {
      const predictions = predictionsOf(rows.value.map((row) => outputsOf(row)));
      if (predictions.length < 2) return null;
      if (kept === null || predictions.length !== before.length || predictions.some((one, i) => one !== before[i]))
        [before, kept] = [predictions, dissenters(predictions)];
      return kept;
    },
  };
}
