/** The one canvas under the whole grid: keeps a renderer and lets it draw whenever the scene changes. */

import { effect } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { createRenderer } from "../drawing/create";
import type { Renderer } from "../drawing/renderer";
import { gridSize, scene } from "../state/scene";

export function GridCanvas() {
  // A lost canvas never draws again: a fresh element takes its place, with the renderer that cannot be lost.
  const [kind, setKind] = useState<Renderer["kind"]>("webgl2");
  return <RenderedCanvas key={kind} kind={kind} onLost={() => setKind("canvas2d")} />;
}

function RenderedCanvas({ kind, onLost }: { kind: Renderer["kind"]; onLost: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const lost = useRef(onLost);
  lost.current = onLost;
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const renderer = createRenderer(canvas.current, () => lost.current(), kind);
    canvas.current.dataset.renderer = renderer.kind;
    let frame = 0;
    const stop = effect(() => {
      scene.value;
      const { width, height } = gridSize.value;
      if (width === 0 || height === 0 || frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        draw(renderer, canvas.current);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      stop();
      renderer.dispose();
    };
  }, [kind]);
  const { width, height } = gridSize.value;
  return (
    <canvas
      ref={canvas}
      class="grid-canvas"
      style={{ width: `${width}px`, height: `${height}px` }}
      data-testid="canvas"
      role="img"
      aria-label="The maps' points"
    />
  );
}

/** Resizing clears a canvas, so it happens only when needed and just before drawing: nothing flickers. */
function draw(renderer: Renderer, canvas: HTMLCanvasElement | null): void {
  if (canvas === null) return;
  const { width, height } = gridSize.peek();
  const ratio = window.devicePixelRatio;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    renderer.resize(width, height, ratio);
  }
  renderer.draw(scene.peek());
}
