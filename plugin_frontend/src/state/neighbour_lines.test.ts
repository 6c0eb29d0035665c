import { describe, expect, it } from "vitest";
import { linkLayer, linksOf } from "./neighbour_lines";

/** On the map sample 0 is beside 1 and 2, and 3 is far from all; in truth 1 and 3 are its nearest. */
const coordinates = new Float32Array([0, 0, 1, 0, 0, 2, 50, 50]);
const neighbours = {
  k: 2,
  indices: new Int32Array([3, 1, 0, 2, 0, 1, 0, 1]),
  tied: new Uint8Array([0, 1, 0, 0]),
};

describe("links to true neighbours", () => {
  it("tell which of them the map has near, in the order of the embedding", () => {
    expect(linksOf(neighbours, 0, coordinates)).toEqual({ neighbours: [3, 1], isNear: [false, true], isTied: false });
  });

  it("say where others are just as near in truth", () => {
    expect(linksOf(neighbours, 1, coordinates)?.isTied).toBe(true);
  });

  it("are none where a sample has no neighbours at all", () => {
    const alone = { k: 0, indices: new Int32Array(), tied: new Uint8Array(1) };
    expect(linksOf(alone, 0, new Float32Array(2))).toBeNull();
  });
});

describe("the lines", () => {
  const from = coordinates;
  const to = coordinates.map((value) => value + 1);
  const layer = linkLayer(
    { from, to },
    0,
    [
      { sample: 3, rank: 0 },
      { sample: 1, rank: 14 },
    ],
    15,
    [1, 2, 3],
    1,
  );

  it("lead from the sample to each neighbour's place, before and after the points move", () => {
    expect([...layer.segments]).toEqual([0, 0, 50, 50, 0, 0, 1, 0]);
    expect([...(layer.to ?? [])]).toEqual([1, 1, 51, 51, 1, 1, 2, 1]);
  });

  it("are the stronger the nearer the neighbour is in truth", () => {
    expect([...layer.colors.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(layer.colors[3]).toBeGreaterThan(layer.colors[7] as number);
  });
});
