/** Asks the plugin's routes. The only file that fetches; every address is relative to TensorBoard's plugin page. */

import { decodeSafetensors, float32, int32, type Safetensors, uint8 } from "./safetensors";
import type {
  CancelBody,
  EmbeddingRef,
  FrameAnswer,
  FrameEntry,
  FramesBody,
  FramesRequest,
  Neighbours,
  OutputItem,
  Outputs,
  Overview,
  Probe,
  Progress,
  RunMeasures,
  SampleHistory,
} from "./types";

/** The server's own sentence, or ours where it could not be reached. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** A connection that died on the way (a tunnel, a laptop's sleep) says nothing, for minutes. */
const PATIENCE_MS = 60_000;

function get(route: string, parameters: Readonly<Record<string, string>> = {}): Promise<Response> {
  const query = new URLSearchParams(parameters).toString();
  // The server says by its headers what never changes; all else the browser asks for again with its ETag.
  return send(`./${route}${query && `?${query}`}`, {});
}

async function send(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new ApiError("TensorBoard does not answer. Is it still running?", 0);
  }
  if (!response.ok) throw new ApiError(await sentenceOf(response), response.status);
  return response;
}

async function sentenceOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return error;
  } catch {
    // Not ours: a proxy's page or TensorBoard's own; its status says enough.
  }
  return `TensorBoard answered ${response.status} ${response.statusText}. Its terminal may say why.`;
}

/** The overview, or null where it is still the one that bore the tag `known`. */
export async function getOverview(known: string | null): Promise<{ overview: Overview; tag: string | null } | null> {
  const response = await get("overview");
  const tag = response.headers.get("ETag");
  if (tag !== null && tag === known) return null;
  return { overview: (await response.json()) as Overview, tag };
}

export async function getProbe(run: string): Promise<Probe> {
  return (await (await get("probe", { run })).json()) as Probe;
}

/** A run's measures, or null where they are still those that bore the tag `known`. */
export async function getMeasures(
  run: string,
  known: string | null,
): Promise<{ measures: RunMeasures; tag: string | null } | null> {
  const response = await get("measures", { run });
  const tag = response.headers.get("ETag");
  if (tag !== null && tag === known) return null;
  return { measures: (await response.json()) as RunMeasures, tag };
}

/** What each model of a run put out for one sample, over its steps. */
export async function getSample(run: string, sample: number): Promise<SampleHistory> {
  return (await (await get("sample", { run, sample: String(sample) })).json()) as SampleHistory;
}

export async function getProgress(): Promise<Progress> {
  return (await (await get("progress")).json()) as Progress;
}

export function thumbnailsUrl(run: string, sheet: number): string {
  return `./thumbnails?${new URLSearchParams({ run, sheet: String(sheet) })}`;
}

/** Of each `[run, model, step]`, in order. */
export async function getOutputs(items: readonly OutputItem[]): Promise<Outputs[]> {
  const response = await get("outputs", { items: JSON.stringify(items) });
  const file = decodeSafetensors(await response.arrayBuffer());
  return items.map((_, i) => ({
    prediction: int32(file, `prediction/${i}`),
    confidence: float32(file, `confidence/${i}`),
    entropy: float32(file, `entropy/${i}`),
    loss: float32(file, `loss/${i}`),
  }));
}

/** Under this name the page asks for frames, so that it can say that it wants them no more. */
const VIEWER = viewerName();

/** The same after a reload: it is part of addresses, and what the browser has of them need not be sent again. */
function viewerName(): string {
  const fresh = Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 8)).join("");
  try {
    const name = sessionStorage.getItem("kd_projector.viewer") ?? fresh;
    sessionStorage.setItem("kd_projector.viewer", name);
    return name;
  } catch {
    return fresh; // a page that may keep nothing
  }
}

/** Nothing of what this page has asked for so far is wanted any more. */
export async function cancelFrames(): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const body: CancelBody = { viewer: VIEWER };
  await send("./cancel", { method: "POST", headers, body: JSON.stringify(body) });
}

async function askOf(route: "frames" | "neighbours", request: FramesRequest): Promise<Safetensors> {
  const { reference, ...rest } = request;
  const body: FramesBody = { viewer: VIEWER, ...rest, ...(reference === null ? {} : { reference }) };
  const response = await get(route, { request: JSON.stringify(body) });
  return decodeSafetensors(await response.arrayBuffer());
}

/** One answer for each frame asked for, in order. Frames that are not there are queued by asking. */
export async function getFrames(request: FramesRequest): Promise<FrameAnswer[]> {
  const { frames } = request;
  const file = await askOf("frames", request);
  const entries = file.metadata.frames as readonly FrameEntry[];
  return frames.map((frame, i) => answerOf(frame, entries[i], (name) => float32(file, `${name}/${i}`)));
}

/** One answer for each frame asked for, in order; null where the frame is not there. Nothing is queued by asking. */
export async function getNeighbours(request: FramesRequest): Promise<(Neighbours | null)[]> {
  const file = await askOf("neighbours", request);
  return request.frames.map((_, i) => {
    const indices = int32(file, `neighbours/${i}`);
    const tied = uint8(file, `tied/${i}`);
    const k = file.tensors.get(`neighbours/${i}`)?.shape[1];
    return indices === null || tied === null || k === undefined ? null : { k, indices, tied };
  });
}

function answerOf(
  frame: EmbeddingRef,
  entry: FrameEntry | undefined,
  tensor: (name: string) => Float32Array | null,
): FrameAnswer {
  if (entry === undefined) throw new ApiError(`The answer says nothing about frame ${frame.join(" / ")}.`, 200);
  if (entry.status === "failed") return { status: "failed", message: entry.message };
  if (entry.status !== "ready") return { status: entry.status };
  const coordinates = tensor("coordinates");
  const kept = tensor("kept");
  if (coordinates === null || kept === null)
    throw new ApiError(`Frame ${frame.join(" / ")} came without its map.`, 200);
  return {
    status: "ready",
    frame: {
      key: entry.key,
      quality: entry.quality,
      coordinates,
      kept,
      changed: tensor("changed"),
    },
  };
}
