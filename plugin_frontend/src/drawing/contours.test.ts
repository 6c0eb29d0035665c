import { contourDensity } from "d3-contour";
import { describe, expect, it } from "vitest";
import { contourSegments, FEWEST } from "./contours";

/** Samples about (x, y), normally distributed. */
function blob(x: number, y: number, spread: number, count: number, seed = 1): number[] {
  let state = seed;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  return Array.from({ length: count }, () => {
    const [radius, angle] = [spread * Math.sqrt(-2 * Math.log(random())), 2 * Math.PI * random()];
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  }).flat();
}

const all = (coordinates: Float32Array) => Array.from({ length: coordinates.length / 2 }, (_, i) => i);

/** How far each end of a segment lies from a place. */
function reaches(segments: Float32Array, x: number, y: number): number[] {
  return Array.from({ length: segments.length / 2 }, (_, i) =>
    Math.hypot((segments[2 * i] as number) - x, (segments[2 * i + 1] as number) - y),
  );
}

/** Whether a place lies within lines: how often a ray from it crosses them. */
function isWithin(segments: ArrayLike<number>, x: number, y: number): boolean {
  let crossings = 0;
  for (let i = 0; i < segments.length; i += 4) {
    const [x0, y0, x1, y1] = [0, 1, 2, 3].map((j) => segments[i + j] as number) as [number, number, number, number];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) crossings += 1;
  }
  return crossings % 2 === 1;
}

describe("density contours", () => {
  it.each([
    ["one cloud", Float32Array.from(blob(0, 0, 0.7, 2000))],
    ["a tight cluster of few", Float32Array.from(blob(1, 1, 0.05, 90))],
    [
      "clusters far apart",
      Float32Array.from([...blob(-2, 0, 0.1, 300), ...blob(2, 1, 0.3, 300, 7), ...blob(0, -2, 0.2, 300, 9)]),
    ],
  ])("hold what they say they hold of %s", (_, coordinates) => {
    const segments = contourSegments(contourDensity, coordinates, all(coordinates));
    const inLines = (from: number) =>
      all(coordinates).filter((i) =>
        isWithin(segments.slice(from), coordinates[2 * i] as number, coordinates[2 * i + 1] as number),
      );
    // Inside both lines a ray crosses both: an even number in all. What lies between them is what is odd.
    expect(Math.abs(inLines(0).length / (coordinates.length / 2) - 0.4)).toBeLessThan(0.07);
  });

  it("lie round their samples, one line that holds half of them and one that holds nine tenths", () => {
    const coordinates = Float32Array.from(blob(1, -0.5, 0.4, 4000));
    const found = reaches(contourSegments(contourDensity, coordinates, all(coordinates)), 1, -0.5);
    const samples = reaches(coordinates, 1, -0.5);
    const within = (reach: number) => samples.filter((one) => one < reach).length / samples.length;
    const sorted = found.sort((a, b) => a - b);
    expect(within(sorted[0] as number)).toBeGreaterThan(0.35);
    expect(within(sorted[Math.floor(sorted.length / 6)] as number)).toBeCloseTo(0.5, 1);
    expect(within(sorted[Math.floor((sorted.length * 5) / 6)] as number)).toBeCloseTo(0.9, 1);
  });

  it("part two groups that lie apart", () => {
    const coordinates = Float32Array.from([...blob(-2, 0, 0.2, 500), ...blob(2, 0, 0.2, 500, 7)]);
    const segments = contourSegments(contourDensity, coordinates, all(coordinates));
    const xs = Array.from(segments).filter((_, i) => i % 2 === 0);
    expect(xs.some((x) => x < -1.5) && xs.some((x) => x > 1.5)).toBe(true);
    expect(xs.every((x) => Math.abs(x) > 1)).toBe(true);
  });

  it("are of the samples asked for alone", () => {
    const coordinates = Float32Array.from([...blob(-2, 0, 0.2, 300), ...blob(2, 0, 0.2, 300, 7)]);
    const segments = contourSegments(contourDensity, coordinates, all(coordinates).slice(300));
    expect(Math.min(...Array.from(segments).filter((_, i) => i % 2 === 0))).toBeGreaterThan(1);
  });

  it("close on themselves: every point is the end of as many segments as it is the beginning of", () => {
    const coordinates = Float32Array.from(blob(0, 0, 1, 800));
    const segments = contourSegments(contourDensity, coordinates, all(coordinates));
    const balance = new Map<string, number>();
    for (let i = 0; i < segments.length; i += 4) {
      const [from, to] = [`${segments[i]},${segments[i + 1]}`, `${segments[i + 2]},${segments[i + 3]}`];
      balance.set(from, (balance.get(from) ?? 0) + 1);
      balance.set(to, (balance.get(to) ?? 0) - 1);
    }
    expect([...balance.values()].every((one) => one === 0)).toBe(true);
  });

  it("are none for a handful, and finite for samples in one place and for one far away", () => {
    const few = Float32Array.from(blob(0, 0, 1, FEWEST - 1));
    expect(contourSegments(contourDensity, few, all(few))).toHaveLength(0);
    const same = new Float32Array(2 * 50).fill(0.25);
    expect(contourSegments(contourDensity, same, all(same)).every(Number.isFinite)).toBe(true);
    const far = Float32Array.from([...blob(0, 0, 0.3, 400), 900, 900]);
    expect(contourSegments(contourDensity, far, all(far)).every(Number.isFinite)).toBe(true);
  });
});
