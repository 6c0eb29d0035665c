/** Made from kd_projector/plugin/http_api.schema.json by `npm run types`: do not edit. */

export type Role = "teacher" | "student" | "baseline";
/**
 * [run, model, layer, step]
 *
 * @minItems 4
 * @maxItems 4
 */
export type EmbeddingRef = [string, string, string, number];
export type MeasureScope = "layer" | "pair" | "output" | "change";
/**
 * [run, model, step]
 *
 * @minItems 3
 * @maxItems 3
 */
export type OutputItem = [string, string, number];
/**
 * The items of an /outputs request.
 */
export type OutputItems = OutputItem[];
/**
 * One element of __metadata__.frames of a /frames answer.
 */
export type FrameEntry = FrameReady | FrameWaiting | FrameFailed;

/**
 * The JSON of the plugin's HTTP API, which http_api.md explains. Binary answers are safetensors; of those, the JSON in their metadata.
 */
export interface HttpApi {
  overview?: Overview;
  probe?: Probe;
  sample?: SampleHistory;
  measures?: RunMeasures;
  outputs_items?: OutputItems;
  frames_request?: FramesQuery;
  frames_entry?: FrameEntry;
  cancel_body?: CancelQuery;
  progress?: Progress;
  error?: Trouble;
}
/**
 * /overview
 */
export interface Overview {
  version: string;
  versions: {
    [k: string]: string;
  };
  runs: RunInfo[];
  methods: MethodInfo[];
  references: {
    [k: string]: EmbeddingRef;
  };
  measures: {
    [k: string]: MeasureInfo;
  };
  measure_groups: MeasureGroup[];
}
/**
 * One run; of one that cannot be read, error says why.
 */
export interface RunInfo {
  name: string;
  error: string | null;
  fingerprint: string | null;
  size: number;
  created: string | null;
  package_version: string | null;
  settings: {
    [k: string]: unknown;
  };
  warnings: {
    [k: string]: unknown;
  };
  revision: number;
  models: ModelInfo[];
}
/**
 * One model of a run; layers in depth order, steps ascending.
 */
export interface ModelInfo {
  name: string;
  role: Role | null;
  static: boolean;
  steps: number[];
  layers: LayerInfo[];
}
/**
 * One layer of a model.
 */
export interface LayerInfo {
  name: string;
  dim: number;
  shape: number[];
  pool: string;
  output: boolean;
}
/**
 * A projection method.
 */
export interface MethodInfo {
  name: string;
  label: string;
  mode: string;
  /**
   * @minItems 1
   */
  modes: ModeInfo[];
  note: string;
  loss: string;
  params: {
    [k: string]: unknown;
  };
  /**
   * @minItems 1
   */
  dimensions: (2 | 3)[];
}
/**
 * A mode of a method.
 */
export interface ModeInfo {
  name: string;
  note: string;
}
/**
 * A measure, in words.
 */
export interface MeasureInfo {
  label: string;
  group: string;
  scope: MeasureScope;
  higher_is_better: boolean | null;
  /**
   * The lowest and highest value; null: unbounded.
   *
   * @minItems 2
   * @maxItems 2
   */
  range: [number | null, number | null];
  direction: string;
  text: string;
  low_is_alike: boolean;
  needs_labels: boolean;
  needs_teacher: boolean;
  default: boolean;
  while_training: boolean;
}
/**
 * Measures that answer one question.
 */
export interface MeasureGroup {
  name: string;
  label: string;
  text: string;
}
/**
 * /probe
 */
export interface Probe {
  fingerprint: string;
  size: number;
  ids: string[];
  labels: number[] | null;
  class_names: string[] | null;
  metadata: {
    [k: string]: (string | number | boolean | null)[];
  };
  thumbnails: Thumbnails | null;
}
/**
 * Sprite sheets of the probe's pictures.
 */
export interface Thumbnails {
  sheets: number;
  width: number;
  height: number;
  columns: number;
  per_sheet: number;
}
/**
 * /sample, by model
 */
export interface SampleHistory {
  [k: string]: SampleColumns;
}
/**
 * What one model put out for one sample over its steps.
 */
export interface SampleColumns {
  steps: number[];
  prediction: (number | null)[] | null;
  confidence: (number | null)[] | null;
  entropy: (number | null)[] | null;
  loss: (number | null)[] | null;
}
/**
 * /measures, by model
 */
export interface RunMeasures {
  [k: string]: ModelMeasures;
}
/**
 * The curves of one model.
 */
export interface ModelMeasures {
  steps: number[];
  series: MeasureSeries[];
}
/**
 * One curve.
 */
export interface MeasureSeries {
  measure: string;
  layer: string | null;
  other_run: string | null;
  other_model: string | null;
  other_layer: string | null;
  values: (number | null)[];
}
/**
 * The request object of /frames and /neighbours.
 */
export interface FramesQuery {
  method: string;
  /**
   * @maxItems 512
   */
  frames: EmbeddingRef[];
  mode?: string;
  reference?: EmbeddingRef | null;
  dimensions?: 2 | 3;
  prefetch?: boolean;
  viewer?: string;
}
/**
 * A frame that is there.
 */
export interface FrameReady {
  status: "ready";
  key: string;
  mode: string;
  reference: string | null;
  params: {
    [k: string]: unknown;
  };
  quality: FrameQuality;
}
/**
 * Of one map.
 */
export interface FrameQuality {
  neighbours_kept?: number;
  trustworthiness?: number;
  loss?: number;
  changed?: number;
}
/**
 * A frame that will be.
 */
export interface FrameWaiting {
  status: "queued" | "running";
}
/**
 * A frame that cannot be made.
 */
export interface FrameFailed {
  status: "failed";
  message: string;
}
/**
 * The body of a POST to /cancel.
 */
export interface CancelQuery {
  viewer: string;
  method?: string;
  /**
   * @maxItems 512
   */
  frames?: EmbeddingRef[];
  mode?: string;
  reference?: EmbeddingRef | null;
  dimensions?: 2 | 3;
  prefetch?: boolean;
}
/**
 * /progress, and the answer to /cancel
 */
export interface Progress {
  queued: number;
  running: number;
  done: number;
  failed: number;
  seconds_left: number | null;
}
/**
 * Every answer that is not a 200 or 304.
 */
export interface Trouble {
  error: string;
}
