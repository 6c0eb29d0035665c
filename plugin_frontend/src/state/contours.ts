/** Density contours of each map, made after the points have come to rest, a slice at a time, so that nothing ever waits for them. */

import { computed, effect, signal } from "@preact/signals";
import type { contourDensity } from "d3-contour";
import { contourSegments } from "../drawing/contours";
import { rgb } from "../drawing/hex_color";
import type { LineLayer, PointStyle } from "../drawing/renderer";
import { byIdentityOfTwo } from "./by_identity";
import { colorColumn, valuesShown } from "./color_column";
import { styles, theme, valueColors } from "./colors";
import type { SampleValue } from "./column";
import { drawnEnds } from "./drawn_coordinates";
import { panels } from "./grid";
import type { LinesByPanel } from "./map_lines";
import { mapDimensions } from "./maps";
import { mix, type Shown, shown } from "./motion";
import { contours, selection } from "./settings";

/** With more, lines of all colours would cross everywhere. */
const MOST_CLASSES = 10;
const SLICE_MS = 8;
const WIDTH = 1.25;
/** So that lines of many colours let the points through. */
const ALPHA = 210;
const SELECTION_WIDTH = 2;
/** Of what is no class: all samples, and the selected ones. */
const INKS = { light: { all: "#5b6066", selected: "#16181d" }, dark: { all: "#b6babf", selected: "#ffffff" } } as const;

/** What a line is of: samples of one value, of all, or the selected ones. */
type Group = { readonly value: SampleValue } | "all" | "selected";

/** One line to make: of which samples of a map. */
interface Task {
  readonly panel: string;
  readonly coordinates: Float32Array;
  /** Whoever has these and the coordinates again has the same groups. */
  readonly of: Uint8Array | ReadonlySet<number>;
  readonly group: Group;
  readonly samples: readonly number[];
}

interface Line {
  readonly group: Group;
  readonly segments: Float32Array;
}

/** By panel key. */
const made = signal<ReadonlyMap<string, readonly Line[]>>(new Map());
/** Whether `made` is of what is on screen. */
export const contoursAreCurrent = signal(true);

/** Why there are none, such as a server that is away before what makes them is loaded. */
export const contoursError = signal<string | null>(null);

const NONE = new Map<string, readonly Line[]>();

/** None while the points move or the maps are turned: they would be of where the points have been. */
export const contourLines = computed<LinesByPanel>(() => {
  const isAtRest = mix.value === 1 && (mapDimensions.value === 2 || contoursAreCurrent.value);
  const lines = contours.value && isAtRest ? made.value : NONE;
  return new Map([...lines].map(([key, ofPanel]) => [key, ofPanel.map(layerOf)]));
});

/** What each panel shows, and how; `samples` by group. */
function tasks(): Task[] {
  return panels.value.flatMap((panel) => {
    const now = shown.value.get(panel.key);
    const style = styles.value.get(panel.key);
    if (now === undefined || style === undefined) return [];
    const ofPanel = { panel: panel.key, coordinates: drawnEnds(now).to };
    const visible = visibleOf(now, style);
    const selected = visible.filter((sample) => selection.value.has(sample));
    const groups = groupsOf(visible, valuesShown(panel, now.frame));
    return [
      ...groups.map((group) => ({ ...ofPanel, of: style.colors, ...group })),
      ...(selected.length === 0
        ? []
        : [{ ...ofPanel, of: selection.value, group: "selected" as const, samples: selected }]),
    ];
  });
}

function visibleOf({ frame }: Shown, { colors }: PointStyle): number[] {
  return Array.from({ length: frame.kept.length }, (_, i) => i).filter((i) => colors[4 * i + 3] !== 0);
}

/** A group for each value where there are few, else all samples together. */
function groupsOf(
  visible: readonly number[],
  values: ArrayLike<SampleValue> | null,
): Pick<Task, "group" | "samples">[] {
  const { kind, categories } = colorColumn.value;
  const found = kind === "category" ? categories() : [];
  if (values === null || found.length === 0 || found.length > MOST_CLASSES) return [{ group: "all", samples: visible }];
  const groups = new Map(found.map(({ value }) => [value, [] as number[]]));
  for (const sample of visible) groups.get(values[sample] as SampleValue)?.push(sample);
  return [...groups].map(([value, samples]) => ({ group: { value }, samples }));
}

function layerOf({ group, segments }: Line): LineLayer {
  const inks = INKS[theme.value];
  const color = typeof group === "string" ? rgb(inks[group]) : (valueColors.value.get(group.value) ?? rgb(inks.all));
  const colors = new Uint8Array(segments.length);
  for (let i = 0; i < segments.length; i += 4) colors.set([...color, ALPHA], i);
  return { segments, colors, width: group === "selected" ? SELECTION_WIDTH : WIDTH, above: true };
}

const idle = () =>
  new Promise<void>((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: 250 });
    else setTimeout(resolve);
  });

let density: typeof contourDensity | null = null;
const madeBefore = byIdentityOfTwo(
  (_: Float32Array, __: Task["of"]) => new Map<SampleValue | undefined, Float32Array>(),
);
let ticket = 0;

async function make(wanted: readonly Task[], mine: number): Promise<void> {
  density ??= (await import("d3-contour")).contourDensity;
  const found = new Map<string, Line[]>();
  let started = performance.now();
  for (const task of wanted) {
    if (performance.now() - started > SLICE_MS) {
      await idle();
      started = performance.now();
    }
    if (mine !== ticket) return; // something else is on screen
    const known = madeBefore(task.coordinates, task.of);
    const { panel, group } = task;
    const name = typeof group === "string" ? undefined : group.value;
    const segments = known.get(name) ?? contourSegments(density, task.coordinates, task.samples);
    known.set(name, segments);
    if (segments.length > 0) found.set(panel, [...(found.get(panel) ?? []), { group, segments }]);
  }
  if (mine !== ticket) return;
  made.value = found;
  contoursAreCurrent.value = true;
}

/** Returns what ends it. */
export function keepContoursFresh(): () => void {
  const isResting = computed(() => mix.value === 1);
  return effect(() => {
    const mine = ++ticket;
    if (!contours.value) {
      made.value = NONE;
      contoursAreCurrent.value = true;
      return;
    }
    contoursAreCurrent.value = false;
    contoursError.value = null;
    if (!isResting.value) return;
    const wanted = tasks();
    void make(wanted, mine).catch((error) => {
      contoursError.value = String(error);
    });
  });
}
