/** Notices when a training went back to a checkpoint: steps that were listed are gone, and are written anew. */

import { effect } from "@preact/signals";
import type { Overview } from "../api/types";
import { forgetRun } from "./frames";
import { forgetNeighbours } from "./neighbours";
import { forgetOutputs } from "./outputs";
import { forgetHistory } from "./sample_history";
import { overview } from "./server";

/** The runs that were there before and have another revision now. */
export function restartedRuns(before: Overview | null, now: Overview | null): string[] {
  const revisions = new Map(before?.runs.map((run) => [run.name, run.revision]));
  return (now?.runs ?? [])
    .filter((run) => revisions.has(run.name) && revisions.get(run.name) !== run.revision)
    .map((run) => run.name);
}

/** Drop what is kept of such runs. Returns what ends it. */
export function forgetRestartedRuns(): () => void {
  let before: Overview | null = null;
  return effect(() => {
    const now = overview.value;
    for (const run of restartedRuns(before, now)) {
      forgetRun(run);
      forgetOutputs(run);
      forgetNeighbours(run);
      forgetHistory(run);
    }
    before = now;
  });
}
