/**
 * The colours of the samples, for a light (white) and a dark (#303030) panel: classes, a scale from 0 to 1, and right
 * against wrong. A class keeps its colour however many classes there are, and its hue from theme to theme.
 */

import { contrast, difference, oklab, type Vision } from "./color_vision";
import { type Rgb, rgb } from "./hex_color";

export type Theme = "light" | "dark";

/**
 * Ten colours found by simulated annealing in OKLab, each hue held near a name (blue, red, green, gold, violet, pink,
 * teal, brown, rose, lime), so that the least different pair differs by 0.13, by 0.09 without the red or the green
 * cones and by 0.06 without the blue ones; the most telling colours first.
 */
const FIRST_TEN: Readonly<Record<Theme, readonly string[]>> = {
  light: "#1950bd #f64720 #749d70 #daa206 #8d6cee #d47db7 #2a7c8b #7b3a06 #b14a59 #9ccf86".split(" "),
  dark: "#276fde #d42414 #4dbe14 #feca49 #ad8ed6 #a7518c #6be4ef #b57f61 #e7a797 #c1fca7".split(" "),
};

/** OKLab lightness between which a colour stands out from its panel without glaring. */
const LIGHTNESS: Readonly<Record<Theme, readonly [number, number]>> = { light: [0.38, 0.82], dark: [0.53, 0.94] };

/** OKLab chroma: less passes for a grey, which means "dimmed" or "nothing known"; more glares. */
const CHROMA: readonly [number, number] = [0.05, 0.22];

/** Beyond this many classes colours come round again: no eye tells more apart. */
export const MOST_CLASSES = 256;

/** How the visions share in choosing a colour: common vision weighs most, blindness to blue is rare. */
const VISIONS: readonly (readonly [vision: Vision, leniency: number])[] = [
  ["common", 1],
  ["deuteranopia", 1.5],
  ["protanopia", 1.5],
  ["tritanopia", 2.2],
];

/** Channels of the candidate colours: a grid of sRGB. */
const GRID = [0, 24, 48, 72, 96, 120, 144, 168, 192, 216, 240, 255];

/**
 * A colour for each of n classes. The first ten are fixed; each further one is that of a grid of candidates which is
 * farthest from all before it, by the vision that tells it from them worst (after Glasbey et al., "Colour displays for
 * categorical images", Color Research & Application 32(4), 2007).
 */
export function categorical(n: number, theme: Theme): readonly Rgb[] {
  const palette = FIRST_TEN[theme].slice(0, n).map(rgb);
  const candidates = n > palette.length ? candidateColors(theme) : [];
  const margins = candidates.map(() => Number.POSITIVE_INFINITY);
  let counted = 0;
  while (palette.length < Math.min(n, MOST_CLASSES)) {
    for (; counted < palette.length; counted++) {
      const seen = appearances(palette[counted] as Rgb);
      candidates.forEach((candidate, i) => {
        margins[i] = Math.min(margins[i] as number, distinctness(candidate.seen, seen));
      });
    }
    const farthest = margins.reduce((best, margin, i) => (margin > (margins[best] as number) ? i : best), 0);
    palette.push((candidates[farthest] as Candidate).color);
  }
  return Array.from({ length: n }, (_, i) => palette[i % MOST_CLASSES] as Rgb);
}

type Appearances = readonly ReturnType<typeof oklab>[];

interface Candidate {
  readonly color: Rgb;
  readonly seen: Appearances;
}

function appearances(color: Rgb): Appearances {
  return VISIONS.map(([vision]) => oklab(color, vision));
}

function distinctness(a: Appearances, b: Appearances): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < VISIONS.length; i++) {
    const [, leniency] = VISIONS[i] as (typeof VISIONS)[number];
    least = Math.min(least, leniency * difference(a[i] as Appearances[0], b[i] as Appearances[0]));
  }
  return least;
}

function candidateColors(theme: Theme): Candidate[] {
  const [darkest, lightest] = LIGHTNESS[theme];
  const colors = GRID.flatMap((r) => GRID.flatMap((g) => GRID.map((b): Rgb => [r, g, b])));
  return colors
    .filter((color) => {
      const [lightness, a, b] = oklab(color);
      const chroma = Math.hypot(a, b);
      return lightness >= darkest && lightness <= lightest && chroma >= CHROMA[0] && chroma <= CHROMA[1];
    })
    .map((color) => ({ color, seen: appearances(color) }));
}

/**
 * Stations of the scales. The high end stands out most: dark indigo on white, pale yellow on dark. Both run through red,
 * so that neither passes through grey, and lightness never turns back.
 */
