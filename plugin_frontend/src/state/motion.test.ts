import { describe, expect, it } from "vitest";
import type { Frame } from "../api/types";
import { nextShown, positionsNow, wayOf } from "./motion";

const frame = (...coordinates: number[]): Frame => ({
  key: coordinates.join(),
  quality: {},
  coordinates: new Float32Array(coordinates),
  kept: new Float32Array(coordinates.length / 2),
  changed: null,
});

const first = frame(0, 0, 1, 1);
const second = frame(4, 0, 1, 3);

describe("going to new frames", () => {
  it("starts a panel's first frame in its place", () => {
    const shown = nextShown(new Map(), 1, [{ key: "p", frame: first }], "tsne").get("p");
    expect(shown?.from).toBe(first.coordinates);
    expect(shown?.to).toBe(first.coordinates);
  });

  it("leaves from where the points are, also in the middle of the way", () => {
    const before = nextShown(new Map(), 1, [{ key: "p", frame: first }], "tsne");
    const going = nextShown(before, 1, [{ key: "p", frame: second }], "tsne");
    const back = nextShown(going, 0.5, [{ key: "p", frame: first }], "tsne").get("p");
    expect([...(back?.from ?? [])]).toEqual([2, 0, 1, 2]);
    expect(back?.to).toBe(first.coordinates);
  });

  it("keeps a panel's last frame while the next one is not there", () => {
    const before = nextShown(new Map(), 1, [{ key: "p", frame: first }], "tsne");
    expect(nextShown(before, 1, [{ key: "p", frame: null }], "tsne").get("p")?.frame).toBe(first);
    expect(nextShown(before, 1, [{ key: "q", frame: null }], "tsne").size).toBe(0);
  });

  it("knows which maps a frame is one of, also while a panel waits for one of others", () => {
    const before = nextShown(new Map(), 1, [{ key: "p", frame: first }], "tsne");
    const waiting = nextShown(before, 1, [{ key: "p", frame: null }], "pca");
    expect(waiting.get("p")?.maps).toBe("tsne");
    expect(nextShown(waiting, 1, [{ key: "p", frame: second }], "pca").get("p")?.maps).toBe("pca");
  });
});

it("interpolates on a straight line between both frames", () => {
  const shown = { frame: second, maps: "tsne", from: first.coordinates, to: second.coordinates };
  expect([...positionsNow(shown, 0)]).toEqual([0, 0, 1, 1]);
  expect([...positionsNow(shown, 0.25)]).toEqual([1, 0, 1, 1.5]);
  expect(positionsNow(shown, 1)).toBe(second.coordinates);
});

describe("the way of the points", () => {
  it("begins and ends softly from rest, and gets there", () => {
    const { ease } = wayOf(false, 2, 1);
    expect([ease(0), ease(1)]).toEqual([0, 1]);
    expect(ease(0.05)).toBeLessThan(0.01);
    expect(ease(0.95)).toBeGreaterThan(0.99);
  });

  it("goes on at once where it is interrupted, however often", () => {
    const { ms, ease } = wayOf(false, 2, 0.3);
    // A slider that is dragged gives a new target every frame: from each, a point must have gone a good part of the way.
    let left = 1;
    for (let frame = 0; frame < 20; frame++) left *= 1 - ease(16 / ms);
    expect(left).toBeLessThan(0.1);
  });

  it("is even while playing, and takes as long as a step has", () => {
    expect(wayOf(true, 8, 1).ms).toBe(125);
    expect(wayOf(true, 8, 0.97).ease(0.5)).toBe(0.5);
  });
});
