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

describe("density contours", () => {
  it("lie round their samples, one line that holds half of them and one that holds nine tenths", () => {
    const coordinates = Float32Array.from(blob(1, -0.5, 0.4, 4000));
    const found = reaches(contourSegments(contourDensity, coordinates, all(coordinates)), 1, -0.5);
    const samples = reaches(coordinates, 1, -0.5);
    const within = (reach: number) => samples.filter((one) => one < reach).length / samples.length;
    const sorted = found.sort((a, b) => a - b);
    expect(within(sorted[0] as number)).toBeGreaterThan(0.4);
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
