import { describe, expect, it } from "vitest";
import type { Frame } from "../api/types";
import { methodOf } from "./overview.fixture";
import { type Figure, mapFigures, motionFigures } from "./quality";

const values = (figures: readonly Figure[]) => Object.fromEntries(figures.map(({ name, value }) => [name, value]));

const before: Frame = {
  key: "before",
  quality: { neighbours_kept: 0.5, trustworthiness: 0.9, loss: 1.5 },
  coordinates: new Float32Array([-1, 0, 1, 0]),
  kept: new Float32Array([0.4, 0.6]),
  changed: null,
};
const now: Frame = {
  ...before,
  key: "now",
  quality: { ...before.quality, changed: 0.25 },
  coordinates: new Float32Array([-1, 0, 1, 1]),
  changed: new Float32Array([0, 0.5]),
};

describe("a map's quality", () => {
  it("calls the loss what the method calls it", () => {
    const figures = mapFigures(before, { ...methodOf("tsne", "readout"), loss: "KL divergence" });
    expect(values(figures)).toEqual({ kept: 0.5, trustworthiness: 0.9, loss: 1.5 });
    expect(figures[2]?.label).toBe("KL divergence");
  });

  it("is unknown while the map is not there", () => {
    expect(values(mapFigures(null, null))).toEqual({ kept: null, trustworthiness: null, loss: null });
  });

  it("has a meaning in words for each figure, each as one short sentence", () => {
    for (const { meaning } of [...mapFigures(now, null), ...motionFigures(before, now)]) {
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(meaning.length).toBeLessThan(90);
    }
  });
});

describe("the motion since the step before", () => {
  it("is told once both frames are there", () => {
    const figures = values(motionFigures(before, now));
    expect(figures.changed).toBe(0.25);
    expect(figures.displacement).toBeCloseTo(0.5 / Math.sqrt(1.25), 6);
    expect(figures.fidelity).toBeCloseTo(1, 12);
  });

  it("is unknown while the frame before is not, though the true change is known", () => {
    expect(values(motionFigures(null, now))).toEqual({ changed: 0.25, displacement: null, fidelity: null });
  });
});
