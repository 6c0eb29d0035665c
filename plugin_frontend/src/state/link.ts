/**
 * The user's choices as a line of text and back: what a link, a bookmark and "Copy state" hold. Only what differs from
 * how the panel begins is written, so that links stay short. Pure; `link_state.ts` ties it to the settings.
 */

import type { Signal } from "@preact/signals";
import {
  type Codec,
  camera,
  count,
  embedding,
  flag,
  indices,
  layer,
  listOf,
  nullable,
  number,
  oneOf,
  rotation,
  row,
  text,
  valuesOfColumns,
} from "./link_codecs";
import type * as settings from "./settings";

type Settings = typeof settings;
/** What the settings' signals are called. */
export type SettingName = {
  [Name in keyof Settings]: Settings[Name] extends Signal<unknown> ? Name : never;
}[keyof Settings];
type ValueOf<Name extends SettingName> = Settings[Name] extends Signal<infer Value> ? Value : never;

interface Field<Value> extends Codec<Value> {
  /** What it is called in a link. */
  readonly key: string;
}

const as = <Value>(key: string, codec: Codec<Value>): Field<Value> => ({ key, ...codec });

/** A new signal in settings.ts comes in here, or into `NOT_LINKED`. Keys are for good: links outlive versions. */
export const LINKED = {
  chosenProbe: as("probe", nullable(text)),
  chosenView: as("view", oneOf("projector", "measures", "similarity", "about")),
  focus: as("focus", nullable(listOf(layer))),
  chosenMethod: as("method", nullable(text)),
  chosenMode: as("mode", nullable(text)),
  chosenReference: as("reference", nullable(embedding)),
  chosenRows: as("rows", nullable(listOf(row))),
  layerMatch: as("match", oneOf("depth", "name", "cka")),
  layerMatchStep: as("match-step", nullable(count)),
  chosenColumns: as("columns", nullable(listOf(count))),
  focusLayout: as("layout", oneOf("side", "overlay")),
  overlayBy: as("overlay", oneOf("wipe", "blend")),
  overlayShare: as("share", number),
  chosenStep: as("step", nullable(count)),
  chosenColor: as("colour", nullable(text)),
  hiddenLabels: as("hidden", indices),
  hiddenValues: as("hidden-values", valuesOfColumns),
  camera: as("camera", nullable(camera)),
  selection: as("selected", indices),
  isolated: as("isolated", nullable(indices)),
  inspected: as("sample", nullable(count)),
  chosenMeasure: as("measure", nullable(text)),
  chosenMeasureColumn: as("measure-column", nullable(count)),
  measuresOver: as("over", oneOf("steps", "depth")),
  ownScales: as("own-scales", flag),
  chosenSimilarity: as("similarity", nullable(text)),
  chosenAxis: as("axis", nullable(oneOf("linear", "log"))),
  speed: as("speed", number),
  dimensions: as("dimensions", oneOf(2, 3)),
  rotation: as("turned", rotation),
  trails: as("trails", flag),
  ghostStep: as("ghost", nullable(count)),
  neighbourLines: as("neighbours", flag),
  fadeByQuality: as("fade", flag),
  contours: as("contours", flag),
  selectionLook: as("list", nullable(oneOf("pictures", "table"))),
  sortColumn: as("sort", nullable(text)),
  sortDescending: as("descending", flag),
  chosenNeighbourColumn: as("neighbour-column", nullable(count)),
} satisfies { readonly [Name in SettingName]?: Field<ValueOf<Name>> };

const PASSES = "it passes with the pointer";
const OF_THIS_WINDOW = "it is of the hand and the window, not of the picture";
const UNTIL_SELECTED = "it is a way to a selection, and the selection is linked";

/** What no link holds, and why. */
export const NOT_LINKED: { readonly [Name in SettingName]?: string } = {
  tool: OF_THIS_WINDOW,
  hovered: PASSES,
  hoveredPanel: PASSES,
  pointer: PASSES,
  pointedValue: PASSES,
  playing: "a link opens at a step, and does not run away from it",
  sideWidth: OF_THIS_WINDOW,
  sideHidden: OF_THIS_WINDOW,
  sidePart: OF_THIS_WINDOW,
  selectTab: OF_THIS_WINDOW,
  query: UNTIL_SELECTED,
  chosenValueColumn: UNTIL_SELECTED,
  chosenValueRow: UNTIL_SELECTED,
  chosenValuePanel: UNTIL_SELECTED,
  chosenRange: UNTIL_SELECTED,
  movedBy: UNTIL_SELECTED,
  movedCount: UNTIL_SELECTED,
  chosenMovedPanel: UNTIL_SELECTED,
  movedFrom: UNTIL_SELECTED,
  movedTo: UNTIL_SELECTED,
  exportsAll: "it is of one export",
  linksNewest: "it says what a link holds, and is true of the link by what it holds",
};

export type LinkedName = keyof typeof LINKED;
export type LinkedValues = { readonly [Name in LinkedName]: ValueOf<Name> };

export const LINKED_NAMES = Object.keys(LINKED) as readonly LinkedName[];

/** Other versions of the panel may write other things. */
const VERSION = 1;
const VERSION_KEY = "v";
/** Of one value, so that an address stays one that mails and chats take. */
export const LONGEST_IN_LINK = 4000;

const fieldOf = (name: LinkedName) => LINKED[name] as Field<unknown>;

export interface Encoded {
  readonly state: string;
  /** What was too long to go in. */
  readonly leftOut: readonly LinkedName[];
}

/** "" where all is as it was when the panel began. The probe by itself says nothing, and goes with the rest. */
export function encode(values: LinkedValues, initial: LinkedValues, longest = Number.POSITIVE_INFINITY): Encoded {
  const parts: string[] = [];
  const leftOut: LinkedName[] = [];
  for (const name of LINKED_NAMES) {
    const { key, write } = fieldOf(name);
    const found = write(values[name]);
    if (found === null || found === write(initial[name])) continue;
    if (found.length > longest) leftOut.push(name);
    else parts.push(`${key}=${escaped(found)}`);
  }
  const isEmpty = parts.length === 0 || (parts.length === 1 && parts[0]?.startsWith(`${LINKED.chosenProbe.key}=`));
  return { state: isEmpty ? "" : [`${VERSION_KEY}=${VERSION}`, ...parts].join("&"), leftOut };
}

/** Commas, colons and slashes mean nothing in the last part of an address, and read better as they are. */
function escaped(value: string): string {
  return encodeURIComponent(value).replace(/%(2C|3A|2F)/g, decodeURIComponent);
}

export interface Decoded {
  readonly values: Partial<LinkedValues>;
  /** What could not be read: the keys. */
  readonly unread: readonly string[];
}

/** Takes what it knows and leaves the rest; never throws. */
export function decode(state: string): Decoded {
  const values: Partial<Record<LinkedName, unknown>> = {};
  const unread: string[] = [];
  for (const part of state.split("&")) {
    const [key = "", ...rest] = part.split("=");
    if (key === "" || key === VERSION_KEY) continue;
    const name = LINKED_NAMES.find((one) => fieldOf(one).key === key);
    const value = name === undefined ? undefined : readPart(fieldOf(name), rest.join("="));
    if (name === undefined || value === undefined) unread.push(key);
    else values[name] = value;
  }
  return { values: values as Partial<LinkedValues>, unread };
}

function readPart(field: Field<unknown>, value: string): unknown {
  try {
    return field.read(decodeURIComponent(value));
  } catch {
    return undefined;
  }
}
