/** The fallback renderer, on a 2-D canvas: the same marks as WebGL2's, drawn one by one (measured: stamping them from sprites is slower). */

import { pixelsPerUnit, visibleRect } from "./camera";
import { DrawOrders } from "./draw_order";
import {
  alphaAt,
  DIMMED,
  DIMMED_ALPHA,
  GHOST_ALPHA,
  ghostRadii,
  hoveredRadii,
  markedRadii,
  normalRadii,
  outlineRadii,
  type Radii,
  resized,
  selectedRadii,
  sizeAt,
} from "./marks";
import type { LineLayer, Panel, Renderer, Scene } from "./renderer";

const FULL_CIRCLE = 2 * Math.PI;

/** Where map point (0, 0) lies on the canvas, and how many CSS pixels a map unit has. */
interface Place {
  readonly originX: number;
  readonly originY: number;
  readonly k: number;
}

export class Canvas2dRenderer implements Renderer {
  readonly kind = "canvas2d";
  private readonly orders = new DrawOrders();
  private pixelRatio = 1;
  private dead = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  resize(width: number, height: number, pixelRatio: number): void {
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
    this.pixelRatio = pixelRatio;
  }

  draw(scene: Scene): void {
    if (this.dead) return;
    const { context, canvas } = this;
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.scale(this.pixelRatio, this.pixelRatio);
    for (const panel of scene.panels) {
      const seen = visibleRect(panel);
      context.save();
      context.beginPath();
      context.rect(seen.x, seen.y, seen.width, seen.height);
      context.clip();
      this.drawPanel(panel, scene);
      context.restore();
    }
  }

  dispose(): void {
    this.dead = true;
    // Gives the bitmap's memory back at once; the element may live longer.
    this.canvas.width = this.canvas.height = 0;
  }

  private drawPanel(panel: Panel, scene: Scene): void {
    const { rect, camera, from, to, nearness, style, ghost, lines = [], opacity = 1 } = panel;
    const k = pixelsPerUnit(rect, camera);
    const originX = rect.x + rect.width / 2 - camera.x * k;
    const originY = rect.y + rect.height / 2 + camera.y * k;
    const normal = normalRadii(scene.pointSize);
    const selected = selectedRadii(scene.pointSize);
    const outline = outlineRadii(scene.pointSize);

    const drawAt = (i: number, mapX: number, mapY: number, radii: Radii, alpha: number): void => {
      const x = originX + mapX * k;
      const y = originY - mapY * k;
      const reach = radii[3];
      if (x < rect.x - reach || x > rect.x + rect.width + reach) return;
      if (y < rect.y - reach || y > rect.y + rect.height + reach) return;
      const color = `rgb(${style.colors[4 * i]} ${style.colors[4 * i + 1]} ${style.colors[4 * i + 2]})`;
      this.drawMark(x, y, radii, color, alpha * opacity, scene);
    };
    const drawSample = (i: number, radii: Radii, alpha: number): void => {
      const fromX = from[2 * i] as number;
      const fromY = from[2 * i + 1] as number;
      const x = fromX + scene.mix * ((to[2 * i] as number) - fromX);
      const y = fromY + scene.mix * ((to[2 * i + 1] as number) - fromY);
      drawAt(i, x, y, radii, alpha);
    };
    const drawOne = (i: number, radii: Radii): void => {
      if (i < to.length / 2 && style.colors[4 * i + 3] !== 0) drawSample(i, radii, 1);
    };
    const alphaOf = (i: number): number => {
      const alpha = (style.colors[4 * i + 3] as number) / 255;
      return style.emphasis[i] === DIMMED ? Math.min(alpha, DIMMED_ALPHA) : alpha;
    };

    const { samples, selectedFrom } = this.orders.of(style, nearness?.to);
    if (ghost !== undefined && ghost.length === to.length) {
      const pale = ghostRadii(scene.pointSize);
      for (const i of this.orders.of(style, panel.ghostNearness).samples) {
        const near = panel.ghostNearness?.[i];
        const radii = near === undefined ? pale : resized(pale, sizeAt(near));
        const alpha = alphaOf(i) * GHOST_ALPHA * (near === undefined ? 1 : alphaAt(near));
        drawAt(i, ghost[2 * i] as number, ghost[2 * i + 1] as number, radii, alpha);
      }
    }
    const place: Place = { originX, originY, k };
    for (const layer of lines) if (!layer.above) this.drawLines(layer, place, scene.mix, opacity);
    const nearAt = (i: number): number => {
      const start = nearness?.from[i] ?? 0;
      return start + scene.mix * ((nearness?.to[i] ?? 0) - start);
    };
    const sized = (i: number, radii: Radii) => (nearness === undefined ? radii : resized(radii, sizeAt(nearAt(i))));
    const paled = (i: number) => alphaOf(i) * (nearness === undefined ? 1 : alphaAt(nearAt(i)));
    for (const i of samples.subarray(0, selectedFrom)) drawSample(i, sized(i, normal), paled(i));
    for (const i of samples.subarray(selectedFrom)) drawSample(i, sized(i, outline), 1);
    for (const i of samples.subarray(selectedFrom)) drawSample(i, sized(i, selected), 1);
    for (const layer of lines) if (layer.above) this.drawLines(layer, place, scene.mix, opacity);
    for (const i of panel.marked ?? []) drawOne(i, markedRadii(scene.pointSize));
    if (scene.hovered !== null) drawOne(scene.hovered, hoveredRadii(scene.pointSize));
  }

