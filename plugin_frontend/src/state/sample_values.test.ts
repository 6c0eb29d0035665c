import { describe, expect, it } from "vitest";
import type { Frame } from "../api/types";
import { displacements, dissenters, same, sharedNeighbours, valueCounts } from "./sample_values";

const frameOf = (coordinates: number[], size: number) =>
  ({ coordinates: Float32Array.from(coordinates), kept: new Float32Array(size) }) as unknown as Frame;

describe("what is worked out of samples", () => {
  it("says where two lists of classes agree, and gives the same answer to the same lists", () => {
    const [a, b] = [Int32Array.of(1, 2, 3), [1, 5, 3]];
    expect([...same(a, b)]).toEqual([1, 0, 1]);
    expect(same(a, b)).toBe(same(a, b));
  });

  it("counts the models that differ from most", () => {
    const predictions = [Int32Array.of(4, 4, 1, 0), Int32Array.of(4, 4, 2, 0), Int32Array.of(4, 7, 3, 1)];
    expect([...dissenters(predictions)]).toEqual([0, 1, 2, 1]);
    expect(dissenters([])).toHaveLength(0);
  });

  it("measures how far samples moved, in two dimensions and in three", () => {
    expect([...displacements(frameOf([0, 0, 1, 1], 2), frameOf([3, 4, 1, 1], 2))]).toEqual([5, 0]);
    expect([...displacements(frameOf([0, 0, 0], 1), frameOf([2, 3, 6], 1))]).toEqual([7]);
  });

  it("does not compare a map of two dimensions with one of three", () => {
    expect(displacements(frameOf([0, 0], 1), frameOf([0, 0, 0], 1))).toHaveLength(0);
  });

  it("lists values in the order of numbers and letters, with what is unknown last", () => {
    const counts = valueCounts(["w10", null, "w2", "w10"]);
    expect(counts).toEqual([
      ["w2", 1],
      ["w10", 2],
      [null, 1],
    ]);
  });
});

describe("neighbours that two embeddings share", () => {
  const neighbours = (indices: number[], tied: number[], k = 2) => ({
    k,
    indices: Int32Array.from(indices),
    tied: Uint8Array.from(tied),
  });

  it("are counted whatever their order, and not where ties leave open which they are", () => {
    const own = neighbours([1, 2, 0, 2, 0, 1], [0, 0, 0]);
    const teachers = neighbours([2, 1, 2, 3, 3, 4], [0, 0, 1]);
    expect(sharedNeighbours(own, teachers)).toEqual([1, 0.5, null]);
  });
});
