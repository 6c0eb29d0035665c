/**
 * The WebGL2 renderer: one canvas, a scissored viewport for each panel, both positions of every sample on the GPU and
 * mixed there, so that an animation moves points without touching an array.
 */

import * as twgl from "twgl.js";
import { BoundedCache } from "./bounded_cache";
import { pixelsPerUnit } from "./camera";
import { DrawOrders } from "./draw_order";
import { rgb } from "./hex_color";
import { DIMMED_ALPHA, hoveredRadii, normalRadii, outlineRadii, type Radii, selectedRadii } from "./marks";
import type { Panel, Renderer, Scene } from "./renderer";
import { FRAGMENT_SHADER, VERTEX_SHADER } from "./shaders";

/** GPU memory for arrays that are not on screen now: hundreds of frames of 2,000 samples. */
const BUFFER_BUDGET_BYTES = 64 * 2 ** 20;

type Source = Float32Array | Uint8Array | Uint32Array;

export class WebGL2Renderer implements Renderer {
  readonly kind = "webgl2";
  private readonly program: twgl.ProgramInfo | null;
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
    const program = twgl.createProgramInfo(gl, [VERTEX_SHADER, FRAGMENT_SHADER]) as twgl.ProgramInfo | null;
    this.program = program;
    // A context can be lost before its first program is linked; say so as for any later loss, but after this returns.
    if (!program) queueMicrotask(this.lose);
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
  }

  draw(scene: Scene): void {
    const { gl, program } = this;
    if (this.dead || !program) return;
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.useProgram(program.program);
    twgl.setUniforms(program, {
      mixture: scene.mix,
      dimmedAlpha: DIMMED_ALPHA,
      ink: rgb(scene.ink).map((channel) => channel / 255),
      paper: rgb(scene.paper).map((channel) => channel / 255),
    });
    for (const panel of scene.panels) this.drawPanel(panel, scene, program);
    this.buffers.trim();
  }

  dispose(): void {
    if (this.dead) return;
    this.dead = true;
    this.canvas.removeEventListener("webglcontextlost", this.lose);
    this.buffers.clear();
    if (this.program) this.gl.deleteProgram(this.program.program);
    // A page may hold 16 contexts; a discarded canvas would keep its own until it is collected.
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private readonly lose = (): void => {
    if (this.dead) return;
    this.dispose();
    this.onLost();
  };

  private drawPanel(panel: Panel, scene: Scene, program: twgl.ProgramInfo): void {
    const { gl, buffers } = this;
    const order = this.orders.of(panel.style);
    const { samples } = order;
    if (samples.length === 0) return;
    this.look(panel, hoveredRadii(scene.pointSize)[3], program);
    const byte = { type: gl.UNSIGNED_BYTE };
    twgl.setBuffersAndAttributes(gl, program, {
      numElements: samples.length,
      elementType: gl.UNSIGNED_INT,
      indices: buffers.get(samples),
      attribs: {
        from: { buffer: buffers.get(panel.from), numComponents: 2, type: gl.FLOAT },
        to: { buffer: buffers.get(panel.to), numComponents: 2, type: gl.FLOAT },
        color: { buffer: buffers.get(panel.style.colors), numComponents: 4, normalize: true, ...byte },
        emphasis: { buffer: buffers.get(panel.style.emphasis), numComponents: 1, normalize: false, ...byte },
      },
    });
    const mark = (radii: Radii, opaque: boolean) =>
      twgl.setUniforms(program, { stack: radii.map((radius) => radius * this.pixelRatio), opaque });
    const { selectedFrom } = order;
    const selectedCount = samples.length - selectedFrom;
    mark(normalRadii(scene.pointSize), false);
    gl.drawElements(gl.POINTS, selectedFrom, gl.UNSIGNED_INT, 0);
    for (const radii of [outlineRadii(scene.pointSize), selectedRadii(scene.pointSize)]) {
      mark(radii, true);
      gl.drawElements(gl.POINTS, selectedCount, gl.UNSIGNED_INT, selectedFrom * samples.BYTES_PER_ELEMENT);
    }
    if (scene.hovered !== null && scene.hovered < panel.to.length / 2) {
      mark(hoveredRadii(scene.pointSize), true);
      gl.drawArrays(gl.POINTS, scene.hovered, 1);
    }
  }

  /** Point the viewport and the camera at a panel. */
  private look({ rect, camera }: Panel, largestRadius: number, program: twgl.ProgramInfo): void {
    const { gl, pixelRatio } = this;
    const left = Math.round(rect.x * pixelRatio);
    const right = Math.round((rect.x + rect.width) * pixelRatio);
    const top = Math.round(rect.y * pixelRatio);
    const bottom = Math.round((rect.y + rect.height) * pixelRatio);
    gl.scissor(left, this.canvas.height - bottom, right - left, bottom - top);
    // GL drops a point whose middle is outside the viewport, so the viewport is wider than the scissor by a mark.
    const margin = Math.ceil(largestRadius * pixelRatio) + 1;
    const width = right - left + 2 * margin;
    const height = bottom - top + 2 * margin;
    gl.viewport(left - margin, this.canvas.height - bottom - margin, width, height);
    const k = pixelsPerUnit(rect, camera) * pixelRatio;
    const middleX = (rect.x + rect.width / 2) * pixelRatio - (left - margin);
    const middleY = (rect.y + rect.height / 2) * pixelRatio - (top - margin);
    twgl.setUniforms(program, {
      center: [camera.x, camera.y],
      middle: [(2 * middleX) / width - 1, 1 - (2 * middleY) / height],
      unit: [(2 * k) / width, (2 * k) / height],
    });
  }
}
