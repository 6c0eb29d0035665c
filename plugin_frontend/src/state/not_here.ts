/** What a link asks for that is not in these logs, in words; of what has a substitute, `fallbacks.ts` tells. Pure. */

import type { Overview } from "../api/types";
import type { Decoded } from "./link";
import { isListed } from "./maps";
import { stepText } from "./number_format";

/** Each once, in the order in which one would look for it; none where all is here. */
export function whatIsNotHere({ values, unread }: Decoded, overview: Overview): string[] {
  const { chosenProbe } = values;
  if (chosenProbe && !overview.runs.some((run) => run.fingerprint === chosenProbe))
    return ["the samples that it was made of (another probe), and all that hangs on them", ...strange(unread)];
  const found = [
    ...(values.chosenRows ?? []).map((key) => model(...(JSON.parse(key) as [string, string]), overview)),
    ...(values.focus ?? []).map(({ run, model: name, layer }) => layerOf(run, name, layer, overview)),
    referenceOf(values.chosenReference ?? null, overview),
    step(values.chosenStep ?? null, overview),
    step(values.ghostStep ?? null, overview),
  ];
  return [...new Set([...found.filter((one) => one !== null), ...strange(unread)])];
}

const strange = (unread: readonly string[]) => unread.map((key) => `the setting “${key}”`);

function model(run: string, name: string, { runs }: Overview): string | null {
  const info = runs.find((one) => one.name === run);
  if (info === undefined) return `run “${run}”`;
  return info.models.some((one) => one.name === name) ? null : `model “${name}” of run “${run}”`;
}

function layerOf(run: string, name: string, layer: string, overview: Overview): string | null {
  const missing = model(run, name, overview);
  if (missing !== null) return missing;
  const info = overview.runs.find((one) => one.name === run)?.models.find((one) => one.name === name);
  return info?.layers.some((one) => one.name === layer) ? null : `layer “${layer}” of ${name} (${run})`;
}

function referenceOf(reference: Decoded["values"]["chosenReference"] | null, overview: Overview): string | null {
  if (!reference) return null;
  const [run, name, layer, at] = reference;
  const fingerprint = overview.runs.find((one) => one.name === run)?.fingerprint ?? "";
  if (isListed(reference, overview, fingerprint)) return null;
  return layerOf(run, name, layer, overview) ?? `the reference ${name} · ${layer} at step ${stepText(at)}`;
}

function step(at: number | null, { runs }: Overview): string | null {
  const isThere = at === null || runs.some((run) => run.models.some((one) => one.steps.includes(at)));
  return isThere ? null : `step ${stepText(at)}`;
}