  /** Segments of one colour that follow each other are one stroke: contours are many. */
  private drawLines({ segments, to, colors, width }: LineLayer, place: Place, mix: number, opacity: number): void {
    const { context } = this;
    const end = (i: number): number => {
      const start = segments[i] as number;
      return to === undefined ? start : start + mix * ((to[i] as number) - start);
    };
    const colorOf = (at: number) => colors.subarray(4 * at, 4 * at + 4);
    context.lineWidth = width;
    context.lineCap = "butt";
    const count = segments.length / 4;
    for (let at = 0; at < count; ) {
      const color = colorOf(at);
      context.strokeStyle = `rgb(${color[0]} ${color[1]} ${color[2]})`;
      context.globalAlpha = ((color[3] as number) / 255) * opacity;
      context.beginPath();
      for (; at < count && colorOf(at).every((channel, c) => channel === color[c]); at++) {
        context.moveTo(place.originX + end(4 * at) * place.k, place.originY - end(4 * at + 1) * place.k);
        context.lineTo(place.originX + end(4 * at + 2) * place.k, place.originY - end(4 * at + 3) * place.k);
      }
      context.stroke();
    }
  }

  private drawMark(x: number, y: number, radii: Radii, color: string, alpha: number, scene: Scene): void {
    const { context } = this;
    const [disc, gap, ring, halo] = radii;
    context.globalAlpha = alpha;
    if (alpha === 1) {
      // One disc on the other: so their edges blend as the shader blends them.
      if (halo > ring) this.drawDisc(x, y, halo, scene.paper);
      if (ring > gap) this.drawDisc(x, y, ring, scene.ink);
      if (gap > disc) this.drawDisc(x, y, gap, scene.paper);
      if (disc > 0) this.drawDisc(x, y, disc, color);
      return;
    }
    // Rings, not discs on discs: a translucent sample must not show the paper or ink under its own colour.
    if (halo > ring) this.drawRing(x, y, ring, halo, scene.paper);
    if (ring > gap) this.drawRing(x, y, gap, ring, scene.ink);
    if (gap > disc) this.drawRing(x, y, disc, gap, scene.paper);
    if (disc > 0) this.drawDisc(x, y, disc, color);
  }

  private drawDisc(x: number, y: number, radius: number, color: string): void {
    const { context } = this;
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, y, radius, 0, FULL_CIRCLE);
    context.fill();
  }

  private drawRing(x: number, y: number, inner: number, outer: number, color: string): void {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = outer - inner;
    context.beginPath();
    context.arc(x, y, (inner + outer) / 2, 0, FULL_CIRCLE);
    context.stroke();
  }
}
