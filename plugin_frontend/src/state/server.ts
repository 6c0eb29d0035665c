/** What the server says, kept fresh: the overview (polled), the probe, and the measures of each run. */

import { computed, effect, signal } from "@preact/signals";
import { ApiError, getMeasures, getOverview, getProbe } from "../api/client";
import type { Overview, Probe, RunInfo, RunMeasures } from "../api/types";
import { isShowing } from "./host_page";
import { probeGroups } from "./rows";
import { chosenProbe, chosenView } from "./settings";

const POLL_MS = 2000;

export const overview = signal<Overview | null>(null);
/** Why the server's last answer could not be had; null while all is well. */
export const connectionError = signal<string | null>(null);
export const probeError = signal<string | null>(null);
export const measuresError = signal<string | null>(null);
export const probes = signal<ReadonlyMap<string, Probe>>(new Map());
export const measures = signal<ReadonlyMap<string, RunMeasures>>(new Map());

export const probeChoices = computed(() => (overview.value === null ? [] : probeGroups(overview.value)));

/** The probe whose runs are on screen. */
export const probeGroup = computed(() => {
  const groups = probeChoices.value;
  return groups.find((group) => group.fingerprint === chosenProbe.value) ?? groups[0] ?? null;
});

export const probe = computed(() => probes.value.get(probeGroup.value?.fingerprint ?? "") ?? null);

export function messageOf(error: unknown): string {
  return error instanceof ApiError ? error.message : `Something went wrong in the panel: ${String(error)}`;
}

let tag: string | null = null;

async function poll(): Promise<void> {
  try {
    const news = await getOverview(tag);
    if (news !== null) {
      tag = news.tag;
      overview.value = news.overview;
    }
    connectionError.value = null;
  } catch (error) {
    connectionError.value = messageOf(error);
  }
}

/** Ask for news every two seconds while the tab shows. Returns what ends it. */
export function keepOverviewFresh(): () => void {
  let ended = false;
  let timer = 0;
  const again = async () => {
    if (isShowing() || overview.peek() === null) await poll();
    if (!ended) timer = window.setTimeout(again, POLL_MS);
  };
  void again();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Fetch the probe on screen once; if that fails, again until it is there. Returns what ends it. */
export function keepProbe(): () => void {
  let timer = 0;
  const fetchIt = () => {
    const group = probeGroup.peek();
    const run = group?.runs[0];
    if (group === null || run === undefined || probes.peek().has(group.fingerprint)) return;
    getProbe(run).then(
      (found) => {
        probes.value = new Map(probes.peek()).set(group.fingerprint, found);
        probeError.value = null;
      },
      (error) => {
        probeError.value = messageOf(error);
        timer = window.setTimeout(fetchIt, POLL_MS);
      },
    );
  };
  const stop = effect(() => {
    probeGroup.value;
    clearTimeout(timer);
    fetchIt();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** `kd-projector measure` adds to steps that are there already, which the overview does not tell. */
const MEASURES_MS = 10_000;

/**
 * Fetch a run's measures again whenever the overview lists other steps of it, and now and then while a view of measures
 * shows; if that fails, again until they are there. Returns what ends it.
 */
export function keepMeasuresFresh(): () => void {
  const asked = new Map<string, string>();
  const tags = new Map<string, string | null>();
  const retry = signal(0);
  const rounds = signal(0);
  let timer = 0;
  let underWay = 0; // where an answer takes long, questions must not pile up
  const clock = setInterval(() => {
    if (underWay === 0 && chosenView.peek() !== "projector" && isShowing()) rounds.value = rounds.peek() + 1;
  }, MEASURES_MS);
  const fetchOf = (run: RunInfo) => {
    // A training that went back may have written the same steps anew.
    const stage = JSON.stringify([rounds.peek(), run.revision, run.models.map((model) => [model.name, model.steps])]);
    if (run.fingerprint === null || asked.get(run.name) === stage) return;
    asked.set(run.name, stage);
    const isNewest = () => asked.get(run.name) === stage;
    underWay++;
    const answer = getMeasures(run.name, tags.get(run.name) ?? null).finally(() => {
      underWay--;
    });
    answer.then(
      (news) => {
        measuresError.value = null;
        if (news === null || !isNewest()) return;
        tags.set(run.name, news.tag);
        measures.value = new Map(measures.peek()).set(run.name, news.measures);
      },
      (error) => {
        measuresError.value = messageOf(error);
        if (!isNewest()) return;
        asked.delete(run.name);
        clearTimeout(timer);
        timer = window.setTimeout(() => {
          retry.value = retry.peek() + 1;
        }, POLL_MS);
      },
    );
  };
  const stop = effect(() => {
    retry.value;
    rounds.value;
    for (const run of overview.value?.runs ?? []) fetchOf(run);
  });
  return () => {
    clearInterval(clock);
    clearTimeout(timer);
    stop();
  };
}
