/** What is on screen as a picture that explains itself away from it: which maps, of what, made how, in which colours. */

import { batch, computed } from "@preact/signals";
import { pointSize } from "../drawing/density";
import type { Panel, Rect } from "../drawing/renderer";
import {
  HEAD_HEIGHT,
  LEGEND_WIDTH,
  MAP_HEADER,
  MARGIN,
  type Picture,
  type PictureMap,
  type PictureRow,
} from "../drawing/svg_picture";
import { statusOf } from "./frames";
import { focused, isOverlay, type PanelInfo, panels, rows, step } from "./grid";
import { PANEL_HEADER_HEIGHT } from "./grid_layout";
import { dark } from "./host_page";
import { currentMethod, currentMode, MISLEADING_MODE, mapDimensions, reference } from "./maps";
import { modeName } from "./mode_names";
import { isOfOtherMaps, isStale } from "./motion";
import { shareText, stepText } from "./number_format";
import { front, frontLast } from "./overlay";
import { pictureLegend } from "./picture_legend";
import { ofBoth, overlayText, wipeOf } from "./picture_overlay";
import { qualityOf } from "./quality";
import { referenceName } from "./reference_name";
import { rotationText } from "./rotation";
import { drawnPanels, gridScroll, layout, rectOf, scene } from "./scene";
import { probe } from "./server";
import { overlayBy, overlayShare, rotation } from "./settings";

export interface PictureWish {
  /** The key of one of the panels on screen; null: all of them. */
  readonly panel: string | null;
  /** Whether it is to be light whatever the theme on screen. */
  readonly light: boolean;
}

/** A single map's, pixels of the picture. */
const SINGLE = 560;

/** Of the theme; SVG programs know no custom properties. */
const COLORS = {
  light: { ink: "#202124", muted: "#5b6066", hairline: "#d5d8dc", paper: "#ffffff" },
  dark: { ink: "#eceef0", muted: "#b6babf", hairline: "#505050", paper: "#303030" },
} as const;

/** Whether the points on screen are those of the map that the panel names: while it waits they are of another. */
const isCurrent = (panel: PanelInfo) =>
  drawnPanels.value.has(panel.key) && !isStale(panel) && !isOfOtherMaps(panel) && statusOf(panel).kind === "ready";

const isFailed = (panel: PanelInfo) => statusOf(panel).kind === "failed";

/** The panels that a picture can be of. */
export const picturePanels = computed(() => panels.value.filter((panel) => !isFailed(panel)));

const wantedBy = (key: string | null) => panels.value.filter((panel) => key === null || panel.key === key);

/** How many maps of a picture are still to come: until they are there it would show others than it names. */
export const comingMaps = (key: string | null) =>
  wantedBy(key).filter((panel) => !isCurrent(panel) && !isFailed(panel)).length;

/** Null where no map is there to be drawn. */
export function pictureOf(wish: PictureWish): Picture | null {
  if (!wish.light || !dark.peek()) return composed(wish);
  // All colours follow from the theme: it is light for as long as this takes, and nothing is drawn meanwhile.
  return batch(() => {
    dark.value = false;
    try {
      return composed(wish);
    } finally {
      dark.value = true;
    }
  });
}

function composed({ panel: key }: PictureWish): Picture | null {
  const wanted = wantedBy(key);
  const current = wanted.filter(isCurrent);
  if (current.length === 0) return null;
  const isGrid = key === null;
  const move = isGrid
    ? intoPicture()
    : () => ({ x: MARGIN, y: HEAD_HEIGHT + MAP_HEADER, width: SINGLE, height: SINGLE });
  const titleOf = (panel: PanelInfo) =>
    isGrid && focused.value === null ? panel.layer.name : `${nameOf(panel)} · ${panel.layer.name}`;
  const maps: PictureMap[] = current.map((panel) => ({
    panel: placed(drawnPanels.value.get(panel.key) as Panel, move, isGrid),
    title: titleOf(panel),
    figures: figuresOf(panel),
  }));
  const gaps = wanted
    .filter((panel) => !isCurrent(panel))
    .map((panel) => ({
      rect: move(rectOf(panel)),
      title: titleOf(panel),
      text: isFailed(panel) ? "could not be computed" : "not computed yet",
    }));
  const rects = [...maps.map(({ panel }) => panel.rect), ...gaps.map(({ rect }) => rect)];
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  const areOver = isGrid && isOverlay.value;
  const { ink, paper } = scene.value;
  const legend = pictureLegend();
  const size = isGrid ? scene.value.pointSize : pointSize(probe.value?.size ?? 1, SINGLE);
  return {
    width: right + LEGEND_WIDTH,
    height: bottom + MARGIN,
    head: head(),
    rows: isGrid && focused.value === null ? rowTexts() : [],
    maps: areOver ? underOneHeader(wanted, maps) : maps,
    gaps: areOver ? gaps.map((gap) => ({ ...gap, title: "" })) : gaps,
    wipe: areOver ? wipeOf(overlayBy.value, overlayShare.value, rects[0] as Rect) : null,
    legend: { ...legend, notes: [...legend.notes, ...notes()] },
    look: { pointSize: size, ink, paper },
    colors: COLORS[dark.value ? "dark" : "light"],
  };
}

