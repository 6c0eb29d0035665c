/** `window.__kd_projector`: what the panel shows, to be read by tests and the curious. Changing it changes nothing. */

import type { Camera, LineLayer, Rect } from "../drawing/renderer";
import { measure } from "./chart";
import { colorBy, colorColumn, valuesShown } from "./color_column";
import { numberScale } from "./color_ends";
import { styles } from "./colors";
import type { SampleValue } from "./column";
import { drawnEnds } from "./drawn_coordinates";
import { frameOf, pendingCount, statusOf } from "./frames";
import { ghost } from "./ghost";
import { panels, step, steps } from "./grid";
import type { HeatMap } from "./heat_maps";
import { view } from "./home_view";
import { columnNames, match, matchStep, shownColumns } from "./layer_matching";
import { linkNow } from "./link_state";
import { currentMethod, currentMode, mapDimensions, reference } from "./maps";
import { charts, readAt } from "./measures_view";
import { mix, positionsNow, shown } from "./motion";
import { newStepCount } from "./new_steps";
import type { Rotation } from "./rotation";
import { diameter, drawnPanels, rectOf } from "./scene";
import { previewed } from "./selection";
import {
  chosenView,
  focus,
  hovered,
  inspected,
  isolated,
  type LayerRef,
  measuresOver,
  playing,
  rotation,
  selection,
} from "./settings";
import { heatMaps, similarity } from "./similarity_view";
import type { SmallChart } from "./small_multiples";
import { trailed } from "./trails";

export interface LinesSnapshot {
  /** x0, y0, x1, y1 of each, map units, just now. */
  readonly segments: readonly number[];
  readonly colors: readonly number[];
  readonly width: number;
  readonly above: boolean;
}

export interface PanelSnapshot {
  readonly run: string;
  readonly model: string;
  readonly layer: string;
  /** The stored step that it is to show. */
  readonly step: number;
  readonly status: string;
  /** The key of the frame on screen, and whether it is the one it is to show. */
  readonly frame: string | null;
  readonly current: boolean;
  /** Where the map lies, CSS pixels from the grid's top left corner. */
  readonly rect: Rect;
  /** Coordinates just now, x0, y0, x1, y1, …; null while there are none. */
  readonly positions: readonly number[] | null;
  /** Of each sample: red, green, blue, alpha; null while there is no map. */
  readonly colors: readonly number[] | null;
  /** Of each sample: the value that its colour stands for; null where that is not known of any. */
  readonly colorValues: readonly SampleValue[] | null;
  /** Of each sample: 0 normal, 1 selected, 2 dimmed; null while there is no map. */
  readonly emphasis: readonly number[] | null;
  /** What is drawn besides the points; see drawing/renderer.ts. */
  readonly lines: readonly LinesSnapshot[];
  readonly ghost: readonly number[] | null;
  readonly marked: readonly number[];
}

export interface ChartSnapshot {
  readonly key: string;
  readonly title: string;
  readonly curves: readonly {
    readonly run: string;
    readonly model: string;
    /** Steps, or relative depths. */
    readonly xs: readonly number[];
    readonly values: readonly (number | null)[];
    readonly layers: readonly string[] | null;
  }[];
}

export interface HeatMapSnapshot {
  readonly run: string;
  readonly model: string;
  readonly step: number | null;
  readonly teacher: { readonly run: string; readonly model: string };
  readonly teacherLayers: readonly string[];
  readonly lines: readonly {
    readonly layer: string;
    readonly values: readonly (number | null)[];
    readonly best: number | null;
  }[];
}

export interface Snapshot {
  readonly view: string;
  /** What the address says of it; see `link.ts`. */
  readonly link: string;
  /** The maps that have the Projector view to themselves; null: all show. */
  readonly focus: readonly LayerRef[] | null;
  /** What columns are made by, and the step whose CKA that is. */
  readonly layerMatch: string;
  readonly layerMatchStep: number | null;
  /** The names of the columns that show. */
  readonly columns: readonly string[];
  readonly measure: string | null;
  readonly similarity: string | null;
  readonly measuresOver: string;
  /** Of the Measures view; empty in others. So are `heatMaps`, of the Similarity view. */
  readonly charts: readonly ChartSnapshot[];
  readonly heatMaps: readonly HeatMapSnapshot[];
  /** Where all charts are read: a step, or a relative depth. */
  readonly readAt: number | null;
  readonly step: number | null;
  readonly steps: readonly number[];
  readonly method: string | null;
  readonly mode: string | null;
  readonly reference: readonly (string | number)[] | null;
  readonly colorBy: string;
  /** The ends of the scale of colours; null where they stand for names. */
  readonly colorScale: { readonly low: number; readonly high: number; readonly diverging: boolean } | null;
  readonly playing: boolean;
  /** How many steps came since the newest one was on screen. */
  readonly newSteps: number;
  readonly mix: number;
  readonly pending: number;
  readonly hovered: number | null;
  readonly selected: readonly number[];
  /** The step of the ghost; null: there is none. */
  readonly ghost: number | null;
  /** The samples that have trails. */
  readonly trailed: readonly number[];
  /** The samples that show alone; null: all do. */
  readonly isolated: readonly number[] | null;
  /** Those that show as if selected, while the user only weighs whether to. */
  readonly previewed: readonly number[] | null;
  readonly inspected: number | null;
  readonly camera: Camera;
  /** Diameter of a point, CSS pixels. */
  readonly pointSize: number;
  /** Of the maps that are wanted, and how those of three are turned. */
  readonly dimensions: 2 | 3;
  readonly rotation: Rotation;
  readonly panels: readonly PanelSnapshot[];
}

