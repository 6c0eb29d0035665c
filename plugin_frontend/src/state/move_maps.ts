/** Moving, turning and zooming all maps by keys and buttons, about the middle of what they show. */

import { clamp } from "../drawing/camera";
import { HALF_EXTENT } from "../drawing/renderer";
import { goHome, view } from "./home_view";
import { mapDimensions } from "./maps";
import { turned } from "./rotation";
import { camera, chosenView, rotation } from "./settings";

const ZOOM = 1.3;
/** Of what a map shows. */
const SHARE = 0.1;
/** Of a drag that turns the maps as far as a key does: some ten degrees. */
const TURN_PIXELS = 22;

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
  if (mapsShow()) goHome();
}

/** As a drag does: maps of three dimensions are turned, others move. To the right and up, as seen on the screen. */
export function lookOrTurn(right: number, up: number): void {
  if (mapDimensions.peek() === 2) look(right, up);
  else if (mapsShow()) rotation.value = turned(rotation.peek(), right * TURN_PIXELS, -up * TURN_PIXELS);
}

/** To the right and up, as seen on the screen. */
export function look(right: number, up: number): void {
  if (!mapsShow()) return;
  const now = view.peek();
  const step = (SHARE * 2 * HALF_EXTENT) / now.scale;
  camera.value = clamp({ ...now, x: now.x + right * step, y: now.y + up * step });
}
