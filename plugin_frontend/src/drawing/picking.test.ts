import { describe, expect, it } from "vitest";
import { contains, toCanvas } from "./camera";
import { pick } from "./picking";
import { hiding, position, randomPanel, seeded } from "./random_panel";
import type { Panel } from "./renderer";

const canvasPoint = (panel: Panel, i: number, mix: number) =>
  toCanvas(panel.rect, panel.camera, position(panel, i, mix));

describe("picking", () => {
  it("finds each sample at its own place, at any mix", () => {
    const panel = randomPanel(300);
    for (const mix of [0, 0.35, 1]) {
      for (let i = 0; i < 300; i++) expect(pick(panel, mix, canvasPoint(panel, i, mix))).toBe(i);
    }
  });

  it("finds the nearest within the radius on the canvas, and nothing beyond it", () => {
    const panel = randomPanel(200, 3);
    const random = seeded(4);
    let hits = 0;
    for (let trial = 0; trial < 200; trial++) {
      const at = { x: 40 + 320 * random(), y: 25 + 240 * random() };
      const distances = Array.from({ length: 200 }, (_, i) => {
        const there = canvasPoint(panel, i, 0.6);
        return Math.hypot(there.x - at.x, there.y - at.y);
      });
      const nearest = Math.min(...distances);
      const expected = nearest <= 9 ? distances.indexOf(nearest) : null;
      expect(pick(panel, 0.6, at, 9)).toBe(expected);
      if (expected !== null) hits += 1;
    }
    expect(hits).toBeGreaterThan(20);
    expect(hits).toBeLessThan(180);
  });

  it("passes over hidden samples", () => {
    const panel = randomPanel(50, 5);
    const at = canvasPoint(panel, 17, 1);
    expect(pick(panel, 1, at)).toBe(17);
    expect(pick(hiding(panel, [17]), 1, at)).not.toBe(17);
  });

  it("finds nothing beyond the panel's clip", () => {
    const panel = randomPanel(300);
    const { x, y, width, height } = panel.rect;
    const clipped = { ...panel, clip: { x, y, width: width / 2, height } };
    const found = Array.from({ length: 300 }, (_, i) => {
      const at = canvasPoint(panel, i, 1);
      return { isSeen: contains(clipped.clip, at), isThere: pick(clipped, 1, at, 1) === i };
    });
    expect(found.every(({ isSeen, isThere }) => isSeen === isThere)).toBe(true);
    expect(new Set(found.map(({ isSeen }) => isSeen)).size).toBe(2);
  });
});
