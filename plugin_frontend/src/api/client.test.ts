import { afterEach, describe, expect, it, vi } from "vitest";
import { getFrames, getNeighbours, getOverview } from "./client";
import { framesAnswer, tensorsAnswer } from "./frames_answer.fixture";
import type { FramesRequest } from "./types";

afterEach(() => vi.unstubAllGlobals());

/** Let the next request be answered so; gives back what was asked for. */
function answer(response: Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return response;
  });
  return asked;
}

const request: FramesRequest = {
  method: "tsne",
  mode: "anchored",
  reference: ["run", "teacher", "embedding", 0],
  frames: [
    ["run", "student", "a", 5],
    ["run", "student", "b", 5],
    ["run", "student", "c", 5],
  ],
  dimensions: 2,
  prefetch: false,
};

describe("asking for frames", () => {
  it("sends all of them in one request and gives each its own answer, in order", async () => {
    const entries = [
      { status: "queued" },
      { status: "ready", key: "k", quality: { neighbours_kept: 0.5 } },
      { status: "failed", message: "It is not a number." },
    ];
    const asked = answer(framesAnswer(entries, { "coordinates/1": [1, 2, 3, 4], "kept/1": [0.5, 1] }));
    const [first, second, third] = await getFrames(request);
    expect(first).toEqual({ status: "queued" });
    expect(second).toEqual({
      status: "ready",
      frame: {
        key: "k",
        quality: { neighbours_kept: 0.5 },
        coordinates: new Float32Array([1, 2, 3, 4]),
        kept: new Float32Array([0.5, 1]),
        changed: null, // there is no step before
      },
    });
    expect(third).toEqual({ status: "failed", message: "It is not a number." });
    expect(asked).toHaveLength(1);
    const sent = JSON.parse(new URL(asked[0] as string, "http://host/").searchParams.get("request") ?? "");
    expect(sent).toEqual({ ...request, viewer: expect.stringMatching(/^\w{8,}$/) });
  });

  it("asks for a map of three dimensions, and gets one", async () => {
    const data = new Float32Array([1, 2, 3, 4, 5, 6]);
    const arrays = {
      "coordinates/0": { shape: [2, 3], data },
      "kept/0": { shape: [2], data: new Float32Array([1, 1]) },
    };
    const asked = answer(tensorsAnswer(arrays, { frames: JSON.stringify([{ status: "ready" }]) }));
    const [only] = await getFrames({ ...request, dimensions: 3, frames: request.frames.slice(0, 1) });
    expect(only).toMatchObject({ status: "ready", frame: { coordinates: data } });
    expect(decodeURIComponent(asked[0] as string)).toContain('"dimensions":3');
  });

  it("hands on what truly changed", async () => {
    answer(framesAnswer([{ status: "ready" }], { "coordinates/0": [1, 2], "kept/0": [1], "changed/0": [0.25] }));
    const [only] = await getFrames({ ...request, frames: request.frames.slice(0, 1) });
    expect(only?.status === "ready" && only.frame.changed).toEqual(new Float32Array([0.25]));
  });

  it("does not take a frame without its map for one", async () => {
    answer(framesAnswer([{ status: "ready" }, { status: "queued" }, { status: "queued" }], { "kept/0": [1] }));
    await expect(getFrames(request)).rejects.toThrow(/without its map/);
  });

  it("hands on the server's own sentence", async () => {
    answer(new Response(JSON.stringify({ error: "There is no step 5." }), { status: 404 }));
    await expect(getFrames(request)).rejects.toThrow("There is no step 5.");
  });

  it("says so when TensorBoard is away", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(getFrames(request)).rejects.toThrow(/TensorBoard does not answer/);
  });
});

it("gives each frame its true neighbours, and null for one that is not there", async () => {
  const asked = answer(
    tensorsAnswer({
      "neighbours/1": { shape: [3, 2], data: new Int32Array([1, 2, 0, 2, 1, 0]) },
      "tied/1": { shape: [3], data: new Uint8Array([0, 1, 0]) },
    }),
  );
  const [first, second, third] = await getNeighbours(request);
  expect([first, third]).toEqual([null, null]);
  expect(second).toEqual({
    k: 2,
    indices: new Int32Array([1, 2, 0, 2, 1, 0]),
    tied: new Uint8Array([0, 1, 0]),
  });
  expect(asked[0]).toMatch(/^\.\/neighbours\?request=/);
});

it("takes an overview with a known tag for no news", async () => {
  const overview = { version: "0.1.0", runs: [] };
  const response = () => new Response(JSON.stringify(overview), { headers: { ETag: '"7"' } });
  answer(response());
  expect(await getOverview(null)).toEqual({ overview, tag: '"7"' });
  answer(response());
  expect(await getOverview('"7"')).toBeNull();
});
