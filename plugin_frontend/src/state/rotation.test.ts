import { describe, expect, it } from "vitest";
import { DISTANCE, HOME_ROTATION, nearness, type Rotation, rotationText, seen, turned, turnedPoint } from "./rotation";

const AHEAD: Rotation = { yaw: 0, pitch: 0 };

/** As it would be seen without perspective. */
function flat(points: Float32Array, rotation: Rotation): number[][] {
  return Array.from({ length: points.length / 3 }, (_, i) => [
    ...turnedPoint([points[3 * i] as number, points[3 * i + 1] as number, points[3 * i + 2] as number], rotation),
  ]);
}

const CLOUD = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7.3 * i) * 1.5);

describe("turning a map", () => {
  it("changes no distance: it is a rotation", () => {
    for (const rotation of [AHEAD, HOME_ROTATION, { yaw: 2.5, pitch: -1.2 }]) {
      const before = flat(CLOUD, AHEAD);
      const after = flat(CLOUD, rotation);
      for (let i = 1; i < before.length; i++) {
        const apart = (points: number[][]) =>
          Math.hypot(...(points[i] as number[]).map((x, axis) => x - (points[i - 1]?.[axis] as number)));
        expect(apart(after)).toBeCloseTo(apart(before), 9);
      }
    }
  });

  it("lets what lies in front follow the hand", () => {
    const front = new Float32Array([0, 0, 1]);
    const [x, y] = seen(front, turned(AHEAD, 30, 0));
    expect(x).toBeGreaterThan(0.1);
    expect(y).toBeCloseTo(0, 6);
    const [, down] = seen(front, turned(AHEAD, 0, 30));
    expect(down).toBeLessThan(-0.1);
  });

  it("goes round without end, and not head over", () => {
    let rotation = AHEAD;
    for (let i = 0; i < 100; i++) rotation = turned(rotation, 90, 90);
    expect(Math.abs(rotation.yaw)).toBeLessThanOrEqual(Math.PI);
    expect(rotation.pitch).toBe(Math.PI / 2);
  });
});

describe("what is seen", () => {
  it("is the map's first two axes from the front, for points in the middle plane", () => {
    expect([...seen(new Float32Array([1, 2, 0, -0.5, 0.25, 0]), AHEAD)]).toEqual([1, 2, -0.5, 0.25]);
  });

  it("is where the rotation puts each point, larger the nearer it is", () => {
    const rotation = { yaw: 0.7, pitch: -0.4 };
    const places = seen(CLOUD, rotation);
    flat(CLOUD, rotation).forEach(([x = 0, y = 0, z = 0], i) => {
      expect(places[2 * i]).toBeCloseTo((x * DISTANCE) / (DISTANCE - z), 5);
      expect(places[2 * i + 1]).toBeCloseTo((y * DISTANCE) / (DISTANCE - z), 5);
    });
    const [near = 0, , far = 0] = seen(new Float32Array([1, 0, 1, 1, 0, -1]), AHEAD);
    expect(near).toBeGreaterThan(far);
    expect(near / far).toBeLessThan(1.3); // mild
  });

  it("stays finite for a sample that lies behind the viewer", () => {
    expect([...seen(new Float32Array([1, 1, 100]), AHEAD)].every(Number.isFinite)).toBe(true);
  });
});

describe("how near samples are", () => {
  it("goes with the way towards the viewer, from 0 to 1, however the map is turned", () => {
    for (const rotation of [AHEAD, HOME_ROTATION, { yaw: 2.5, pitch: -1.2 }]) {
      const near = nearness(CLOUD, rotation);
      const towards = flat(CLOUD, rotation).map(([, , z = 0]) => z);
      towards.forEach((z, i) => {
        expect(near[i]).toBeCloseTo(Math.min(1, Math.max(0, 0.5 + z / 2.8)), 5);
      });
      expect(Math.max(...near) - Math.min(...near)).toBeGreaterThan(0.6);
    }
    expect([...nearness(new Float32Array([0, 0, 100, 0, 0, 0, 0, 0, -100]), AHEAD)]).toEqual([1, 0.5, 0]);
  });

  it("is told with how the map is turned", () => {
    expect(rotationText(HOME_ROTATION)).toBe("turned -29°, tilted 20°");
  });
});