const SCALES: Readonly<Record<Theme, readonly string[]>> = {
  light: "#efae3e #f08752 #d9646f #ac4788 #733594 #33278d".split(" "),
  dark: "#5e4bc3 #a557b9 #da6d9f #fb9084 #ffbd7e #ffeb9d".split(" "),
};

/**
 * Stations of the scales of large areas, which must not shout: from near the panel's own colour, for "not alike", through
 * blue to what stands out most.
 */
const AREA_SCALES: Readonly<Record<Theme, readonly string[]>> = {
  light: "#f2f4f0 #cfe1df #93c3cf #559bc0 #3569a5 #2a3a78".split(" "),
  dark: "#3b4049 #36597a #2f809b #56a9a4 #a5cf9d #f3f1b4".split(" "),
};

/**
 * Stations of the scales of amounts with a sign: blue below, orange above, which no common colour blindness confuses, and
 * between them a grey that still shows on the panel. Both ends stand out alike.
 */
const DIVERGING_SCALES: Readonly<Record<Theme, readonly string[]>> = {
  light: "#123f86 #3f7cc4 #b4b8bd #d8833a #8a3c04".split(" "),
  dark: "#9fd2ff #5590c8 #6c7075 #c17c3f #ffc98f".split(" "),
};

/** How finely a scale is walked before it is cut into equally different steps. */
const STRIDES_PER_STEP = 48;

/** A scale of `steps` colours from 0 to 1, neighbours equally different: take `scale[Math.round(value * (steps - 1))]`. */
export function sequential(theme: Theme, steps = 256): readonly Rgb[] {
  return evenSteps(SCALES[theme], steps);
}

/** The same for amounts with a sign: nothing is in the middle. */
export function diverging(theme: Theme, steps = 256): readonly Rgb[] {
  const stations = DIVERGING_SCALES[theme];
  const middle = (stations.length - 1) / 2;
  const half = Math.ceil(steps / 2);
  const below = evenSteps(stations.slice(0, middle + 1), half);
  const above = evenSteps(stations.slice(middle), half);
  return [...below, ...above.slice(2 * half - steps)];
}

/** The same for large areas, such as the cells of a heat map. */
export function sequentialAreas(theme: Theme, steps = 256): readonly Rgb[] {
  return evenSteps(AREA_SCALES[theme], steps);
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** WCAG 2, level AA. */
const LEGIBLE = 4.5;

/** White or else black, as text on a colour: where the one has too little contrast, the other has more than enough. */
export function inkOn(color: Rgb): Rgb {
  return contrast(color, WHITE) >= LEGIBLE ? WHITE : BLACK;
}

function evenSteps(stations: readonly string[], steps: number): readonly Rgb[] {
  const strides = STRIDES_PER_STEP * steps;
  const path = Array.from({ length: strides + 1 }, (_, i) => along(stations, i / strides));
  const walked = [0];
  for (let i = 1; i <= strides; i++) {
    walked.push((walked[i - 1] as number) + difference(oklab(path[i - 1] as Rgb), oklab(path[i] as Rgb)));
  }
  const length = walked[strides] as number;
  let i = 0;
  return Array.from({ length: steps }, (_, step) => {
    while (i < strides && (walked[i] as number) < (length * step) / (steps - 1)) i += 1;
    const [red, green, blue] = path[i] as Rgb;
    return [Math.round(red), Math.round(green), Math.round(blue)];
  });
}

/** The colour at share t (0–1) of the way through the stations; its channels are not whole. */
function along(stations: readonly string[], t: number): Rgb {
  const at = t * (stations.length - 1);
  const index = Math.min(Math.floor(at), stations.length - 2);
  const [r0, g0, b0] = rgb(stations[index] as string);
  const [r1, g1, b1] = rgb(stations[index + 1] as string);
  const share = at - index;
  return [r0 + share * (r1 - r0), g0 + share * (g1 - g0), b0 + share * (b1 - b0)];
}

export interface Correctness {
  readonly right: Rgb;
  readonly wrong: Rgb;
}

/** Right and wrong differ in lightness as much as in hue: wrong is what stands out from the panel, in any vision. */
export function correctness(theme: Theme): Correctness {
  return theme === "light"
    ? { right: rgb("#86b8e0"), wrong: rgb("#b3200f") }
    : { right: rgb("#46759e"), wrong: rgb("#ffb08a") };
}

/** A sample of which nothing is known, such as one without a label. */
export function unknown(theme: Theme): Rgb {
  return rgb(theme === "light" ? "#9a9a9a" : "#8c8c8c");
}
