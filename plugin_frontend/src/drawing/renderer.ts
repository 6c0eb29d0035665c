/**
 * The one interface between the panel and whatever draws the points.
 *
 * One canvas lies under the whole grid; each panel is a rectangle on it. A scene is plain data: the same scene drawn
 * twice gives the same picture, and a renderer keeps nothing but caches (GPU buffers keyed by the arrays' identity).
 */

/** A rectangle on the canvas, in CSS pixels from its top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a panel looks: map point (x, y) is in its middle, and `scale` times the fitting scale magnifies it. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Half the side of the square of map units that just fits a panel at scale 1 (maps have RMS radius about 1). */
export const HALF_EXTENT = 2.4;

/** How the samples look. Shared by all panels that show the same colours. Arrays are never changed, only replaced. */
export interface PointStyle {
  /** RGBA, 4 bytes a sample. Alpha 0 hides the sample. */
  readonly colors: Uint8Array;
  /** 1 byte a sample (named in marks.ts): 0 normal, 1 selected (on top, ringed), 2 dimmed (not in the selection). */
  readonly emphasis: Uint8Array;
}

/** Straight lines on a map: trails, lines to true neighbours, contours. Arrays are never changed, only replaced. */
export interface LineLayer {
  /** x0, y0, x1, y1 of each segment, map units. */
  readonly segments: Float32Array;
  /** Where the same segments are at mix 1, while `segments` says where they are at 0; left out: they do not move. */
  readonly to?: Float32Array;
  /** RGBA of each segment, 4 bytes. */
  readonly colors: Uint8Array;
  /** CSS pixels. */
  readonly width: number;
  /** Whether they lie over the points and not under them. */
  readonly above: boolean;
}

/** One panel of the grid. Panels are drawn in their order: two may share a rectangle. */
export interface Panel {
  readonly rect: Rect;
  readonly camera: Camera;
  /** Coordinates x0, y0, x1, y1, … of all N samples at the step left behind and the step gone to; N as in `style`. */
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** Of maps of three dimensions: how near each sample is to the viewer there and there, 0 far to 1 near. */
  readonly nearness?: { readonly from: Float32Array; readonly to: Float32Array };
  readonly style: PointStyle;
  readonly lines?: readonly LineLayer[];
  /** Where the same samples are at another step: drawn pale, in their own colours, under all else. */
  readonly ghost?: Float32Array;
  /** How near the samples of the ghost are, where the panel has `nearness`. */
  readonly ghostNearness?: Float32Array;
  /** Samples that bear a slight ring in this panel alone, such as neighbours of the hovered one. */
  readonly marked?: Uint32Array;
  /** The part of `rect` that is drawn, CSS pixels of the canvas; left out: all of it. */
  readonly clip?: Rect;
  /** Multiplies every alpha, 0 to 1; left out: 1. */
  readonly opacity?: number;
}

export interface Scene {
  readonly panels: readonly Panel[];
  /** 0 draws every panel's `from`, 1 its `to`, between them a straight line. */
  readonly mix: number;
  /** Diameter of a point in CSS pixels. */
  readonly pointSize: number;
  /** The hovered sample: ringed in every panel that does not hide it. */
  readonly hovered: number | null;
  /** Ring and outline colours, `#rrggbb`, by theme. */
  readonly ink: string;
  readonly paper: string;
}

export interface Renderer {
  readonly kind: "webgl2" | "canvas2d";
  /** Give the canvas its size in CSS pixels and the device's pixel ratio. */
  resize(width: number, height: number, pixelRatio: number): void;
  /** Replace the picture. A renderer that is disposed or has lost its context draws nothing. */
  draw(scene: Scene): void;
  /** Give everything back, the canvas's context included: a canvas serves one renderer. */
  dispose(): void;
}
