/**
 * Between the map and the canvas: where a map point lies on the canvas for a panel's rectangle and camera, and back,
 * and how zooming and panning move a camera. The map's y axis points up, the canvas's down. Pure functions.
 */

import { type Camera, HALF_EXTENT, type Rect } from "./renderer";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const MIN_SCALE = 0.25;
export const MAX_SCALE = 100;

/** CSS pixels to a unit of the map. */
export function pixelsPerUnit(rect: Rect, camera: Camera): number {
  return (camera.scale * Math.min(rect.width, rect.height)) / (2 * HALF_EXTENT);
}

/** Where a map point lies on the canvas, in CSS pixels. */
export function toCanvas(rect: Rect, camera: Camera, map: Point): Point {
  const k = pixelsPerUnit(rect, camera);
  return {
    x: rect.x + rect.width / 2 + (map.x - camera.x) * k,
    y: rect.y + rect.height / 2 - (map.y - camera.y) * k,
  };
}

/** Which map point lies at a place on the canvas. */
export function toMap(rect: Rect, camera: Camera, canvas: Point): Point {
  const k = pixelsPerUnit(rect, camera);
  return {
    x: camera.x + (canvas.x - rect.x - rect.width / 2) / k,
    y: camera.y - (canvas.y - rect.y - rect.height / 2) / k,
  };
}

/** The nearest camera that is allowed: magnification within bounds, the middle never off the map. */
export function clamp(camera: Camera): Camera {
  const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  return {
    x: within(camera.x, -HALF_EXTENT, HALF_EXTENT),
    y: within(camera.y, -HALF_EXTENT, HALF_EXTENT),
    scale: within(camera.scale, MIN_SCALE, MAX_SCALE),
  };
}

/** Magnify by `factor`; what lies under the canvas point `about` stays there (unless the bounds forbid it). */
export function zoomAbout(rect: Rect, camera: Camera, about: Point, factor: number): Camera {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, camera.scale * factor));
  const fixed = toMap(rect, camera, about);
  const shrink = camera.scale / scale;
  return clamp({
    x: fixed.x + (camera.x - fixed.x) * shrink,
    y: fixed.y + (camera.y - fixed.y) * shrink,
    scale,
  });
}

/** Drag the map by (dx, dy) CSS pixels. */
export function pan(rect: Rect, camera: Camera, dx: number, dy: number): Camera {
  const k = pixelsPerUnit(rect, camera);
  return clamp({ x: camera.x - dx / k, y: camera.y + dy / k, scale: camera.scale });
}

/** What two rectangles have in common; one of no size where that is nothing. */
export function intersection(a: Rect, b: Rect): Rect {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** The part of a panel's rectangle that is drawn. */
export function visibleRect({ rect, clip }: { readonly rect: Rect; readonly clip?: Rect | undefined }): Rect {
  return clip === undefined ? rect : intersection(rect, clip);
}

/** Whether a map point is drawn, rather than beyond the panel's clip. */
export function isWithinClip(
  panel: { readonly rect: Rect; readonly camera: Camera; readonly clip?: Rect },
  map: Point,
): boolean {
  return panel.clip === undefined || contains(panel.clip, toCanvas(panel.rect, panel.camera, map));
}

/** Whether a place on the canvas lies in a panel's rectangle. */
export function contains(rect: Rect, point: Point): boolean {
  return point.x >= rect.x && point.x < rect.x + rect.width && point.y >= rect.y && point.y < rect.y + rect.height;
}
