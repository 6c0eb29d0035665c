/** The fallback renderer, on a 2-D canvas: the same marks as WebGL2's, drawn one by one (measured: stamping them from sprites is slower). */

import { pixelsPerUnit } from "./camera";
import { DrawOrders } from "./draw_order";
import { DIMMED, DIMMED_ALPHA, hoveredRadii, normalRadii, outlineRadii, type Radii, selectedRadii } from "./marks";
import type { Panel, Renderer, Scene } from "./renderer";

const FULL_CIRCLE = 2 * Math.PI;

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
      context.save();
      context.beginPath();
      context.rect(panel.rect.x, panel.rect.y, panel.rect.width, panel.rect.height);
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
    const { rect, camera, from, to, style } = panel;
    const k = pixelsPerUnit(rect, camera);
    const originX = rect.x + rect.width / 2 - camera.x * k;
    const originY = rect.y + rect.height / 2 + camera.y * k;
    const normal = normalRadii(scene.pointSize);
    const selected = selectedRadii(scene.pointSize);
    const outline = outlineRadii(scene.pointSize);
    const hovered = hoveredRadii(scene.pointSize);

    const drawSample = (i: number, radii: Radii, alpha: number): void => {
      const fromX = from[2 * i] as number;
      const fromY = from[2 * i + 1] as number;
      const x = originX + (fromX + scene.mix * ((to[2 * i] as number) - fromX)) * k;
      const y = originY - (fromY + scene.mix * ((to[2 * i + 1] as number) - fromY)) * k;
      const reach = radii[3];
      if (x < rect.x - reach || x > rect.x + rect.width + reach) return;
      if (y < rect.y - reach || y > rect.y + rect.height + reach) return;
      const color = `rgb(${style.colors[4 * i]} ${style.colors[4 * i + 1]} ${style.colors[4 * i + 2]})`;
      this.drawMark(x, y, radii, color, alpha, scene);
    };

    const { samples, selectedFrom } = this.orders.of(style);
    for (const i of samples.subarray(0, selectedFrom)) {
      const alpha = (style.colors[4 * i + 3] as number) / 255;
      drawSample(i, normal, style.emphasis[i] === DIMMED ? Math.min(alpha, DIMMED_ALPHA) : alpha);
    }
    for (const i of samples.subarray(selectedFrom)) drawSample(i, outline, 1);
    for (const i of samples.subarray(selectedFrom)) drawSample(i, selected, 1);
    const { hovered: sample } = scene;
    if (sample !== null && sample < to.length / 2 && style.colors[4 * sample + 3] !== 0) drawSample(sample, hovered, 1);
  }

  private drawMark(x: number, y: number, radii: Radii, color: string, alpha: number, scene: Scene): void {
    const { context } = this;
    const [disc, gap, ring, halo] = radii;
    context.globalAlpha = alpha;
    // Rings, not discs on discs: a translucent sample must not show the paper or ink under its own colour.
    if (halo > ring) this.drawRing(x, y, ring, halo, scene.paper);
    if (ring > gap) this.drawRing(x, y, gap, ring, scene.ink);
    if (gap > disc) this.drawRing(x, y, disc, gap, scene.paper);
    if (disc === 0) return;
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, y, disc, 0, FULL_CIRCLE);
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
