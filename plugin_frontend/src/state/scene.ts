/** What the renderer draws: the panels on screen with their places, coordinates and colours, as plain data. */

import { computed, signal } from "@preact/signals";
import { pointSize } from "../drawing/density";
import type { Panel, Rect, Scene } from "../drawing/renderer";
import { styles } from "./colors";
import { depthOf, drawnEnds } from "./drawn_coordinates";
import { ghostNearness, ghosts } from "./ghost";
import { focused, isOverlay, type PanelInfo, panels, rows, shownColumns } from "./grid";
import { gridLayout, mapRect } from "./grid_layout";
import { magnification, view } from "./home_view";
import { dark } from "./host_page";
import { mapLines } from "./map_lines";
import { mix, shown } from "./motion";
import { markedNeighbours } from "./neighbour_lines";
import { frontLast, overlayLook } from "./overlay";
import { probe } from "./server";
import { hovered, inspected } from "./settings";

/** The grid's visible part, CSS pixels. */
export const gridSize = signal({ width: 0, height: 0 });
export const gridScroll = signal({ left: 0, top: 0 });

export const layout = computed(() =>
  focused.value === null
    ? gridLayout(gridSize.value.width, gridSize.value.height, rows.value.length, shownColumns.value.length)
    : gridLayout(gridSize.value.width, gridSize.value.height, 1, isOverlay.value ? 1 : focused.value.length, 0),
);

export function rectOf(panel: PanelInfo): Rect {
  return mapRect(layout.value, panel.rowIndex, panel.columnIndex, gridScroll.value);
}

/** By panel key: the panels that have a map to draw. */
export const drawnPanels = computed<ReadonlyMap<string, Panel>>(() => {
  const drawn = new Map<string, Panel>();
  for (const panel of panels.value) {
    const now = shown.value.get(panel.key);
    const style = styles.value.get(panel.key);
    // The probe may come after the first frame: until then there is nothing to colour by.
    if (now === undefined || style === undefined) continue;
    const { from, to } = drawnEnds(now);
    if (style.emphasis.length * 2 !== to.length) continue;
    const lines = mapLines.value.get(panel.key) ?? [];
    const ghost = ghosts.value.get(panel.key);
    const marked = markedNeighbours.value.get(panel.key);
    const rect = rectOf(panel);
    const extras = {
      lines,
      ...(ghost === undefined ? {} : { ghost, ...ghostNearness(panel.key) }),
      ...(marked === undefined ? {} : { marked }),
    };
    drawn.set(panel.key, {
      rect,
      camera: view.value,
      from,
      to,
      style,
      ...depthOf(now),
      ...extras,
      ...overlayLook(panel, rect),
    });
  }
  return drawn;
});

/** Diameter of a point in CSS pixels. */
export const diameter = computed(() => {
  const { width, height } = mapRect(layout.value, 0, 0, { left: 0, top: 0 });
  return pointSize(probe.value?.size ?? 1, Math.min(width, height), magnification.value);
});

export const scene = computed<Scene>(() => ({
  panels: frontLast([...drawnPanels.value.values()]),
  mix: mix.value,
  pointSize: diameter.value,
  hovered: hovered.value ?? inspected.value,
  ink: dark.value ? "#ffffff" : "#16181d",
  paper: dark.value ? "#303030" : "#ffffff",
}));
