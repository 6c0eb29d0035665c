import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EmbeddingRef, MethodInfo } from "../api/types";
import { panelsAt } from "./grid";
import {
  backToDefaultReference,
  isDefaultReference,
  isListed,
  makeReference,
  maps,
  mapsKey,
  modeOf,
  reference,
} from "./maps";
import { methodOf, modelOf, overviewOf, runOf } from "./overview.fixture";
import { overview } from "./server";
import { chosenMethod, chosenMode, chosenReference, dimensions } from "./settings";

const tsne = methodOf("tsne", "readout", "independent", "anchored");
const pca = methodOf("pca", "rigid");
const byDefault: EmbeddingRef = ["run", "big", "b", 0];
const listed = {
  ...overviewOf(
    runOf("run", [modelOf("big", "teacher", [0]), modelOf("net", "student", [0, 5, 9])]),
    runOf("other", [modelOf("net", "student", [0])], { fingerprint: "probe-2" }),
  ),
  methods: [tsne, pca] as readonly MethodInfo[],
  references: { "probe-1": byDefault },
};

beforeEach(() => {
  overview.value = listed;
});

afterEach(() => {
  overview.value = null;
  chosenMethod.value = chosenMode.value = chosenReference.value = null;
});

describe("the mode", () => {
  it("is the method's own until one is chosen", () => {
    expect(modeOf(tsne, null)?.name).toBe("readout");
    expect(modeOf(tsne, "anchored")?.name).toBe("anchored");
  });

  it("falls back on the method's own where it does not have the chosen one, and is there again with a method that has", () => {
    chosenMode.value = "anchored";
    chosenMethod.value = "pca";
    expect(maps.value?.mode).toBe("rigid");
    chosenMethod.value = "tsne";
    expect(maps.value?.mode).toBe("anchored");
  });
});

describe("three dimensions", () => {
  afterEach(() => {
    dimensions.value = 2;
  });

  it("are those of the maps where the method makes such maps, and wait where it does not", () => {
    overview.value = { ...listed, methods: [tsne, { ...pca, dimensions: [2] }] };
    const flat = mapsKey.value;
    dimensions.value = 3;
    expect(maps.value?.dimensions).toBe(3);
    expect(mapsKey.value).not.toBe(flat);
    chosenMethod.value = "pca";
    expect(maps.value?.dimensions).toBe(2);
    chosenMethod.value = "tsne";
    expect(maps.value?.dimensions).toBe(3);
  });
});

describe("the reference", () => {
  it("is the server's until a map is made it, at the step that it shows", () => {
    expect(reference.value).toEqual(byDefault);
    expect(isDefaultReference.value).toBe(true);
    const panel = panelsAt(7).find((one) => one.row.model.name === "net" && one.layer.name === "a");
    if (panel === undefined) throw new Error("The student is on screen.");
    makeReference(panel);
    expect(reference.value).toEqual(["run", "net", "a", 5]);
    expect(isDefaultReference.value).toBe(false);
    backToDefaultReference();
    expect(reference.value).toEqual(byDefault);
  });

  it("follows the default, if it is the default that is made the reference", () => {
    const panel = panelsAt(0).find((one) => one.row.model.name === "big" && one.layer.name === "b");
    if (panel === undefined) throw new Error("The teacher is on screen.");
    makeReference(panel);
    expect(chosenReference.value).toBeNull();
  });

  it("is the default again once the chosen step is gone, and the chosen one when it is there again", () => {
    chosenReference.value = ["run", "net", "a", 9];
    overview.value = {
      ...listed,
      ...overviewOf(runOf("run", [modelOf("net", "student", [0, 5])])),
      references: listed.references,
    };
    expect(reference.value).toEqual(byDefault);
    overview.value = listed;
    expect(reference.value).toEqual(["run", "net", "a", 9]);
  });

  it("must be of the same samples", () => {
    expect(isListed(["run", "net", "a", 5], listed, "probe-1")).toBe(true);
    expect(isListed(["run", "net", "a", 6], listed, "probe-1")).toBe(false);
    expect(isListed(["run", "net", "z", 5], listed, "probe-1")).toBe(false);
    expect(isListed(["other", "net", "a", 0], listed, "probe-1")).toBe(false);
  });
});

it("tells maps of another method, mode or reference apart", () => {
  const keys = [mapsKey.value];
  chosenMode.value = "independent";
  keys.push(mapsKey.value);
  chosenReference.value = ["run", "net", "a", 5];
  keys.push(mapsKey.value);
  chosenMethod.value = "pca";
  keys.push(mapsKey.value);
  expect(new Set(keys).size).toBe(4);
});
