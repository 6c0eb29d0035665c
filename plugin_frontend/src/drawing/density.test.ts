import { describe, expect, it } from "vitest";
import { pointAlpha, pointSize } from "./density";

describe("points", () => {
  it("shrink and fade as they become more, within what can be seen", () => {
    const counts = [50, 500, 2000, 10_000, 100_000];
    for (const of of [(n: number) => pointSize(n, 260), pointAlpha]) {
      const values = counts.map(of);
      expect(values).toEqual([...values].sort((a, b) => b - a));
      expect(values[0]).toBeGreaterThan(values[3] as number);
    }
    expect(pointSize(1e6, 200)).toBeGreaterThan(1.5);
    expect(pointSize(3, 900)).toBeLessThan(10);
  });

  it("cover the same share of a panel of any size", () => {
    const share = (n: number, side: number) => (n * pointSize(n, side) ** 2) / side ** 2;
    expect(share(2000, 200)).toBeCloseTo(share(900, 280), 10);
  });

  it("grow less than the map when it is magnified, and do not shrink when it is not", () => {
    expect(pointSize(900, 200, 8)).toBeCloseTo(2 * pointSize(900, 200), 10);
    expect(pointSize(900, 200, 0.5)).toBe(pointSize(900, 200));
  });

  it("are more opaque where a magnified crowd is drawn apart, and never more than few are", () => {
    expect(pointAlpha(200_000, 16)).toBeGreaterThan(pointAlpha(200_000) + 0.1);
    expect(pointAlpha(200_000, 0.5)).toBe(pointAlpha(200_000));
    expect(pointAlpha(100)).toBe(pointAlpha(100, 50));
  });

  it.each([
    [100, 200, 0.3],
    [900, 170, 0.4],
    [10_000, 200, 0.6],
    [200_000, 600, 1.2],
  ])("of %i in %i pixels leave room to tell where they are dense", (n, side, most) => {
    const covered = (n * Math.PI * (pointSize(n, side) / 2) ** 2) / side ** 2;
    expect(covered).toBeLessThan(most);
    expect(covered * pointAlpha(n)).toBeGreaterThan(0.04);
  });
});
