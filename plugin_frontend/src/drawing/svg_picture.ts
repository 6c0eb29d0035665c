/** A picture of maps as one SVG document that explains itself: headers, rows, figures and legend round the points. Pure. */

import type { Panel, Rect } from "./renderer";
import { type PointLook, panelMarks } from "./svg_points";

/** Colours of all that is not a point, `#rrggbb`. */
export interface PictureColors {
  readonly ink: string;
  readonly muted: string;
  readonly hairline: string;
  readonly paper: string;
}

export interface PictureMap {
  /** The points and where they lie in the picture; two maps may share a place. */
  readonly panel: Panel;
  readonly title: string;
  /** Under the title. */
  readonly figures: string;
}

/** A map's place where there is none to be drawn. */
export interface PictureGap {
  readonly rect: Rect;
  readonly title: string;
  /** Why it is empty. */
  readonly text: string;
}

/** The line of a wipe: what lies on either side of it goes by a letter. */
export interface PictureWipe {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly letters: readonly [string, string];
}

export interface PictureRow {
  readonly y: number;
  readonly name: string;
  readonly lines: readonly string[];
}

export interface PictureLegend {
  readonly title: string;
  readonly entries: readonly { readonly name: string; readonly color: string }[];
  /** A scale of amounts: its colours from low to high, and what stands under its ends. */
  readonly ramp: { readonly colors: readonly string[]; readonly labels: readonly (readonly [string, string])[] } | null;
  readonly notes: readonly string[];
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Above all, the first one bold. */
  readonly head: readonly string[];
  readonly rows: readonly PictureRow[];
  readonly maps: readonly PictureMap[];
  readonly gaps?: readonly PictureGap[];
  readonly wipe?: PictureWipe | null;
  readonly legend: PictureLegend;
  readonly look: PointLook;
  readonly colors: PictureColors;
}

/** Pixels of the picture. */
export const HEAD_HEIGHT = 52;
export const LEGEND_WIDTH = 190;
export const MAP_HEADER = 40;
export const MARGIN = 12;
const LINE = 16;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif";

export function svgPicture(picture: Picture): string {
  const { width, height, colors, look } = picture;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12">`,
    `<title>${escaped(picture.head.join(" "))}</title>`,
    `<rect width="${width}" height="${height}" fill="${colors.paper}"/>`,
    ...picture.head.map((line, i) =>
      text(
        MARGIN,
        20 + i * 18,
        line,
        i === 0 ? `fill="${colors.ink}" font-size="14" font-weight="600"` : `fill="${colors.muted}"`,
      ),
    ),
    ...picture.rows.map((row) => rowText(row, colors)),
    ...frames(picture),
    ...picture.maps.map(({ panel }, i) => panelMarks(panel, look, `map-${i}`)),
    ...picture.maps.map(({ panel: { rect }, title, figures }) => mapHeader(rect, title, figures, colors)),
    ...(picture.gaps ?? []).map((gap) => gapText(gap, colors)),
    ...(picture.wipe ? [wipeLine(picture.wipe, colors)] : []),
    legend(picture),
    "</svg>",
  ].join("\n");
}

function rowText({ y, name, lines }: PictureRow, { ink, muted }: PictureColors): string {
  return [
    text(MARGIN, y + LINE, cut(name, 15), `fill="${ink}" font-size="14" font-weight="600"`),
    ...lines.map((line, i) => text(MARGIN, y + (i + 2.1) * LINE, cut(line, 20), `fill="${muted}"`)),
  ].join("");
}

/** A hairline round each place of a map, once where two share it. */
function frames({ maps, gaps = [], colors }: Picture): string[] {
  const rects = [...maps.map(({ panel }) => panel.rect), ...gaps.map(({ rect }) => rect)];
  const boxes = rects.map(
    ({ x, y, width, height }) =>
      `<rect x="${x}" y="${y - MAP_HEADER}" width="${width}" height="${height + MAP_HEADER}" fill="none" stroke="${colors.hairline}"/>`,
  );
  return [...new Set(boxes)];
}