/** Two maps in one place: the one drawn last says what both are. */
function underOneHeader(both: readonly PanelInfo[], maps: readonly PictureMap[]): PictureMap[] {
  const names = ofBoth(both.map((panel) => `${nameOf(panel)} · ${panel.layer.name}`));
  const title = `${names}, ${overlayText(overlayBy.value, overlayShare.value, front.value)}`;
  const figures = ofBoth(both.map((panel) => (isCurrent(panel) ? figuresOf(panel) : "no map")));
  const silent = frontLast(maps).map((map) => ({ ...map, title: "", figures: "" }));
  return silent.map((map, i) => (i === silent.length - 1 ? { ...map, title, figures } : map));
}

/** From the scrolled grid on screen to the whole one in the picture, where a map's header has a line more. */
function intoPicture(): (rect: Rect) => Rect {
  const { left, top } = gridScroll.value;
  return (rect) => {
    const y = rect.y + top;
    const rowsAbove = Math.floor(y / layout.value.cellHeight);
    return { ...rect, x: rect.x + left, y: HEAD_HEIGHT + y + (rowsAbove + 1) * (MAP_HEADER - PANEL_HEADER_HEIGHT) };
  };
}

/** A panel at another place; what is for the pointer stays behind. */
function placed({ marked: _, clip, ...panel }: Panel, move: (rect: Rect) => Rect, keepsClip: boolean): Panel {
  const moved = { ...panel, rect: move(panel.rect) };
  return clip !== undefined && keepsClip
    ? { ...moved, clip: move(clip) }
    : { ...moved, opacity: keepsClip ? (panel.opacity ?? 1) : 1 };
}

const nameOf = ({ row }: PanelInfo) => `${row.model.name} (${row.run})`;

function figuresOf(panel: PanelInfo): string {
  const { knn, map } = qualityOf(panel);
  return `kNN ${shareText(knn.value)} · map ${shareText(map[0]?.value)}`;
}

function head(): string[] {
  const mode = currentMode.value;
  const made = [currentMethod.value?.label, mode === null ? null : modeName(mode.name)].filter(Boolean).join(", ");
  return [
    `Step ${step.value === null ? "–" : stepText(step.value)} · ${made}`,
    [
      `Laid onto the map of ${referenceName(reference.value)}`,
      ...(mapDimensions.value === 3 ? [`3-D, ${rotationText(rotation.value)}`] : []),
    ].join(" · "),
  ];
}

/** What is in the picture besides the colours. */
function notes(): string[] {
  const mode = currentMode.value;
  return [
    "kNN: accuracy of nearest neighbours in the embedding. map: share of true neighbours that the map kept.",
    ...(mode?.name === MISLEADING_MODE ? [mode.note] : []),
  ];
}

function rowTexts(): PictureRow[] {
  const { cellHeight } = layout.value;
  return rows.value.map((row, index) => {
    const stored = panels.value.find((panel) => panel.row.key === row.key)?.step;
    const at = row.model.static ? "fixed" : stored === undefined ? "no step yet" : `step ${stepText(stored)}`;
    return {
      y: HEAD_HEIGHT + index * (cellHeight + MAP_HEADER - PANEL_HEADER_HEIGHT),
      name: row.model.name,
      lines: [row.run, [row.model.role, at].filter(Boolean).join(", ")],
    };
  });
}

/** A file's name that says what it is of. */
export function pictureName({ panel: key }: PictureWish): string {
  const one = panels.value.find((panel) => panel.key === key);
  const parts = one === undefined ? ["maps"] : [one.row.model.name, one.layer.name];
  const name = [...parts, currentMethod.value?.name ?? "", `step-${step.value ?? 0}`].join("_");
  return name.replace(/[^\w.-]+/g, "-");
}
