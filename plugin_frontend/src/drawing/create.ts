/**
 * Chooses the renderer: WebGL2, or the 2-D canvas where WebGL2 is missing or was lost.
 *
 * A canvas serves one renderer for its life: a browser never gives a canvas another kind of context, and a disposed
 * WebGL2 renderer gives its context up. When `onLost` is called the renderer is dead (drawing does nothing): replace the
 * canvas element by a fresh one (in Preact: change its `key`) and call `createRenderer(fresh, onLost, "canvas2d")`, then
 * resize and draw as at the start. The 2-D renderer is never lost.
 */

import { Canvas2dRenderer } from "./canvas2d";
import type { Renderer } from "./renderer";
import { WebGL2Renderer } from "./webgl2";

/** A renderer on a fresh canvas. Throws only where the browser offers no 2-D canvas either. */
export function createRenderer(
  canvas: HTMLCanvasElement,
  onLost: () => void,
  prefer: Renderer["kind"] = "webgl2",
): Renderer {
  if (prefer === "webgl2") {
    // The shader smooths the discs itself; multisampling would only cost.
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
    if (gl) return new WebGL2Renderer(canvas, gl, onLost);
  }
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser offers neither WebGL2 nor a 2-D canvas to draw on.");
  return new Canvas2dRenderer(canvas, context);
}
