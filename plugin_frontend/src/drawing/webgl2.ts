/**
 * The WebGL2 renderer: one canvas, a scissored viewport for each panel, both positions of every sample and of every
 * line on the GPU and mixed there, so that an animation moves them without touching an array.
 */

import * as twgl from "twgl.js";
import { BoundedCache } from "./bounded_cache";
import { pixelsPerUnit, visibleRect } from "./camera";
import { type DrawOrder, DrawOrders } from "./draw_order";
import { rgb } from "./hex_color";
import {
  DIMMED_ALPHA,
  GHOST_ALPHA,
  ghostRadii,
  hoveredRadii,
  isPlain,
  markedRadii,
  normalRadii,
  outlineRadii,
  type Radii,
  selectedRadii,
} from "./marks";
import type { LineLayer, Panel, Renderer, Scene } from "./renderer";
import {
  deep,
  FRAGMENT_SHADER,
  LINE_FRAGMENT_SHADER,
  LINE_VERTEX_SHADER,
  PLAIN_FRAGMENT_SHADER,
  VERTEX_SHADER,
} from "./shaders";

/** GPU memory for arrays that are not on screen now: hundreds of frames of 2,000 samples. */
const BUFFER_BUDGET_BYTES = 64 * 2 ** 20;

type Source = Float32Array | Uint8Array | Uint32Array;

/** A program with the vertex arrays of its own: what one enables is not left for another to trip over. */
interface Pass {
  readonly program: twgl.ProgramInfo;
  readonly arrays: WebGLVertexArrayObject;
}

interface Passes {
  readonly points: Pass;
  /** For marks that are a disc and nothing else. */
  readonly plain: Pass;
  readonly lines: Pass;
}

type PointPasses = Pick<Passes, "points" | "plain">;

/** Between which places samples are drawn, and how near they are there. */
interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly near: Panel["nearness"] | undefined;
}

/** Where a panel lies and looks, as every program takes it. */
type Look = Readonly<Record<"center" | "middle" | "unit" | "pixel", readonly [number, number]>>;

export class WebGL2Renderer implements Renderer {
  readonly kind = "webgl2";
  private readonly passes: Passes | null;
  /** For maps that have depth, made with the first of them. */
  private deepPasses: PointPasses | null = null;
  private readonly buffers: BoundedCache<Source, WebGLBuffer>;
  private readonly orders = new DrawOrders();
  private pixelRatio = 1;
  private dead = false;

