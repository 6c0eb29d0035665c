/** A panel's points and lines as SVG, in the order, places and colours in which the renderers draw them. Pure. */

import { type Point, toCanvas, visibleRect } from "./camera";
import { DrawOrders } from "./draw_order";
import { hex } from "./hex_color";
import { alphaAt, DIMMED, DIMMED_ALPHA, GHOST_ALPHA, normalRadii, outlineRadii, selectedRadii, sizeAt } from "./marks";
import type { LineLayer, Panel } from "./renderer";

export interface PointLook {
  /** Diameter in pixels of the picture. */
  readonly pointSize: number;
  /** Ring and outline colours, `#rrggbb`. */
  readonly ink: string;
  readonly paper: string;
}

/** Two digits after the point are a fiftieth of the width of a hairline. */
const short = (value: number) => String(Math.round(value * 100) / 100);

const opacity = (name: string, alpha: number) => (alpha >= 1 ? "" : ` ${name}="${short(alpha)}"`);

/** A group, clipped to what shows of the panel; `id` names its clip path in the document. Points are at `panel.to`. */
export function panelMarks(panel: Panel, look: PointLook, id: string): string {
  const { x, y, width, height } = visibleRect(panel);
  return [
    `<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/></clipPath>`,
    `<g clip-path="url(#${id})"${opacity("opacity", panel.opacity ?? 1)}>`,
    ...(panel.ghost === undefined ? [] : [`<g class="ghost">`, ...ghost(panel, panel.ghost, look), "</g>"]),
    ...lines(panel, false),
    `<g class="points">`,
    ...points(panel, look),
    "</g>",
    ...lines(panel, true),
    "</g>",
  ].join("\n");
}

function places(panel: Panel, coordinates: Float32Array): (sample: number) => Point {
  return (sample) => {
    const map = { x: coordinates[2 * sample] as number, y: coordinates[2 * sample + 1] as number };
    return toCanvas(panel.rect, panel.camera, map);
  };
}

function circle({ x, y }: Point, radius: number, fill: string, alpha: number, more = ""): string {
  return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${fill}"${opacity("fill-opacity", alpha)}${more}/>`;
}

function colorAt({ style: { colors } }: Panel, sample: number): { readonly fill: string; readonly alpha: number } {
  const [red = 0, green = 0, blue = 0, alpha = 0] = colors.subarray(4 * sample, 4 * sample + 4);
  return { fill: hex([red, green, blue]), alpha: alpha / 255 };
}

function ghost(panel: Panel, coordinates: Float32Array, { pointSize }: PointLook): string[] {
  const at = places(panel, coordinates);
  const near = panel.ghostNearness;
  return Array.from(new DrawOrders().of(panel.style, near).samples, (sample) => {
    const { fill, alpha } = colorAt(panel, sample);
    const { size, strength } = depthOf(near, sample);
    return circle(at(sample), (size * pointSize) / 2, fill, GHOST_ALPHA * alpha * strength);
  });
}

/** What a sample has of its size and alpha for being that near. */
function depthOf(near: Float32Array | undefined, sample: number): { readonly size: number; readonly strength: number } {
  const own = near?.[sample];
  return own === undefined ? { size: 1, strength: 1 } : { size: sizeAt(own), strength: alphaAt(own) };
}

/** Only what lies within: a picture of a part must not hold, unseen, all the rest. */
function points(panel: Panel, look: PointLook): string[] {
  const at = places(panel, panel.to);
  const { rect, style } = panel;
  const near = panel.nearness?.to;
  const { samples, selectedFrom } = new DrawOrders().of(style, near);
  const reach = outlineRadii(look.pointSize)[3];
  const isWithin = (sample: number) => {
    const { x, y } = at(sample);
    return (
      x > rect.x - reach && x < rect.x + rect.width + reach && y > rect.y - reach && y < rect.y + rect.height + reach
    );
  };
  const [disc, , ring, halo] = normalRadii(look.pointSize);
  const hairline = halo > ring ? ` stroke="${look.paper}" stroke-width="${short(halo - ring)}"` : "";
  const plain = samples.subarray(0, selectedFrom).filter(isWithin);
  const selected = samples.subarray(selectedFrom).filter(isWithin);
  return [
    ...Array.from(plain, (sample) => {
      const { fill, alpha } = colorAt(panel, sample);
      const { size, strength } = depthOf(near, sample);
      const own = style.emphasis[sample] === DIMMED ? Math.min(alpha, DIMMED_ALPHA) : alpha;
      return circle(at(sample), size * disc, fill, strength * own, hairline);
    }),
    ...(selected.length === 0 ? [] : [`</g><g class="outlines">`]),
    ...Array.from(selected, (sample) =>
      circle(at(sample), depthOf(near, sample).size * outlineRadii(look.pointSize)[2], look.ink, 1),
    ),
    ...(selected.length === 0 ? [] : [`</g><g class="selected">`]),
    ...Array.from(selected, (sample) => {
      const [radius, , , reach] = selectedRadii(look.pointSize);
      const line = ` stroke="${look.paper}" stroke-width="${short(reach - radius)}"`;
      return circle(at(sample), depthOf(near, sample).size * radius, colorAt(panel, sample).fill, 1, line);
    }),
  ];
}

function lines(panel: Panel, above: boolean): string[] {
  return (panel.lines ?? []).filter((layer) => layer.above === above).map((layer) => lineGroup(panel, layer));
}

/** Neighbouring segments of one colour are one path. */
function lineGroup(panel: Panel, layer: LineLayer): string {
  const segments = layer.to ?? layer.segments;
  const paths: string[] = [];
  let [path, color] = ["", ""];
  let end: Point | null = null;
  const finish = () => {
    if (path !== "") paths.push(`<path d="${path}"${color}/>`);
  };
  for (let i = 0; i < segments.length; i += 4) {
    const [x0, y0, x1, y1] = Array.from(segments.subarray(i, i + 4), Number) as [number, number, number, number];
    const [red = 0, green = 0, blue = 0, alpha = 0] = layer.colors.subarray(i, i + 4);
    const now = ` stroke="${hex([red, green, blue])}"${opacity("stroke-opacity", alpha / 255)}`;
    if (now !== color) {
      finish();
      [path, color, end] = ["", now, null];
    }
    const [from, to] = [
      { x: x0, y: y0 },
      { x: x1, y: y1 },
    ].map((map) => toCanvas(panel.rect, panel.camera, map)) as [Point, Point];
    const goesOn = end !== null && end.x === from.x && end.y === from.y;
    path += `${goesOn ? "" : `M${short(from.x)} ${short(from.y)}`}L${short(to.x)} ${short(to.y)}`;
    end = to;
  }
  finish();
  return `<g class="lines" fill="none" stroke-width="${short(layer.width)}">${paths.join("")}</g>`;
}
