import { describe, expect, it } from "vitest";
import { contains, type Point, toCanvas } from "./camera";
import { lasso } from "./lasso";
import { hiding, position, randomPanel, seeded } from "./random_panel";

/** Winding number by summed angles: another way to tell inside from outside, right for outlines without crossings. */
function windsAround(polygon: readonly Point[], { x, y }: Point): boolean {
  let angle = 0;
  polygon.forEach((a, i) => {
    const b = polygon[(i + 1) % polygon.length] as Point;
    const [ax, ay, bx, by] = [a.x - x, a.y - y, b.x - x, b.y - y];
    angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  });
  return Math.abs(angle) > Math.PI;
}

/** A star-shaped outline: jagged, concave, without crossings. */
function jagged(vertices: number, seed: number): Point[] {
  const random = seeded(seed);
  return Array.from({ length: vertices }, (_, i) => {
    const radius = 0.3 + 1.5 * random();
    const angle = (2 * Math.PI * i) / vertices;
    return { x: 0.2 + radius * Math.cos(angle), y: -0.1 + radius * Math.sin(angle) };
  });
}

describe("a lasso", () => {
  it("encloses what the winding number says it does, for jagged outlines at any mix", () => {
    const panel = randomPanel(800, 6);
    for (const [seed, mix] of [0, 0.5, 1].entries()) {
      const polygon = jagged(60, seed);
      const expected = Array.from({ length: 800 }, (_, i) => i).filter((i) =>
        windsAround(polygon, position(panel, i, mix)),
      );
      expect(expected.length).toBeGreaterThan(50);
      expect(lasso(panel, mix, polygon)).toEqual(expected);
    }
  });

  it("leaves out the doubly enclosed middle of an outline that crosses itself", () => {
    const panel = { ...randomPanel(2), to: Float32Array.from([0, 0, 0, 0.8]) };
    const tip = (k: number) => ({ x: Math.sin((4 * Math.PI * k) / 5), y: Math.cos((4 * Math.PI * k) / 5) });
    expect(lasso(panel, 1, [0, 1, 2, 3, 4].map(tip))).toEqual([1]);
  });

  it("does not catch hidden samples", () => {
    const panel = randomPanel(10, 7);
    const everything = [-3, 3].flatMap((x) => [
      { x, y: -3 * Math.sign(x) },
      { x, y: 3 * Math.sign(x) },
    ]);
    expect(lasso(panel, 0, everything)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(lasso(hiding(panel, [2, 3]), 0, everything)).toEqual([0, 1, 4, 5, 6, 7, 8, 9]);
  });

  it("catches nothing before it is a loop", () => {
    expect(lasso(randomPanel(10), 0, [])).toEqual([]);
    expect(
      lasso(randomPanel(10), 0, [
        { x: -9, y: -9 },
        { x: 9, y: 9 },
      ]),
    ).toEqual([]);
  });

  it("encloses nothing beyond the panel's clip", () => {
    const panel = randomPanel(400, 8);
    const { x, y, width, height } = panel.rect;
    const clip = { x: x + width / 3, y, width: width / 3, height };
    const polygon = jagged(12, 3);
    const seen = lasso({ ...panel, clip }, 1, polygon);
    const isSeen = (i: number) => contains(clip, toCanvas(panel.rect, panel.camera, position(panel, i, 1)));
    expect(seen).toEqual(lasso(panel, 1, polygon).filter(isSeen));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThan(lasso(panel, 1, polygon).length);
  });
});
