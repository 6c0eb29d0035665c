import { describe, expect, it } from "vitest";
import type { Neighbours } from "../api/types";
import { mostMoved, neighbourChange } from "./most_moved";

const neighbours = (lists: readonly (readonly number[])[], tied: readonly number[] = []): Neighbours => ({
  k: lists[0]?.length ?? 0,
  indices: Int32Array.from(lists.flat()),
  tied: Uint8Array.from(lists, (_, i) => Number(tied.includes(i))),
});

describe("change of neighbours", () => {
  const before = neighbours([[1, 2], [0, 2], [0, 1], [0, 1]]); // biome-ignore format: a line a step
  const now = neighbours([[2, 1], [2, 3], [3, 4], [1, 0]]); // biome-ignore format: a line a step

  it("is the share of new ones, whatever their order", () => {
    expect([...neighbourChange(before, now)]).toEqual([0, 0.5, 1, 0]);
  });

  it("is the same there and back, since both have as many neighbours", () => {
    expect([...neighbourChange(now, before)]).toEqual([...neighbourChange(before, now)]);
  });

  it("is not told where equal distances leave the neighbours open at either step", () => {
    const tied = neighbours([[2, 1], [2, 3], [3, 4], [1, 0]], [1]); // biome-ignore format: a line a step
    expect([...neighbourChange(before, tied)]).toEqual([0, Number.NaN, 1, 0]);
    expect([...neighbourChange(tied, before)]).toEqual([0, Number.NaN, 1, 0]);
  });
});

describe("the most moved", () => {
  const amounts = [0.2, 0.9, 0, Number.NaN, 0.9, 0.5];
  const all = [0, 1, 2, 3, 4, 5];

  it("come in order, of equal ones the first first", () => {
    expect(mostMoved(amounts, 3, all)).toEqual({ samples: [1, 4, 5], most: 0.9, least: 0.5, asMuch: 0, unknown: 1 });
  });

  it("say how many others moved as much as the last of them", () => {
    expect(mostMoved([0.5, 1, 0.5, 0.5, 0.2], 2, [0, 1, 2, 3, 4])).toMatchObject({ samples: [1, 0], asMuch: 2 });
  });

  it("are never those that stayed, however many are asked for", () => {
    expect(mostMoved(amounts, 99, all).samples).toEqual([1, 4, 5, 0]);
    expect(mostMoved([0, 0], 5, [0, 1])).toEqual({ samples: [], most: 0, least: 0, asMuch: 0, unknown: 0 });
  });

  it("are among those that there are", () => {
    expect(mostMoved(amounts, 2, [0, 5]).samples).toEqual([5, 0]);
  });
});
