import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { getNeighbours } from "../api/client";
import type { Frame, FramesRequest, Neighbours } from "../api/types";
import { type PanelInfo, panels } from "./grid";
import { forgetNeighbours, keepNeighboursComing, neighboursOf, wantNeighbours } from "./neighbours";
import { layersNamed, methodOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { overview } from "./server";

vi.mock("../api/client", async (original) => ({ ...(await original<object>()), getNeighbours: vi.fn() }));
// Every frame is there: neighbours are asked for of such only.
vi.mock("./frames", async (original) => ({ ...(await original<object>()), frameOf: () => ({}) as Frame }));

const LAYERS = 70;
const asked = vi.mocked(getNeighbours);
const request = (call: number) => asked.mock.calls[call]?.[0] as FramesRequest;
const layersAskedFor = (call: number) => request(call).frames.map((frame) => frame[2]);
const ends: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.mockReset();
  forgetNeighbours("r");
  const layers = layersNamed(...Array.from({ length: LAYERS }, (_, i) => `l${i}`));
  const runs = overviewOf(runOf("r", [modelOf("net", "student", [0], layers)]));
  overview.value = { ...runs, methods: [methodOf("pca", "fit")] };
});

afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.useRealTimers();
});

const want = () => ends.push(wantNeighbours(panels), keepNeighboursComing());
const known = () => panels.peek().filter((panel: PanelInfo) => neighboursOf(panel) !== null).length;
/** As large as those of many samples, without the memory. */
const ofBytes = (byteLength: number) =>
  ({ k: 1, indices: { byteLength }, tied: { byteLength: 0 } }) as unknown as Neighbours;

it("keeps all that is wanted, however large, and asks for each once", async () => {
  asked.mockImplementation(async ({ frames }) => frames.map(() => ofBytes(12 * 2 ** 20)));
  want();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(known()).toBe(LAYERS);
  expect(asked).toHaveBeenCalledTimes(2); // 60 and 10
});

it("asks for those behind the first ones, though the first ones stay away", async () => {
  asked.mockImplementation(async ({ frames }) =>
    frames.map(([, , layer]) => (Number(layer.slice(1)) < 60 ? null : ofBytes(8))),
  );
  want();
  await vi.advanceTimersByTimeAsync(4000);
  expect(layersAskedFor(0)).toContain("l0");
  expect(layersAskedFor(1)).toEqual(expect.arrayContaining(["l60", "l69"]));
  expect(known()).toBe(LAYERS - 60);
});
