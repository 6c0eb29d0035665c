import { describe, expect, it } from "vitest";
import {
  clamp,
  intersection,
  MAX_SCALE,
  MIN_SCALE,
  type Point,
  pan,
  toCanvas,
  toMap,
  visibleRect,
  zoomAbout,
} from "./camera";
import { HOME } from "./camera.fixture";
import { seeded } from "./random_panel";
import { type Camera, HALF_EXTENT, type Rect } from "./renderer";

const random = seeded(1);
const between = (low: number, high: number) => low + (high - low) * random();

interface View {
  readonly rect: Rect;
  readonly camera: Camera;
  readonly point: Point;
}

const VIEWS: View[] = Array.from({ length: 200 }, () => {
  const rect = { x: between(-50, 900), y: between(-50, 900), width: between(60, 700), height: between(60, 700) };
  return {
    rect,
    camera: { x: between(-1, 1), y: between(-1, 1), scale: 2 ** between(-1, 4) },
    point: { x: rect.x + between(0, rect.width), y: rect.y + between(0, rect.height) },
  };
});

function expectSame(a: Point, b: Point): void {
  expect(a.x).toBeCloseTo(b.x, 8);
  expect(a.y).toBeCloseTo(b.y, 8);
}

describe("a camera", () => {
  it("brings a canvas point back after a round trip over the map", () => {
    for (const { rect, camera, point } of VIEWS) expectSame(toCanvas(rect, camera, toMap(rect, camera, point)), point);
  });

  it("fits the whole map into a panel at home, its y axis pointing up", () => {
    const rect = { x: 100, y: 10, width: 300, height: 200 };
    expectSame(toCanvas(rect, HOME, { x: 0, y: HALF_EXTENT }), { x: 250, y: 10 });
    expectSame(toCanvas(rect, HOME, { x: HALF_EXTENT, y: 0 }), { x: 350, y: 110 });
  });

  it("keeps what is under the cursor there while zooming", () => {
    for (const { rect, camera, point } of VIEWS) {
      const before = toMap(rect, camera, point);
      const zoomed = zoomAbout(rect, camera, point, 1.02);
      expect(zoomed.scale).toBeCloseTo(camera.scale * 1.02, 10);
      expectSame(toMap(rect, zoomed, point), before);
    }
  });

  it("comes back when it zooms in and out about one point", () => {
    const rect = { x: 0, y: 0, width: 200, height: 200 };
    const there = zoomAbout(rect, HOME, { x: 30, y: 150 }, 5);
    const back = zoomAbout(rect, there, { x: 30, y: 150 }, 1 / 5);
    expectSame(back, HOME);
    expect(back.scale).toBeCloseTo(1, 10);
  });

  it("moves the map with the pointer while panning", () => {
    for (const { rect, camera, point } of VIEWS) {
      const held = toMap(rect, camera, point);
      const panned = pan(rect, camera, 7, -4);
      expectSame(toCanvas(rect, panned, held), { x: point.x + 7, y: point.y - 4 });
    }
  });

  it("stays within its bounds however far it is dragged or zoomed", () => {
    const rect = { x: 0, y: 0, width: 200, height: 200 };
    const far = pan(rect, HOME, -1e6, 1e6);
    expect(far).toEqual({ x: HALF_EXTENT, y: HALF_EXTENT, scale: 1 });
    expect(zoomAbout(rect, HOME, { x: 100, y: 100 }, 1e9).scale).toBe(MAX_SCALE);
    expect(zoomAbout(rect, HOME, { x: 100, y: 100 }, 1e-9).scale).toBe(MIN_SCALE);
    expect(clamp(far)).toEqual(far);
  });

  it("does not drift when zoomed further at the bound", () => {
    const rect = { x: 0, y: 0, width: 200, height: 200 };
    const closest = { x: 0.5, y: 0.5, scale: MAX_SCALE };
    expectSame(zoomAbout(rect, closest, { x: 180, y: 20 }, 2), closest);
  });
});

describe("the visible part of a panel", () => {
  const rect = { x: 10, y: 20, width: 100, height: 50 };

  it("is all of it without a clip, and never more than it with one", () => {
    expect(visibleRect({ rect })).toEqual(rect);
    expect(visibleRect({ rect, clip: { x: -5, y: 0, width: 45, height: 500 } })).toEqual({
      x: 10,
      y: 20,
      width: 30,
      height: 50,
    });
  });

  it("has no size where a clip lies beside it", () => {
    const beside = intersection(rect, { x: 200, y: 0, width: 10, height: 30 });
    expect(beside.width * beside.height).toBe(0);
    expect(Math.min(beside.width, beside.height)).toBe(0);
  });
});
