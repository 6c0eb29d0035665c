/** Moving and zooming all maps by keys and buttons, about the middle of what they show. */

import { clamp } from "../drawing/camera";
import { HALF_EXTENT } from "../drawing/renderer";
import { view } from "./home_view";
import { camera, chosenView } from "./settings";

const ZOOM = 1.3;
/** Of what a map shows. */
const SHARE = 0.1;

/** Where no map shows, its keys do nothing. */
const mapsShow = () => chosenView.peek() === "projector";

export function zoomIn(): void {
  zoomBy(ZOOM);
}

export function zoomOut(): void {
  zoomBy(1 / ZOOM);
}

function zoomBy(factor: number): void {
  if (!mapsShow()) return;
  const now = view.peek();
  camera.value = clamp({ ...now, scale: now.scale * factor });
}

export function showWholeMaps(): void {
  if (mapsShow()) camera.value = null;
}

/** To the right and up, as seen on the screen. */
export function look(right: number, up: number): void {
  if (!mapsShow()) return;
  const now = view.peek();
  const step = (SHARE * 2 * HALF_EXTENT) / now.scale;
  camera.value = clamp({ ...now, x: now.x + right * step, y: now.y + up * step });
}
