import { describe, expect, it } from "vitest";
import { blendOpacity, wipePart } from "./overlay";

const SHARES = [0, 0.1, 0.5, 0.52, 0.9, 1];

describe("two maps one over the other", () => {
  it("share a wipe's place without gap or overlap", () => {
    const rect = { x: 10, y: 24, width: 300, height: 200 };
    for (const share of SHARES) {
      const [a, b] = [wipePart(0, share, rect), wipePart(1, share, rect)];
      expect(a.x).toBe(rect.x);
      expect(a.x + a.width).toBeCloseTo(b.x);
      expect(b.x + b.width).toBeCloseTo(rect.x + rect.width);
    }
  });

  it("are told apart in a blend: one has full colours, the other clearly less", () => {
    for (const share of SHARES) {
      const both = [blendOpacity(0, share), blendOpacity(1, share)].sort();
      expect(both[1]).toBe(1);
      expect(both[0]).toBeLessThanOrEqual(0.6);
    }
    expect([blendOpacity(0, 0), blendOpacity(1, 0)]).toEqual([1, 0]);
    expect([blendOpacity(0, 1), blendOpacity(1, 1)]).toEqual([0, 1]);
  });
});