const ascending = (samples: ReadonlySet<number>) => [...samples].sort((a, b) => a - b);

function snapshot(): Snapshot {
  return {
    view: chosenView.value,
    link: linkNow.value.state,
    focus: focus.value,
    layerMatch: match.value,
    layerMatchStep: matchStep.value,
    columns: shownColumns.value.map((column) => columnNames.value[column] ?? ""),
    measure: measure.value,
    similarity: similarity.value,
    measuresOver: measuresOver.value,
    charts: chosenView.value === "measures" ? charts.value.map(chartSnapshot) : [],
    heatMaps: chosenView.value === "similarity" ? heatMaps.value.flatMap(({ maps }) => maps.map(heatMapSnapshot)) : [],
    readAt: readAt.value,
    step: step.value,
    steps: steps.value,
    method: currentMethod.value?.name ?? null,
    mode: currentMode.value?.name ?? null,
    reference: reference.value,
    colorBy: colorBy.value,
    colorScale: colorColumn.value.kind === "number" ? numberScale.value : null,
    playing: playing.value,
    newSteps: newStepCount.value,
    mix: mix.value,
    pending: pendingCount.value,
    hovered: hovered.value,
    selected: ascending(selection.value),
    ghost: ghost.value,
    trailed: trailed.value,
    isolated: isolated.value && ascending(isolated.value),
    previewed: previewed.value && ascending(previewed.value),
    inspected: inspected.value,
    camera: view.value,
    pointSize: diameter.value,
    dimensions: mapDimensions.value,
    rotation: rotation.value,
    panels: panels.value.map((panel) => {
      const now = shown.value.get(panel.key);
      return {
        run: panel.row.run,
        model: panel.row.model.name,
        layer: panel.layer.name,
        step: panel.step,
        status: statusOf(panel).kind,
        frame: now?.frame.key ?? null,
        current: now !== undefined && now.frame === frameOf(panel),
        rect: rectOf(panel),
        // Long, and not wanted by most who read: made when read.
        get positions() {
          return now === undefined ? null : Array.from(positionsNow(drawnEnds(now), mix.value));
        },
        get colors() {
          return now === undefined ? null : Array.from(styles.value.get(panel.key)?.colors ?? []);
        },
        get colorValues() {
          const values = now === undefined ? null : valuesShown(panel, now.frame);
          return values === null ? null : Array.from(values);
        },
        get emphasis() {
          return now === undefined ? null : Array.from(styles.value.get(panel.key)?.emphasis ?? []);
        },
        get lines() {
          return (drawnPanels.value.get(panel.key)?.lines ?? []).map(linesSnapshot);
        },
        get ghost() {
          const ghost = drawnPanels.value.get(panel.key)?.ghost;
          return ghost === undefined ? null : Array.from(ghost);
        },
        marked: Array.from(drawnPanels.value.get(panel.key)?.marked ?? []),
      };
    }),
  };
}

function linesSnapshot({ segments, to, colors, width, above }: LineLayer): LinesSnapshot {
  const ends = Array.from(segments, (start, i) => start + mix.value * ((to?.[i] ?? start) - start));
  return { segments: ends, colors: Array.from(colors), width, above };
}

function chartSnapshot({ key, title, curves }: SmallChart): ChartSnapshot {
  const plain = curves.map(({ row, xs, values, layers }) => ({
    run: row.run,
    model: row.model.name,
    xs,
    values,
    layers,
  }));
  return { key, title, curves: plain };
}

function heatMapSnapshot({ row, step, teacher, teacherLayers, lines }: HeatMap): HeatMapSnapshot {
  return { run: row.run, model: row.model.name, step, teacher, teacherLayers, lines };
}

export function exposeSnapshot(): void {
  Object.defineProperty(window, "__kd_projector", { configurable: true, get: snapshot });
}
