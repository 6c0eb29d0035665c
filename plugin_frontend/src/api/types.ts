/** The shapes of the plugin's HTTP answers, word for word those of kd_projector/plugin/http_api.md. */

export type Role = "teacher" | "student" | "baseline";

/** `[run, model, layer, step]`. */
export type EmbeddingRef = readonly [run: string, model: string, layer: string, step: number];

export interface LayerInfo {
  readonly name: string;
  readonly dim: number;
  readonly shape: readonly number[];
  readonly pool: string;
  readonly output: boolean;
}

export interface ModelInfo {
  readonly name: string;
  readonly role: Role | null;
  readonly static: boolean;
  readonly steps: readonly number[];
  readonly layers: readonly LayerInfo[];
}

export interface RunInfo {
  readonly name: string;
  readonly error: string | null;
  readonly fingerprint: string | null;
  readonly size: number;
  /** This and the next are null where the run cannot be read. */
  readonly created: string | null;
  readonly package_version: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: Readonly<Record<string, unknown>>;
  /** Grows when training went back to a checkpoint. */
  readonly revision: number;
  readonly models: readonly ModelInfo[];
}

export interface ModeInfo {
  readonly name: string;
  readonly note: string;
}

export interface MethodInfo {
  readonly name: string;
  readonly label: string;
  /** The mode that it uses unless told otherwise. */
  readonly mode: string;
  readonly modes: readonly ModeInfo[];
  readonly note: string;
  /** What `FrameQuality.loss` is. */
  readonly loss: string;
  /** Its parameters, with the values that frames are made with. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Of how many its maps can be. */
  readonly dimensions: readonly (2 | 3)[];
}

/** Of one layer, of a layer against another model's, of the model's outputs, of a layer against itself at another step. */
export type MeasureScope = "layer" | "pair" | "output" | "change";

export interface MeasureInfo {
  readonly label: string;
  /** The name of a `MeasureGroup`. */
  readonly group: string;
  readonly scope: MeasureScope;
  readonly higher_is_better: boolean | null;
  readonly range: readonly [number | null, number | null];
  /** What a high value means, or a low one, in words. */
  readonly direction: string;
  readonly text: string;
  /** Of a pair or a change: whether a low value means more alike. */
  readonly low_is_alike: boolean;
  readonly needs_labels: boolean;
  readonly needs_teacher: boolean;
  readonly default: boolean;
  readonly while_training: boolean;
}

/** Measures that answer one question. */
export interface MeasureGroup {
  readonly name: string;
  readonly label: string;
  /** The question. */
  readonly text: string;
}

export interface Overview {
  readonly version: string;
  /** Of kd_projector, Python and whatever has a part in the maps, where TensorBoard runs; what is not installed is left out. */
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly RunInfo[];
  readonly methods: readonly MethodInfo[];
  readonly references: Readonly<Record<string, EmbeddingRef>>;
  readonly measures: Readonly<Record<string, MeasureInfo>>;
  readonly measure_groups: readonly MeasureGroup[];
}

export interface Thumbnails {
  readonly sheets: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly per_sheet: number;
}

export interface Probe {
  readonly fingerprint: string;
  readonly size: number;
  readonly ids: readonly string[];
  readonly labels: readonly number[] | null;
  readonly class_names: readonly string[] | null;
  readonly metadata: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
  readonly thumbnails: Thumbnails | null;
}

/** The per-sample columns of one (run, model, step); a column that was not logged is null. */
export interface Outputs {
  readonly prediction: Int32Array | null;
  readonly confidence: Float32Array | null;
  readonly entropy: Float32Array | null;
  readonly loss: Float32Array | null;
}

/** What one model put out for one sample over its steps; values belong to `steps`, a column that no step has is null. */
export interface SampleColumns {
  readonly steps: readonly number[];
  readonly prediction: readonly (number | null)[] | null;
  readonly confidence: readonly (number | null)[] | null;
  readonly entropy: readonly (number | null)[] | null;
  readonly loss: readonly (number | null)[] | null;
}

/** By model of one run. */
export type SampleHistory = Readonly<Record<string, SampleColumns>>;

export interface MeasureSeries {
  readonly measure: string;
  readonly layer: string | null;
  /** The run of the model that it compares with; null: the same run. */
  readonly other_run: string | null;
  readonly other_model: string | null;
  readonly other_layer: string | null;
  readonly values: readonly (number | null)[];
}

export interface ModelMeasures {
  readonly steps: readonly number[];
  readonly series: readonly MeasureSeries[];
}

export type RunMeasures = Readonly<Record<string, ModelMeasures>>;

export interface FrameQuality {
  readonly neighbours_kept?: number;
  readonly trustworthiness?: number;
  readonly loss?: number;
  /** The mean of `Frame.changed`. */
  readonly changed?: number;
}

/** One finished map. */
export interface Frame {
  readonly key: string;
  readonly quality: FrameQuality;
  /** x0, y0, x1, y1, … of all N samples (x0, y0, z0, … of a map of three dimensions), in the reference map's frame. */
  readonly coordinates: Float32Array;
  /** Of each sample: the share of its nearest neighbours that are near it on the map. */
  readonly kept: Float32Array;
  /**
   * Of each sample: the true share of its nearest neighbours in the embedding that are new since the logged step before;
   * null at a layer's first step.
   */
  readonly changed: Float32Array | null;
}

/** Who is truly near whom in one embedding, wherever the maps put them. */
export interface Neighbours {
  /** Neighbours of each sample. */
  readonly k: number;
  /** Of all N samples, k indices each, nearest first: those of sample i start at i * k. */
  readonly indices: Int32Array;
  /** Of each sample, 1: the k-th and the next neighbour are equally far, so nothing should be concluded from who is listed. */
  readonly tied: Uint8Array;
}

export type FrameAnswer =
  | { readonly status: "ready"; readonly frame: Frame }
  | { readonly status: "queued" | "running" }
  | { readonly status: "failed"; readonly message: string };

export interface FramesRequest {
  readonly method: string;
  readonly mode: string;
  readonly reference: EmbeddingRef | null;
  readonly frames: readonly EmbeddingRef[];
  readonly dimensions: 2 | 3;
  readonly prefetch: boolean;
}

/** The object that a request for frames or neighbours sends. */
export interface FramesBody {
  readonly viewer?: string;
  readonly method: string;
  readonly mode?: string;
  readonly reference?: EmbeddingRef | null;
  readonly frames: readonly EmbeddingRef[];
  readonly dimensions?: 2 | 3;
  readonly prefetch?: boolean;
}

/** What /cancel is sent: who wants no more, and of what; without frames, of all. */
export type CancelBody = Partial<Omit<FramesBody, "viewer">> & { readonly viewer: string };

/** What an answer's metadata say of one frame. */
export type FrameEntry =
  | {
      readonly status: "ready";
      readonly key: string;
      readonly mode: string;
      readonly reference: string | null;
      readonly params: Readonly<Record<string, unknown>>;
      readonly quality: FrameQuality;
    }
  | { readonly status: "queued" | "running" }
  | { readonly status: "failed"; readonly message: string };

/** `[run, model, step]`. */
export type OutputItem = readonly [run: string, model: string, step: number];

/** Of every answer that is no success. */
export interface Trouble {
  readonly error: string;
}

export interface Progress {
  readonly queued: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  readonly seconds_left: number | null;
}
