import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decode } from "./link";
import { dismissNotice, isAtNewest, linkNow, notHere, openState, wholeState } from "./link_state";
import { layersNamed, measureOf, methodOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { measures, overview, probes } from "./server";
import { chosenColor, chosenMethod, chosenMode, chosenStep, dimensions, linksNewest } from "./settings";

const layers = layersNamed("a", "b", "logits");
const logs = (...steps: number[]) => ({
  ...overviewOf(runOf("one", [modelOf("student", "student", steps, layers)])),
  methods: [methodOf("tsne", "readout", "rigid"), { ...methodOf("ivis", "readout"), dimensions: [2 as const] }],
  measures: { rank: measureOf({ label: "Rank" }), cka: measureOf({ label: "CKA", scope: "pair" }) },
});
const series = (measure: string) => ({
  measure,
  layer: "a",
  other_run: null,
  other_model: null,
  other_layer: null,
  values: [1],
});

function arrive(): void {
  overview.value = logs(0, 5, 9);
  probes.value = new Map([
    [
      "probe-1",
      { size: 2, ids: ["x", "y"], labels: [0, 1], class_names: null, kind: null, metadata: { writer: [1, 2] } },
    ],
  ] as never);
  measures.value = new Map([["one", { student: { steps: [0], series: [series("rank"), series("cka")] } }]]);
}

beforeEach(() => {
  arrive();
  openState("");
});
afterEach(() => {
  openState("");
  linksNewest.value = false;
  overview.value = null;
  probes.value = new Map();
  measures.value = new Map();
});

describe("what is copied at the newest step", () => {
  it("holds the step that is seen, and opens it when training has gone on; the address follows", () => {
    const kept = wholeState();
    expect(decode(kept).values.chosenStep).toBe(9);
    expect(linkNow.value.state).toBe("");
    overview.value = logs(0, 5, 9, 12);
    expect(decode(wholeState()).values.chosenStep).toBe(12);
    openState(kept);
    expect([chosenStep.value, isAtNewest.value]).toEqual([9, false]);
  });

  it("follows the newest where the user says so, and only there", () => {
    linksNewest.value = true;
    expect(decode(wholeState()).values.chosenStep).toBeUndefined();
    chosenStep.value = 5;
    expect(decode(wholeState()).values.chosenStep).toBe(5);
    openState("v=1&step=9"); // the newest, by its number
    expect(decode(wholeState()).values.chosenStep).toBeUndefined();
  });
});

describe("a link that asks for what cannot be had", () => {
  const ASKED =
    "v=1&method=ivis&mode=rigid&columns=0,7&colour=metadata:ghost&measure=novel&similarity=odd&dimensions=3";

  it("is told what shows instead, and what it asked for leaves the address with the notice", () => {
    openState(ASKED);
    expect(notHere.value).toEqual([
      "the mode “Rigid fit” of ivis (Neighbour read-out instead)",
      "maps of three dimensions by ivis (two instead)",
      "layer column 8 (only a instead)",
      "the colouring by “ghost” (Label instead)",
      "the measure “novel” (Rank instead)",
      "the similarity measure “odd” (CKA instead)",
    ]);
    expect(linkNow.value.state).toBe(ASKED);
    expect(wholeState()).toBe("v=1&method=ivis&columns=0&step=9"); // what is copied claims nothing
    dismissNotice();
    expect(notHere.value).toEqual([]);
    expect(linkNow.value.state).toBe("v=1&method=ivis&columns=0");
    expect([chosenMode.value, chosenColor.value, dimensions.value]).toEqual([null, null, 2]);
  });

  it("says nothing any more of what the user chooses anew", () => {
    openState("v=1&method=umap&colour=metadata:ghost");
    expect(notHere.value).toEqual(["the method “umap” (tsne instead)", "the colouring by “ghost” (Label instead)"]);
    chosenColor.value = "prediction";
    chosenMethod.value = "ivis";
    expect(notHere.value).toEqual([]);
    expect(linkNow.value.state).toBe("v=1&method=ivis&colour=prediction");
  });

  it("is not judged before the server has spoken, and what is here is no claim", () => {
    overview.value = null;
    probes.value = new Map();
    measures.value = new Map();
    openState(ASKED);
    expect([notHere.value, linkNow.value.state]).toEqual([[], ASKED]);
    arrive();
    expect(notHere.value).toHaveLength(6);
    openState("v=1&mode=rigid&columns=0,2&colour=metadata:writer&measure=rank&similarity=cka&dimensions=3");
    expect(notHere.value).toEqual([]);
  });

  it("is none that the user made by going on: what a method cannot do is not written, and comes back with the next", () => {
    dimensions.value = 3;
    chosenMode.value = "rigid";
    chosenMethod.value = "ivis";
    expect([notHere.value, linkNow.value.state]).toEqual([[], "v=1&method=ivis"]);
    chosenMethod.value = "tsne";
    expect(linkNow.value.state).toBe("v=1&method=tsne&mode=rigid&dimensions=3");
  });
});