function mapHeader(rect: Rect, title: string, figures: string, { ink, muted }: PictureColors): string {
  if (title === "") return ""; // of two maps in one place, one says what both are
  const x = rect.x + 8;
  return (
    text(x, rect.y - 23, cut(title, Math.floor((rect.width - 16) / 7.5)), `fill="${ink}" font-weight="600"`) +
    text(x, rect.y - 8, cut(figures, Math.floor((rect.width - 16) / 5.5)), `fill="${muted}" font-size="11"`)
  );
}

function gapText({ rect, title, text: why }: PictureGap, colors: PictureColors): string {
  const middle = `fill="${colors.muted}" text-anchor="middle"`;
  return (
    mapHeader(rect, title, "", colors) +
    text(rect.x + rect.width / 2, rect.y + rect.height / 2, cut(why, Math.floor((rect.width - 16) / 6.5)), middle)
  );
}

/** With a rim of paper, as points lie under it. */
function wipeLine({ x, top, bottom, letters }: PictureWipe, { ink, paper }: PictureColors): string {
  const line = (color: string, width: number) =>
    `<line x1="${x}" y1="${top}" x2="${x}" y2="${bottom}" stroke="${color}" stroke-width="${width}"/>`;
  const rim = `fill="${ink}" font-weight="600" paint-order="stroke" stroke="${paper}" stroke-width="3"`;
  const [left, right] = letters;
  return `<g class="wipe">${line(paper, 4)}${line(ink, 1.5)}${text(x - 8, top + 16, left, `${rim} text-anchor="end"`)}${text(x + 8, top + 16, right, rim)}</g>`;
}

function legend({ width, height, legend: { title, entries, ramp, notes }, colors }: Picture): string {
  const x = width - LEGEND_WIDTH + MARGIN;
  const inner = LEGEND_WIDTH - 2 * MARGIN;
  const parts = [text(x, HEAD_HEIGHT + 16, title, `fill="${colors.muted}" font-weight="600"`)];
  let y = HEAD_HEIGHT + 28;
  if (ramp !== null) {
    const stops = ramp.colors.map(
      (color, i) => `<stop offset="${i / (ramp.colors.length - 1)}" stop-color="${color}"/>`,
    );
    parts.push(`<linearGradient id="ramp">${stops.join("")}</linearGradient>`);
    parts.push(`<rect x="${x}" y="${y}" width="${inner}" height="10" rx="2" fill="url(#ramp)"/>`);
    y += 10;
    for (const [low, high] of ramp.labels) {
      y += LINE;
      parts.push(text(x, y, low, `fill="${colors.ink}"`));
      parts.push(text(x + inner, y, high, `fill="${colors.ink}" text-anchor="end"`));
    }
    y += 8;
  }
  const room = Math.max(1, Math.floor((height - y - MARGIN - notes.length * 3 * LINE) / LINE));
  const listed = entries.length <= room ? entries : entries.slice(0, room - 1);
  for (const { name, color } of listed) {
    parts.push(`<circle cx="${x + 5}" cy="${y + 8}" r="5" fill="${color}"/>`);
    parts.push(text(x + 18, y + 12, cut(name, 24), `fill="${colors.ink}"`));
    y += LINE;
  }
  if (listed.length < entries.length) {
    parts.push(text(x + 18, y + 12, `and ${entries.length - listed.length} more`, `fill="${colors.muted}"`));
    y += LINE;
  }
  for (const note of notes) {
    y += 6;
    for (const line of wrapped(note, 28)) {
      y += 14;
      parts.push(text(x, y, line, `fill="${colors.muted}" font-size="11"`));
    }
  }
  return `<g class="legend">${parts.join("")}</g>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** As XML: what it has no place for at all, such as most control characters, is left out. */
export function escaped(content: string): string {
  return content.replace(/[\p{Cc}\ufffe\uffff]/gu, "").replace(/[&<>"]/g, (one) => ENTITIES[one] as string);
}

/** An SVG breaks no lines and leaves nothing out by itself; names keep their ends, which tell them apart. */
function cut(content: string, most: number): string {
  if (content.length <= most) return content;
  return most < 3
    ? "…"
    : `${content.slice(0, Math.ceil((most - 1) / 3))}…${content.slice(-Math.floor((2 * (most - 1)) / 3))}`;
}

/** Lines of at most so many characters, broken at spaces: an SVG breaks none by itself. */
export function wrapped(content: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
