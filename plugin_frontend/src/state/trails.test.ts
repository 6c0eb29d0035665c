import { describe, expect, it } from "vitest";
import { furthest, type Path, stepsBack, TRAIL_STEPS, trailLayer, wayLengths } from "./trails";

/** Two samples: the first walks to the right, the second stays. */
const path: Path = {
  past: [new Float32Array([0, 0, 5, 5]), new Float32Array([1, 0, 5, 5])],
  from: new Float32Array([1, 0, 5, 5]),
  to: new Float32Array([3, 0, 5, 5]),
};
const colors = new Uint8Array([10, 20, 30, 200, 40, 50, 60, 200]);

describe("a trail", () => {
  it("leads from place to place and ends where the sample is, also on its way", () => {
    const layer = trailLayer(path, [0], colors);
    expect([...layer.segments]).toEqual([0, 0, 1, 0, 1, 0, 1, 0]);
    expect([...(layer.to ?? [])]).toEqual([0, 0, 1, 0, 1, 0, 3, 0]);
  });

  it("has the sample's colour and fades into the past", () => {
    const layer = trailLayer(path, [0, 1], colors);
    const of = (segment: number) => [...layer.colors.subarray(4 * segment, 4 * segment + 4)];
    expect(layer.segments.length / 4).toBe(4);
    expect(of(0).slice(0, 3)).toEqual([10, 20, 30]);
    expect(of(3).slice(0, 3)).toEqual([40, 50, 60]);
    expect(of(0)[3]).toBeLessThan(of(2)[3] as number);
  });

  it("is not drawn for a sample that is hidden", () => {
    const hidden = colors.slice();
    hidden[3] = 0;
    expect(trailLayer(path, [0, 1], hidden).segments.length / 4).toBe(2);
  });
});

describe("of a large selection", () => {
  it("those that went the furthest have trails, over all maps", () => {
    expect([...wayLengths([0, 1], [path, path])]).toEqual([6, 0]);
    const other: Path = { ...path, past: path.past.map((p) => p.map((v, i) => (i === 2 ? v - 20 : v))) };
    expect(furthest([1, 0], [path], 1)).toEqual([0]);
    expect(furthest([1, 0], [path, other], 1)).toEqual([1]);
  });

  it("all have trails while they are few", () => {
    expect(furthest([7, 3], [], 2)).toEqual([3, 7]);
  });
});

it("trails reach back as far as there is room for their maps", () => {
  expect(stepsBack(15, 1000)).toBe(TRAIL_STEPS);
  expect(stepsBack(12, 200_000)).toBe(1);
});
