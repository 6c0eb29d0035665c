/**
 * How different two colours look, to common colour vision and without one kind of cone.
 *
 * Distances are Euclidean in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020; the `deltaEOK`
 * of CSS Color 4), where black to white is 1 and about 0.02 is just noticeable. Missing cones are simulated after
 * Machado, Oliveira & Fernandes, "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG
 * 15(6), 2009 (severity 1).
 */

import type { Rgb } from "./hex_color";

export type Vision = "common" | "deuteranopia" | "protanopia" | "tritanopia";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** On linear sRGB. */
const MISSING_CONES: Readonly<Record<Exclude<Vision, "common">, Matrix>> = {
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const LINEAR_TO_CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];

const CONES_TO_OKLAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

function times(matrix: Matrix, [a, b, c]: Triple): Triple {
  const row = ([x, y, z]: Triple) => x * a + y * b + z * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** OKLab coordinates (lightness 0–1, green–red, blue–yellow) of an sRGB colour as that vision sees it. */
export function oklab([red, green, blue]: Rgb, vision: Vision = "common"): Triple {
  const light: Triple = [linear(red), linear(green), linear(blue)];
  const [r, g, b] = vision === "common" ? light : times(MISSING_CONES[vision], light);
  const inGamut = (channel: number) => Math.min(1, Math.max(0, channel));
  const [l, m, s] = times(LINEAR_TO_CONES, [inGamut(r), inGamut(g), inGamut(b)]);
  return times(CONES_TO_OKLAB, [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)]);
}

/** Euclidean distance of two OKLab colours. */
export function difference(a: Triple, b: Triple): number {
  // Math.hypot guards against overflow and takes ten times as long.
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}

/** Relative luminance (0–1) of an sRGB colour, as in WCAG 2. */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio of two colours (1–21), as in WCAG 2. */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((p, q) => p - q) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}
