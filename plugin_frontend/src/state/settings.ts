/** Everything the user can choose, in one place: the panel's whole state apart from what the server says. */

import { signal } from "@preact/signals";
import type { EmbeddingRef } from "../api/types";
import type { Camera } from "../drawing/renderer";
import type { SampleValue } from "./column";
import { HOME_ROTATION, type Rotation } from "./rotation";

export type Tool = "pan" | "lasso" | "rectangle";
export type StepAxis = "linear" | "log";
export type View = "projector" | "measures" | "similarity" | "about";
/** Which layers of different models stand in one column: of like relative depth, of one name, or those most alike by CKA. */
export type LayerMatch = "depth" | "name" | "cka";
/** How two focused maps show: beside one another, or one over the other. */
export type FocusLayout = "side" | "overlay";
/** One over the other: parted by a line that moves, or both at once, the upper one more or less transparent. */
export type OverlayBy = "wipe" | "blend";
/** What the charts of the Measures view run over. */
export type MeasuresOver = "steps" | "depth";

/** Of the column at the right, below the legend: the list of the selected samples, and the inspector of one. */
export type SidePart = "selection" | "sample";
export type SelectionLook = "pictures" | "table";
export type SelectTab = "sets" | "values" | "moved" | "saved" | "export";
/** By the neighbours in the embedding itself, or by the way on the map. */
export type MovedBy = "neighbours" | "map";

/** What is asked for in the field that finds samples. */
export interface Query {
  readonly text: string;
  readonly isPattern: boolean;
}

/** One layer of one model, whatever the step. */
export interface LayerRef {
  readonly run: string;
  readonly model: string;
  readonly layer: string;
}

export const chosenView = signal<View>("projector");
/** The one or two maps that have the whole Projector view to themselves; null: all maps show. */
export const focus = signal<readonly LayerRef[] | null>(null);

/** Null wherever the user has not chosen: then the derived values say what shows. */

export const chosenMethod = signal<string | null>(null);
/** Holds for every method that has it. */
export const chosenMode = signal<string | null>(null);
export const chosenReference = signal<EmbeddingRef | null>(null);
export const chosenProbe = signal<string | null>(null);
/** Row keys, in the order in which they show (teachers stand on top all the same); null: those of `rowsAtFirst`. */
export const chosenRows = signal<readonly string[] | null>(null);
export const layerMatch = signal<LayerMatch>("depth");
/** The step whose CKA the layers are matched by; null: not matched by CKA yet. */
export const layerMatchStep = signal<number | null>(null);
/** The columns that show, in order, by their place among all from input to output; null: all. Holds for one `layerMatch`. */
export const chosenColumns = signal<readonly number[] | null>(null);
export const focusLayout = signal<FocusLayout>("side");
export const overlayBy = signal<OverlayBy>("wipe");
/** Of an overlay, 0 to 1: where the wipe's line stands from the left, or how much of the second map a blend has. */
export const overlayShare = signal(0.5);
/** Null: the newest step, whatever comes. */
export const chosenStep = signal<number | null>(null);
/** The key of the column that the samples are coloured by. */
export const chosenColor = signal<string | null>(null);
/** Hidden under every colouring. */
export const hiddenLabels = signal<ReadonlySet<number>>(new Set());
/** Of other columns, by key: the values that are hidden while that column colours the samples. */
export const hiddenValues = signal<ReadonlyMap<string, ReadonlySet<SampleValue>>>(new Map());
/** The value whose entry in the legend the pointer or the focus is on: all others are dimmed. Undefined: none. */
export const pointedValue = signal<SampleValue | undefined>(undefined);
export const camera = signal<Camera | null>(null);
export const tool = signal<Tool>("pan");
export const selection = signal<ReadonlySet<number>>(new Set());
/** Only these samples show; null: all do. */
export const isolated = signal<ReadonlySet<number> | null>(null);
/** The sample that the inspector is open on. */
export const inspected = signal<number | null>(null);
export const hovered = signal<number | null>(null);
/** The key of the panel whose map the pointer is on. */
export const hoveredPanel = signal<string | null>(null);
/** Where the pointer is on the page, CSS pixels, while it is on a map. */
export const pointer = signal({ x: 0, y: 0 });
export const chosenMeasure = signal<string | null>(null);
/** A column of the grid; null: the last hidden layer's. */
export const chosenMeasureColumn = signal<number | null>(null);
export const measuresOver = signal<MeasuresOver>("steps");
/** Whether each chart has a scale for just what it shows, not the one of all layers, or of all steps. */
export const ownScales = signal(false);
/** The measure of the heat maps. */
export const chosenSimilarity = signal<string | null>(null);
export const chosenAxis = signal<StepAxis | null>(null);
/** Steps a second while playing. */
export const speed = signal(2);
export const playing = signal(false);

/** What the maps show besides the points; the "Show" menu's. */

/** Maps of two or of three components. */
export const dimensions = signal<2 | 3>(2);
/** How all maps of three dimensions are turned. */
export const rotation = signal<Rotation>(HOME_ROTATION);
/** Where the selected samples were at the logged steps before. */
export const trails = signal(false);
/** The step whose positions lie, pale, under those of now; null: none. */
export const ghostStep = signal<number | null>(null);
/** From the hovered sample to its true nearest neighbours, wherever the map put them. */
export const neighbourLines = signal(true);
/** Samples whose true neighbours are not near them on the map are pale. */
export const fadeByQuality = signal(false);
export const contours = signal(false);

/** The column at the right. */

/** CSS pixels; null: as wide as the window suggests. */
export const sideWidth = signal<number | null>(null);
export const sideHidden = signal(false);
/** Where the column is too low for both: which of them shows. */
export const sidePart = signal<SidePart>("selection");
/** Null: pictures where there are any. */
export const selectionLook = signal<SelectionLook | null>(null);
/** The key of a `TableColumn` (state/sample_table.ts); null: in the probe's order. */
export const sortColumn = signal<string | null>(null);
export const sortDescending = signal(false);
/** A column of the grid, of whose layers the inspector tells the true neighbours; null: the last hidden layer's. */
export const chosenNeighbourColumn = signal<number | null>(null);

/** The sheet "Select". */

export const selectTab = signal<SelectTab>("sets");
export const query = signal<Query>({ text: "", isPattern: false });
/** The key of the column whose values are chosen from; null: the first. */
export const chosenValueColumn = signal<string | null>(null);
/** Whose values: the key of a row, and of a panel. */
export const chosenValueRow = signal<string | null>(null);
export const chosenValuePanel = signal<string | null>(null);
/** Of that column, and of whose it is; null: all values. */
export const chosenRange = signal<readonly [low: number, high: number] | null>(null);
export const movedBy = signal<MovedBy>("neighbours");
export const movedCount = signal(20);
/** The key of a panel; null: the last layer of the first model that has more than one step. */
export const chosenMovedPanel = signal<string | null>(null);
/** Null: the step on screen, and the one before it. */
export const movedFrom = signal<number | null>(null);
export const movedTo = signal<number | null>(null);
/** Whether all samples are exported although some are selected. */
export const exportsAll = signal(false);

/** The sheet "Link": whether what is copied at the newest step opens at the newest that there is then. */
export const linksNewest = signal(false);