  /** Draws on `canvas` through its context `gl`. Calls `onLost` once if the context is lost, and is dead from then on. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
    private readonly onLost: () => void,
  ) {
    this.buffers = new BoundedCache<Source, WebGLBuffer>(
      {
        make: (source) =>
          twgl.createBufferFromTypedArray(
            gl,
            source,
            source instanceof Uint32Array ? gl.ELEMENT_ARRAY_BUFFER : gl.ARRAY_BUFFER,
          ),
        release: (buffer) => gl.deleteBuffer(buffer),
        bytes: (source) => source.byteLength,
      },
      BUFFER_BUDGET_BYTES,
    );
    canvas.addEventListener("webglcontextlost", this.lose);
    const points = pointPasses(gl, (shader) => shader);
    const lines = passOf(gl, LINE_VERTEX_SHADER, LINE_FRAGMENT_SHADER);
    this.passes = points && lines && { ...points, lines };
    // A context can be lost before its first program is linked; say so as for any later loss, but after this returns.
    if (!this.passes) queueMicrotask(this.lose);
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
  }

  draw(scene: Scene): void {
    const { gl, passes } = this;
    if (this.dead || !passes) return;
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.setColors(passes, scene);
    if (scene.panels.some((panel) => panel.nearness !== undefined)) {
      this.deepPasses ??= pointPasses(gl, deep);
      if (this.deepPasses === null) return; // the context is lost, which its event will say
      this.setColors(this.deepPasses, scene);
    }
    for (const panel of scene.panels) this.drawPanel(panel, scene, passes);
    gl.bindVertexArray(null);
    this.buffers.trim();
  }

  dispose(): void {
    if (this.dead) return;
    this.dead = true;
    this.canvas.removeEventListener("webglcontextlost", this.lose);
    this.buffers.clear();
    for (const pass of [...Object.values(this.passes ?? {}), ...Object.values(this.deepPasses ?? {})]) {
      this.gl.deleteProgram(pass.program.program);
      this.gl.deleteVertexArray(pass.arrays);
    }
    // A page may hold 16 contexts; a discarded canvas would keep its own until it is collected.
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private readonly lose = (): void => {
    if (this.dead) return;
    this.dispose();
    this.onLost();
  };

  private setColors({ points, plain }: PointPasses, scene: Scene): void {
    this.gl.useProgram(plain.program.program);
    twgl.setUniforms(plain.program, { dimmedAlpha: DIMMED_ALPHA });
    this.gl.useProgram(points.program.program);
    twgl.setUniforms(points.program, {
      dimmedAlpha: DIMMED_ALPHA,
      ink: rgb(scene.ink).map((channel) => channel / 255),
      paper: rgb(scene.paper).map((channel) => channel / 255),
    });
  }

  private drawPanel(panel: Panel, scene: Scene, flat: Passes): void {
    const { to, nearness, lines: layers = [] } = panel;
    const { lines } = flat;
    const { points, plain } = (nearness === undefined ? null : this.deepPasses) ?? flat;
    const look = this.lookAt(panel, hoveredRadii(scene.pointSize)[3]);
    if (look === null) return;
    const order = this.orders.of(panel.style, nearness?.to);
    if (panel.ghost !== undefined && panel.ghost.length === to.length) {
      const { ghost, ghostNearness: near } = panel;
      const pass = near === undefined ? flat.points : points;
      const under = this.orders.of(panel.style, near);
      this.bindPoints(
        panel,
        { from: ghost, to: ghost, near: near && { from: near, to: near } },
        under,
        scene,
        look,
        pass,
      );
      this.mark(ghostRadii(scene.pointSize), false, GHOST_ALPHA * (panel.opacity ?? 1), pass);
      this.drawSamples(0, under.samples.length);
    }
    const ends: Ends = { from: panel.from, to, near: nearness };
    for (const layer of layers) if (!layer.above) this.drawLines(layer, panel, scene, look, lines);
    const opacity = panel.opacity ?? 1;
    const radii = normalRadii(scene.pointSize);
    const crowd = isPlain(radii) ? plain : points;
    this.bindPoints(panel, ends, order, scene, look, crowd);
    this.mark(radii, false, opacity, crowd);
    this.drawSamples(0, order.selectedFrom);
    if (crowd !== points) this.bindPoints(panel, ends, order, scene, look, points);
    for (const radii of [outlineRadii(scene.pointSize), selectedRadii(scene.pointSize)]) {
      this.mark(radii, true, opacity, points);
      this.drawSamples(order.selectedFrom, order.samples.length);
    }
    const above = layers.filter((layer) => layer.above);
    for (const layer of above) this.drawLines(layer, panel, scene, look, lines);
    // What is pointed out is as large wherever it lies.
    if (above.length > 0 || points !== flat.points) this.bindPoints(panel, ends, order, scene, look, flat.points);
    this.mark(markedRadii(scene.pointSize), true, opacity, flat.points);
    for (const sample of panel.marked ?? []) this.drawSample(sample, to);
    this.mark(hoveredRadii(scene.pointSize), true, opacity, flat.points);
    if (scene.hovered !== null) this.drawSample(scene.hovered, to);
  }

  /** Have the points' program draw samples between two places, in the panel's colours. */
  private bindPoints(
    panel: Panel,
    { from, to, near }: Ends,
    order: DrawOrder,
    scene: Scene,
    look: Look,
    { program, arrays }: Pass,
  ): void {
    const { gl, buffers } = this;
    const byte = { type: gl.UNSIGNED_BYTE };
    const float = (source: Float32Array) => ({ buffer: buffers.get(source), numComponents: 1, type: gl.FLOAT });
    gl.useProgram(program.program);
    gl.bindVertexArray(arrays);
    twgl.setUniforms(program, { ...look, mixture: scene.mix });
    twgl.setBuffersAndAttributes(gl, program, {
      numElements: order.samples.length,
      elementType: gl.UNSIGNED_INT,
      indices: buffers.get(order.samples),
      attribs: {
        from: { buffer: buffers.get(from), numComponents: 2, type: gl.FLOAT },
        to: { buffer: buffers.get(to), numComponents: 2, type: gl.FLOAT },
        ...(near === undefined ? {} : { nearFrom: float(near.from), nearTo: float(near.to) }),
        color: { buffer: buffers.get(panel.style.colors), numComponents: 4, normalize: true, ...byte },
        emphasis: { buffer: buffers.get(panel.style.emphasis), numComponents: 1, normalize: false, ...byte },
      },
    });
  }

