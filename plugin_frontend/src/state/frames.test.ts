import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { framesAnswer } from "../api/frames_answer.fixture";
import type { EmbeddingRef, FramesRequest } from "../api/types";
import { forgetRun, frameBefore, frameOf, keepFramesComing, pendingCount, statusOf } from "./frames";
import { panels } from "./grid";
import { layersNamed, methodOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { overview } from "./server";
import { chosenMode, chosenReference, chosenStep } from "./settings";

const MODEL = modelOf("net", "student", [0, 5, 9], layersNamed("a"));

interface Asked {
  readonly request: FramesRequest;
  /** Every frame asked for is there; its first coordinate is `x`. */
  ready(x: number): void;
  /** None is there yet. */
  queued(): void;
}

const asked: Asked[] = [];
/** The routes, in the order of their requests. */
const routes: string[] = [];
let stop = () => {};

beforeEach(() => {
  asked.length = routes.length = 0;
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("window", { innerHeight: 800 });
  vi.stubGlobal("fetch", (address: string) => {
    const { pathname, searchParams } = new URL(address, "http://host/");
    routes.push(pathname);
    if (pathname === "/cancel") return Promise.resolve(new Response("{}"));
    const request = JSON.parse(searchParams.get("request") ?? "") as FramesRequest;
    return new Promise<Response>((resolve) => {
      const answer = (status: string, x: number) => {
        const entries = request.frames.map((_, i) => ({ status, key: `${x}/${i}` }));
        const arrays = request.frames.flatMap((_, i): [string, number[]][] => [
          [`coordinates/${i}`, [x, 0]],
          [`kept/${i}`, [1]],
        ]);
        resolve(framesAnswer(entries, Object.fromEntries(arrays)));
      };
      asked.push({ request, ready: (x) => answer("ready", x), queued: () => answer("queued", 0) });
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

  it("takes back what it asked for before it asks for other maps, and asks for it anew when it is wanted again", async () => {
    (await request(0)).queued();
    await vi.waitFor(() => expect(statusOf(onScreen()).kind).toBe("queued"));
    chosenMode.value = "anchored";
    (await request(1)).ready(2);
    expect(routes).toEqual(["/frames", "/cancel", "/frames"]);
    chosenMode.value = "readout";
    expect(statusOf(onScreen()).kind).toBe("asking");
    await vi.waitFor(() => expect(asked.some((one, n) => n > 1 && one.request.mode === "readout")).toBe(true));
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
