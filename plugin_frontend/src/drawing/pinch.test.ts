import { expect, it } from "vitest";
import { toMap } from "./camera";
import { HOME } from "./camera.fixture";
import { type Fingers, pinched } from "./pinch";

const rect = { x: 100, y: 50, width: 300, height: 200 };

it("keeps under both fingers what they were put on", () => {
  const from: Fingers = [
    { x: 200, y: 120 },
    { x: 240, y: 150 },
  ];
  const to: Fingers = [
    { x: 190, y: 130 },
    { x: 250, y: 175 },
  ];
  const after = pinched(rect, HOME, from, to);
  expect(after.scale).toBeCloseTo(1.5);
  for (const i of [0, 1] as const) {
    const was = toMap(rect, HOME, from[i]);
    const is = toMap(rect, after, to[i]);
    expect(is.x).toBeCloseTo(was.x);
    expect(is.y).toBeCloseTo(was.y);
  }
});

it("only moves where the fingers keep their distance, and survives fingers on one spot", () => {
  const spot = { x: 200, y: 120 };
  const from: Fingers = [spot, { x: 240, y: 120 }];
  const to: Fingers = [
    { x: 210, y: 125 },
    { x: 250, y: 125 },
  ];
  expect(pinched(rect, HOME, from, to).scale).toBe(1);
  expect(pinched(rect, HOME, [spot, spot], to).scale).toBe(1);
});
