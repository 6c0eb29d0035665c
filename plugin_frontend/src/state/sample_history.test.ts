import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { getSample } from "../api/client";
import type { SampleColumns } from "../api/types";
import { allRows } from "./grid";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { forgetHistory, historyOf, keepHistoryComing, readingAt } from "./sample_history";
import { overview } from "./server";
import { inspected } from "./settings";

vi.mock("../api/client", async (original) => ({ ...(await original<object>()), getSample: vi.fn() }));

const columns = (steps: number[], confidence: number[]): SampleColumns => ({
  steps,
  prediction: steps.map(() => 3),
  confidence,
  entropy: null,
  loss: null,
});

const asked = vi.mocked(getSample);
let end = () => {};

const listSteps = (steps: number[], revision = 0) => {
  overview.value = overviewOf(runOf("r", [modelOf("student", "student", steps)], { revision }));
};
const student = () => historyOf(allRows.peek()[0] as (typeof allRows.value)[number]);
const settle = () => vi.advanceTimersByTimeAsync(5);

beforeEach(() => {
  vi.useFakeTimers();
  asked.mockReset();
  forgetHistory("r");
  listSteps([0, 1]);
  inspected.value = null;
  end = keepHistoryComing();
});

afterEach(() => {
  end();
  vi.useRealTimers();
});

it("asks for the inspected sample only, and once", async () => {
  asked.mockResolvedValue({ student: columns([0, 1], [0.1, 0.2]) });
  await settle();
  expect(asked).not.toHaveBeenCalled();
  inspected.value = 12;
  await settle();
  expect(asked.mock.calls).toEqual([["r", 12]]);
  expect(student()?.confidence).toEqual([0.1, 0.2]);
  inspected.value = null;
  inspected.value = 12;
  await settle();
  expect(asked).toHaveBeenCalledTimes(1);
});

it("keeps showing what it has while it asks for new steps", async () => {
  asked.mockResolvedValueOnce({ student: columns([0, 1], [0.1, 0.2]) });
  inspected.value = 12;
  await settle();
  let answer: (models: Record<string, SampleColumns>) => void = () => {};
  asked.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  listSteps([0, 1, 2]);
  await settle();
  expect(student()?.steps).toEqual([0, 1]);
  answer({ student: columns([0, 1, 2], [0.1, 0.2, 0.3]) });
  await settle();
  expect(student()?.steps).toEqual([0, 1, 2]);
  expect(asked).toHaveBeenCalledTimes(2);
});

it("lets go of an answer that was under way when its run went back", async () => {
  let answer: (models: Record<string, SampleColumns>) => void = () => {};
  asked.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  inspected.value = 12;
  await settle();
  listSteps([0, 1], 1);
  forgetHistory("r");
  asked.mockResolvedValueOnce({ student: columns([0, 1], [0.8, 0.9]) });
  answer({ student: columns([0, 1], [0.1, 0.2]) });
  await settle();
  await settle();
  expect(student()?.confidence).toEqual([0.8, 0.9]);
});

it("asks again after a failure", async () => {
  asked.mockRejectedValueOnce(new Error("gone")).mockResolvedValueOnce({ student: columns([0], [0.5]) });
  inspected.value = 12;
  await settle();
  expect(student()).toBeNull();
  await vi.advanceTimersByTimeAsync(2500);
  expect(student()?.confidence).toEqual([0.5]);
});

it("reads at the last step that is not after the one asked for", () => {
  const model = columns([0, 10, 20], [0.1, 0.2, 0.3]);
  expect(readingAt(model, 15)).toEqual({ prediction: 3, confidence: 0.2 });
  expect(readingAt({ ...model, prediction: null }, 20)).toEqual({ prediction: null, confidence: 0.3 });
});
