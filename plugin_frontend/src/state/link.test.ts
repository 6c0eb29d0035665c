import { Signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { decode, encode, LINKED, LINKED_NAMES, type LinkedName, type LinkedValues, NOT_LINKED } from "./link";
import { stateIn, stateOf, tabOf, withState } from "./link_address";
import { indices } from "./link_codecs";
import { rowKey } from "./rows";
import * as settings from "./settings";

const signals = { ...settings };
const initial = Object.fromEntries(
  LINKED_NAMES.map((name) => [name, (signals[name] as Signal<unknown>).peek()]),
) as unknown as LinkedValues;

/** Of each setting a value that it does not begin with, and that is hard to write. */
const CHOSEN: LinkedValues = {
  chosenProbe: "9f2c",
  chosenView: "measures",
  focus: [
    { run: "a/b", model: "x:y", layer: "l,1" },
    { run: "100%2C", model: "ü", layer: "a&b=c#d" },
  ],
  chosenMethod: "ivis",
  chosenMode: "independent",
  chosenReference: ["run one", "teacher", "layer.4:out", 120],
  chosenRows: [rowKey("a", 'quo"te'), rowKey("b,c", "d:e")],
  layerMatch: "cka",
  layerMatchStep: 40,
  chosenColumns: [2, 0],
  focusLayout: "overlay",
  overlayBy: "blend",
  overlayShare: 0.25,
  chosenStep: 0,
  chosenColor: "confidence",
  hiddenLabels: new Set([1, 3]),
  hiddenValues: new Map<string, ReadonlySet<string | number | boolean | null>>([
    ["prediction", new Set([0, 3])],
    ['metadata:a "b",c', new Set(["ü&", true, null])],
  ]),
  camera: { x: -0.125, y: 2, scale: 3.5 },
  selection: new Set([0, 1, 2, 3, 70, 81]),
  isolated: new Set([5]),
  inspected: 0,
  chosenMeasure: "linear_cka",
  chosenMeasureColumn: 0,
  measuresOver: "depth",
  ownScales: true,
  chosenSimilarity: "rsa",
  chosenAxis: "log",
  speed: 8,
  dimensions: 3,
  rotation: { yaw: -1.25, pitch: 0.5 },
  trails: true,
  ghostStep: 0,
  neighbourLines: false,
  fadeByQuality: true,
  contours: true,
  selectionLook: "table",
  sortColumn: 'confidence@["a,b","c:d"]',
  sortDescending: true,
  chosenNeighbourColumn: 0,
};

const readBack = (state: string) => ({ ...initial, ...decode(state).values });

describe("a link", () => {
  it("has a place for every setting: put a new signal of settings.ts into LINKED or NOT_LINKED of link.ts", () => {
    const signals = Object.entries(settings).flatMap(([name, value]) => (value instanceof Signal ? [name] : []));
    expect([...LINKED_NAMES, ...Object.keys(NOT_LINKED)].sort()).toEqual(signals.sort());
  });

  it("calls no two settings alike", () => {
    expect(new Set(LINKED_NAMES.map((name) => LINKED[name].key)).size).toBe(LINKED_NAMES.length);
  });

  it.each(LINKED_NAMES.filter((name) => name !== "chosenProbe"))("brings %s back", (name: LinkedName) => {
    expect(CHOSEN[name]).not.toEqual(initial[name]);
    const { state } = encode({ ...initial, [name]: CHOSEN[name] }, initial);
    expect(state.startsWith(`v=1&${LINKED[name].key}=`)).toBe(true);
    expect(state).toMatch(/^[\w.!~*'()%=&,:/-]+$/); // what may stand in an address as it is
    expect(readBack(state)).toEqual({ ...initial, [name]: CHOSEN[name] });
  });

  it("brings everything back at once, and again the same text", () => {
    const { state, leftOut } = encode(CHOSEN, initial);
    expect(leftOut).toEqual([]);
    expect(decode(state)).toEqual({ values: CHOSEN, unread: [] });
    expect(encode(readBack(state), initial).state).toBe(state);
  });

  it("is empty where nothing was chosen: the probe alone is no choice", () => {
    expect(encode({ ...initial, chosenProbe: "9f2c" }, initial).state).toBe("");
    expect(decode("")).toEqual({ values: {}, unread: [] });
  });

  it("tells no row from the rows that show at first", () => {
    expect(decode(encode({ ...initial, chosenRows: [] }, initial).state).values.chosenRows).toEqual([]);
  });

  it("leaves out what is too long, and says so", () => {
    const scattered = new Set(Array.from({ length: 9000 }, (_, i) => 3 * i));
    const { state, leftOut } = encode({ ...initial, selection: scattered, chosenStep: 7 }, initial, 4000);
    expect(leftOut).toEqual(["selection"]);
    expect(state).toBe("v=1&step=7");
    expect(readBack(encode({ ...initial, selection: scattered }, initial).state).selection).toEqual(scattered);
  });

  it("takes what it understands of a damaged or newer text, and names the rest", () => {
    const found = decode("v=9&step=12&camera=1,2&rows=only-a-run&dimensions=4&hidden=3-x&novel=1&colour=%E0%A4&speed=");
    expect(found.values).toEqual({ chosenStep: 12 });
    expect(found.unread).toEqual(["camera", "rows", "dimensions", "hidden", "novel", "colour", "speed"]);
  });
});

describe("sets of samples", () => {
  it.each([
    [[], ""],
    [[4], "4"],
    [[0, 1, 2, 9], "0-2,9"],
  ])("%j are written as %j", (values, written) => {
    expect(indices.write(new Set(values))).toBe(written);
  });

  it("come back from ranges and bitmaps alike", () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (const share of [0.01, 0.5, 0.99]) {
      const values = new Set(Array.from({ length: 1000 }, (_, i) => i).filter(() => random() < share));
      const written = indices.write(values) ?? "";
      expect(written.length).toBeLessThan(180);
      expect(indices.read(written)).toEqual(values);
    }
  });

  it("have bounds", () => {
    expect(indices.read("0-99999999")).toBeUndefined();
  });
});

describe("TensorBoard's address", () => {
  it("keeps what is not ours", () => {
    const hash = "#kd_projector&p.kd_projector.step=3&p.other.x=1&tagFilter=a%20b";
    expect(tabOf(hash)).toBe("kd_projector");
    expect(stateOf(hash)).toBe("step=3");
    expect(withState(hash, "v=1&view=about")).toBe(
      "#kd_projector&p.kd_projector.v=1&p.kd_projector.view=about&p.other.x=1&tagFilter=a%20b",
    );
    expect(withState("", "")).toBe("#kd_projector");
  });

  it("is read again after TensorBoard wrote it in its own way", () => {
    const state = encode(CHOSEN, initial).state;
    const rewritten = withState("", state).replace(
      /=([^&]*)/g,
      (_, v) => `=${encodeURIComponent(decodeURIComponent(v))}`,
    );
    expect(decode(stateOf(rewritten)).values).toEqual(CHOSEN);
  });

  it("can be pasted whole, or as a state", () => {
    expect(stateIn(" http://host:6006/x/#kd_projector&p.kd_projector.v=1&p.kd_projector.step=3 \n")).toBe("v=1&step=3");
    expect(stateIn("v=1&step=3")).toBe("v=1&step=3");
    expect(stateIn("http://host:6006/#scalars")).toBeNull();
    expect(stateIn("hello")).toBeNull();
  });
});
