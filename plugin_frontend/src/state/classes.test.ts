import { expect, it } from "vitest";
import type { Outputs, Probe } from "../api/types";
import { classesOf, className, predictedClasses } from "./classes";

const probe = (more: Partial<Probe>): Probe => ({
  fingerprint: "f",
  size: 4,
  ids: ["a", "b", "c", "d"],
  labels: [2, 0, 2, 2],
  class_names: null,
  metadata: {},
  thumbnails: null,
  ...more,
});

it("counts the samples of each class, ascending by number", () => {
  expect(classesOf(probe({}))).toEqual([
    { label: 0, name: "0", count: 1 },
    { label: 2, name: "2", count: 3 },
  ]);
});

it("lists named classes of which the probe has no sample", () => {
  const found = classesOf(probe({ class_names: ["zero", "one", "two"] }));
  expect(found.map(({ name, count }) => [name, count])).toEqual([
    ["zero", 1],
    ["one", 0],
    ["two", 3],
  ]);
});

it("calls a class without a name by its number", () => {
  expect(className(probe({ class_names: ["zero"] }), 2)).toBe("2");
});

it("finds the classes in the predictions where there are no labels", () => {
  const outputs = (...predicted: number[]): Outputs => ({
    prediction: new Int32Array(predicted),
    confidence: null,
    entropy: null,
    loss: null,
  });
  expect(classesOf(probe({ labels: null }))).toEqual([]);
  expect(predictedClasses([outputs(0, 2), outputs(1)]).map(({ label }) => label)).toEqual([0, 1, 2]);
  expect(predictedClasses([])).toEqual([]);
});
