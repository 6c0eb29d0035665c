import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { framesAnswer } from "../api/frames_answer.fixture";
import type { EmbeddingRef, FramesRequest } from "../api/types";
import { forgetRun, frameBefore, frameOf, keepFramesComing, pendingCount } from "./frames";
import { panels } from "./grid";
import { layersNamed, methodOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { overview } from "./server";
import { chosenMode, chosenReference, chosenStep } from "./settings";

const MODEL = modelOf("net", "student", [0, 5, 9], layersNamed("a"));

interface Asked {
  readonly request: FramesRequest;
  /** Every frame asked for is there; its first coordinate is `x`. */
  ready(x: number): void;
}

const asked: Asked[] = [];
let stop = () => {};

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("window", { innerHeight: 800 });
  vi.stubGlobal("fetch", (address: string) => {
    const request = JSON.parse(new URL(address, "http://host/").searchParams.get("request") ?? "") as FramesRequest;
    return new Promise<Response>((resolve) => {
      const ready = (x: number) => {
        const entries = request.frames.map((_, i) => ({ status: "ready", key: `${x}/${i}` }));
        const arrays = request.frames.flatMap((_, i): [string, number[]][] => [
          [`coordinates/${i}`, [x, 0]],
          [`kept/${i}`, [1]],
        ]);
        resolve(framesAnswer(entries, Object.fromEntries(arrays)));
      };
      asked.push({ request, ready });
    });
  });
  overview.value = {
    ...overviewOf(runOf("run", [MODEL])),
    methods: [methodOf("tsne", "readout", "anchored")],
    references: { "probe-1": ["run", "net", "a", 0] },
  };
  stop = keepFramesComing();
});

afterEach(() => {
  stop();
  forgetRun("run");
  overview.value = chosenMode.value = chosenReference.value = chosenStep.value = null;
  vi.unstubAllGlobals();
});

const request = async (n: number): Promise<Asked> => {
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(n));
  return asked[n] as Asked;
};
const onScreen = () => panels.value[0] as (typeof panels.value)[number];
const x = () => frameOf(onScreen())?.coordinates[0] ?? null;

describe("asking for what is on screen", () => {
  it("never takes an answer for maps of another mode, and has it at once when that mode is chosen again", async () => {
    const first = await request(0);
    expect(first.request).toMatchObject({ method: "tsne", mode: "readout", frames: [["run", "net", "a", 9]] });
    chosenMode.value = "anchored"; // before the answer comes
    first.ready(1);
    const second = await request(1);
    expect(second.request.mode).toBe("anchored");
    expect(x()).toBeNull();
    second.ready(2);
    await vi.waitFor(() => expect(x()).toBe(2));
    chosenMode.value = "readout";
    expect(x()).toBe(1);
    expect(pendingCount.value).toBe(0);
  });

  it("asks for maps on a reference that was chosen, whatever is there on another", async () => {
    const chosen: EmbeddingRef = ["run", "net", "a", 5];
    const first = await request(0);
    expect(first.request.reference).toEqual(["run", "net", "a", 0]);
    first.ready(1);
    await vi.waitFor(() => expect(x()).toBe(1));
    const ahead = await request(1);
    chosenReference.value = chosen;
    expect(x()).toBeNull();
    expect(pendingCount.value).toBe(1);
    ahead.ready(7); // laid onto the reference before
    const second = await request(2);
    expect(second.request).toMatchObject({ reference: chosen, frames: [["run", "net", "a", 9]], prefetch: false });
    second.ready(3);
    await vi.waitFor(() => expect(x()).toBe(3));
    expect(frameBefore(onScreen())).toBeNull();
  });

  it("then asks for the frames before those on screen, until they are there", async () => {
    (await request(0)).ready(1);
    const behind = await request(1);
    expect(behind.request.prefetch).toBe(true);
    expect(behind.request.frames).toContainEqual(["run", "net", "a", 5]);
    expect(frameBefore(onScreen())).toBeNull();
    behind.ready(4);
    await vi.waitFor(() => expect(frameBefore(onScreen())?.coordinates[0]).toBe(4));
    chosenStep.value = 0;
    expect(frameBefore(onScreen())).toBeNull(); // there is none before the first
  });
});
