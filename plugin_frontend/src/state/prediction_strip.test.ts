import { expect, it } from "vitest";
import { nameThatFits, predictionStrip } from "./prediction_strip";

const tenfold = (step: number) => 10 * step;

it("joins steps of one prediction, and parts others half-way", () => {
  expect(predictionStrip([0, 1, 3, 4], [7, 7, 2, 7], tenfold, 4)).toEqual([
    { prediction: 7, from: 0, until: 1, left: -4, right: 20 },
    { prediction: 2, from: 3, until: 3, left: 20, right: 35 },
    { prediction: 7, from: 4, until: 4, left: 35, right: 44 },
  ]);
});

it("leaves a gap where nothing was logged, and does not join over it", () => {
  expect(predictionStrip([0, 1, 2], [1, null, 1], tenfold, 0).map(({ from, until }) => [from, until])).toEqual([
    [0, 0],
    [2, 2],
  ]);
});

it("goes on to the end for a model that stands still", () => {
  expect(predictionStrip([0], [5], tenfold, 4, 6)).toEqual([{ prediction: 5, from: 0, until: 0, left: -4, right: 64 }]);
});

it("writes of a name what fits", () => {
  expect(nameThatFits("zero", 40, 7)).toBe("zero");
  expect(nameThatFits("airplane", 30, 7)).toBe("air");
  expect(nameThatFits("airplane", 12, 7)).toBe("a");
  expect(nameThatFits("airplane", 4, 7)).toBe("");
});