  private mark(radii: Radii, opaque: boolean, opacity: number, { program }: Pass): void {
    twgl.setUniforms(program, { stack: radii.map((radius) => radius * this.pixelRatio), opaque, opacity });
  }

  /** Of the draw order, from one place up to another. */
  private drawSamples(start: number, end: number): void {
    if (end === start) return;
    this.gl.drawElements(this.gl.POINTS, end - start, this.gl.UNSIGNED_INT, start * Uint32Array.BYTES_PER_ELEMENT);
  }

  private drawSample(sample: number, positions: Float32Array): void {
    if (sample < positions.length / 2) this.gl.drawArrays(this.gl.POINTS, sample, 1);
  }

  private drawLines(layer: LineLayer, panel: Panel, scene: Scene, look: Look, { program, arrays }: Pass): void {
    const { gl, buffers } = this;
    const count = layer.segments.length / 4;
    if (count === 0) return;
    gl.useProgram(program.program);
    gl.bindVertexArray(arrays);
    twgl.setUniforms(program, {
      ...look,
      mixture: scene.mix,
      opacity: panel.opacity ?? 1,
      halfWidth: (layer.width * this.pixelRatio) / 2,
    });
    const ends = (source: Float32Array) => ({
      buffer: buffers.get(source),
      numComponents: 4,
      type: gl.FLOAT,
      divisor: 1,
    });
    twgl.setBuffersAndAttributes(gl, program, {
      numElements: 4,
      attribs: {
        from: ends(layer.segments),
        to: ends(layer.to ?? layer.segments),
        color: {
          buffer: buffers.get(layer.colors),
          numComponents: 4,
          normalize: true,
          type: gl.UNSIGNED_BYTE,
          divisor: 1,
        },
      },
    });
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
  }

  /** Point the viewport at a panel; null where nothing of it is to be seen. */
  private lookAt(panel: Panel, largestRadius: number): Look | null {
    const { gl, pixelRatio } = this;
    const { rect, camera } = panel;
    const seen = this.devicePixels(visibleRect(panel));
    if (seen.right <= seen.left || seen.bottom <= seen.top) return null;
    gl.scissor(seen.left, this.canvas.height - seen.bottom, seen.right - seen.left, seen.bottom - seen.top);
    const { left, right, top, bottom } = this.devicePixels(rect);
    // GL drops a point whose middle is outside the viewport, so the viewport is wider than the scissor by a mark.
    const margin = Math.ceil(largestRadius * pixelRatio) + 1;
    const width = right - left + 2 * margin;
    const height = bottom - top + 2 * margin;
    gl.viewport(left - margin, this.canvas.height - bottom - margin, width, height);
    const k = pixelsPerUnit(rect, camera) * pixelRatio;
    const middleX = (rect.x + rect.width / 2) * pixelRatio - (left - margin);
    const middleY = (rect.y + rect.height / 2) * pixelRatio - (top - margin);
    return {
      center: [camera.x, camera.y],
      middle: [(2 * middleX) / width - 1, 1 - (2 * middleY) / height],
      unit: [(2 * k) / width, (2 * k) / height],
      pixel: [2 / width, 2 / height],
    };
  }

  private devicePixels({ x, y, width, height }: Panel["rect"]) {
    const { pixelRatio } = this;
    return {
      left: Math.round(x * pixelRatio),
      right: Math.round((x + width) * pixelRatio),
      top: Math.round(y * pixelRatio),
      bottom: Math.round((y + height) * pixelRatio),
    };
  }
}

function pointPasses(gl: WebGL2RenderingContext, of: (shader: string) => string): PointPasses | null {
  const points = passOf(gl, of(VERTEX_SHADER), of(FRAGMENT_SHADER));
  const plain = passOf(gl, of(VERTEX_SHADER), of(PLAIN_FRAGMENT_SHADER));
  return points && plain && { points, plain };
}

function passOf(gl: WebGL2RenderingContext, vertex: string, fragment: string): Pass | null {
  const program = twgl.createProgramInfo(gl, [vertex, fragment]) as twgl.ProgramInfo | null;
  const arrays = gl.createVertexArray();
  return program && arrays && { program, arrays };
}
