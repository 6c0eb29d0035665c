/** Notices when a training went back to a checkpoint: steps that were listed are gone, and will be written anew. */

import { effect } from "@preact/signals";
import type { Overview } from "../api/types";
import { forgetRun } from "./frames";
import { forgetOutputs } from "./outputs";
import { overview } from "./server";

/** The runs of which a step that was there before is no more. */
export function restartedRuns(before: Overview | null, now: Overview | null): string[] {
  const stepsOf = (all: Overview | null) =>
    new Map(
      all?.runs.flatMap((run) =>
        run.models.map((model) => [JSON.stringify([run.name, model.name]), { run: run.name, steps: model.steps }]),
      ) ?? [],
    );
  const current = stepsOf(now);
  const gone = [...stepsOf(before)].filter(([key, { steps }]) => {
    const left = new Set(current.get(key)?.steps ?? []);
    return steps.some((step) => !left.has(step));
  });
  return [...new Set(gone.map(([, { run }]) => run))];
}

/** Drop what is kept of such runs. Returns what ends it. */
export function forgetRestartedRuns(): () => void {
  let before: Overview | null = null;
  return effect(() => {
    const now = overview.value;
    for (const run of restartedRuns(before, now)) {
      forgetRun(run);
      forgetOutputs(run);
    }
    before = now;
  });
}
