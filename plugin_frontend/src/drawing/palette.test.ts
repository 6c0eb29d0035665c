import { describe, expect, it } from "vitest";
import { contrast, difference, luminance, oklab, type Vision } from "./color_vision";
import { hex, type Rgb, rgb } from "./hex_color";
import { categorical, correctness, diverging, inkOn, sequential, sequentialAreas, type Theme } from "./palette";

const THEMES: readonly Theme[] = ["light", "dark"];
const BACKGROUND: Readonly<Record<Theme, Rgb>> = { light: rgb("#ffffff"), dark: rgb("#303030") };

function leastDifference(palette: readonly Rgb[], vision: Vision): number {
  const seen = palette.map((color) => oklab(color, vision));
  return Math.min(...seen.flatMap((a, i) => seen.slice(0, i).map((b) => difference(a, b))));
}

describe("colour vision", () => {
  it("agrees with published OKLab values", () => {
    // CSS Color 4: red is oklab(0.628 0.225 0.126), white oklab(1 0 0).
    const [l, a, b] = oklab([255, 0, 0]);
    expect([l, a, b].map((value) => Number(value.toFixed(3)))).toEqual([0.628, 0.225, 0.126]);
    expect(oklab([255, 255, 255])[0]).toBeCloseTo(1, 4);
  });

  it("leaves greys grey and brings red and green together where the green cone is missing", () => {
    expect(difference(oklab([128, 128, 128]), oklab([128, 128, 128], "deuteranopia"))).toBeLessThan(0.001);
    const [red, green] = [rgb("#c05a3c"), rgb("#7d7a2c")];
    const common = difference(oklab(red), oklab(green));
    expect(difference(oklab(red, "deuteranopia"), oklab(green, "deuteranopia"))).toBeLessThan(common / 2);
  });
});

describe.each(THEMES)("the %s palette of classes", (theme) => {
  // What was measured, less a tenth; 0.02 is just noticeable side by side.
  it.each([
    { n: 10, common: 0.12, deuteranopia: 0.08, protanopia: 0.08, tritanopia: 0.054 },
    { n: 20, common: 0.084, deuteranopia: 0.054, protanopia: 0.054, tritanopia: 0.036 },
    { n: 100, common: 0.03, deuteranopia: 0.019, protanopia: 0.019, tritanopia: 0.014 },
  ])("tells $n classes apart in any vision", ({ n, ...least }) => {
    const palette = categorical(n, theme);
    expect(palette).toHaveLength(n);
    for (const vision of ["common", "deuteranopia", "protanopia", "tritanopia"] as const) {
      expect(leastDifference(palette, vision), vision).toBeGreaterThan(least[vision]);
    }
  });

  it("stands out from the panel", () => {
    for (const color of categorical(100, theme)) expect(contrast(color, BACKGROUND[theme])).toBeGreaterThan(1.6);
  });

  it("keeps a class's colour however many classes there are", () => {
    expect(categorical(100, theme).slice(0, 23)).toEqual(categorical(23, theme));
    expect(categorical(3, theme)).toEqual(categorical(10, theme).slice(0, 3));
  });

  it("serves a thousand classes by starting over", () => {
    const palette = categorical(1000, theme);
    expect(new Set(palette.slice(0, 256).map(hex)).size).toBe(256);
    expect(palette[256]).toEqual(palette[0]);
  });
});

describe.each(THEMES)("the %s scale of areas", (theme) => {
  it("has equally different neighbours, and never turns back in lightness, also where a cone is missing", () => {
    const colors = sequentialAreas(theme, 16);
    const seen = colors.map((color) => oklab(color));
    const strides = seen.slice(1).map((color, i) => difference(color, seen[i] as typeof color));
    expect(Math.max(...strides) / Math.min(...strides)).toBeLessThan(1.2);
    const direction = theme === "light" ? -1 : 1;
    for (const vision of ["common", "deuteranopia", "protanopia", "tritanopia"] as const) {
      const lightness = colors.map((color) => oklab(color, vision)[0]);
      expect(lightness.slice(1).every((value, i) => direction * (value - (lightness[i] as number)) > 0)).toBe(true);
    }
  });

  it("bears text that can be read on every colour, and its strong end stands out from the panel", () => {
    for (const color of sequentialAreas(theme)) expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(sequentialAreas(theme)[255] as Rgb, BACKGROUND[theme])).toBeGreaterThan(7);
  });
});

describe.each(THEMES)("the %s scale", (theme) => {
  const scale = sequential(theme);
  const lightness = scale.map((color) => oklab(color)[0]);

  it("has equally different neighbours", () => {
    // With many more steps than this the rounding to bytes is most of the difference.
    const seen = sequential(theme, 16).map((color) => oklab(color));
    const strides = seen.slice(1).map((color, i) => difference(color, seen[i] as typeof color));
    expect(Math.max(...strides) / Math.min(...strides)).toBeLessThan(1.2);
  });

  it("never turns back in lightness, also where a cone is missing", () => {
    const direction = theme === "light" ? -1 : 1;
    for (const vision of ["common", "deuteranopia", "protanopia"] as const) {
      const seen = sequential(theme, 24).map((color) => oklab(color, vision)[0]);
      expect(seen.slice(1).every((value, i) => direction * (value - (seen[i] as number)) > 0)).toBe(true);
    }
    expect(Math.abs((lightness[255] as number) - (lightness[0] as number))).toBeGreaterThan(0.4);
  });

  it("is legible from end to end, its high end most", () => {
    for (const color of scale) expect(contrast(color, BACKGROUND[theme])).toBeGreaterThan(1.6);
    const [low, high] = [scale[0] as Rgb, scale[255] as Rgb];
    expect(contrast(high, BACKGROUND[theme])).toBeGreaterThan(3 * contrast(low, BACKGROUND[theme]));
  });
});

describe.each(THEMES)("the %s scale with a sign", (theme) => {
  it("runs from what stands out most through what stands out least, in any vision, and tells the signs apart", () => {
    const colors = diverging(theme, 32);
    expect(colors).toHaveLength(32);
    const outwards = theme === "light" ? -1 : 1;
    for (const vision of ["common", "deuteranopia", "protanopia", "tritanopia"] as const) {
      const seen = colors.map((color) => oklab(color, vision));
      const rises = seen.slice(1).map((color, i) => outwards * (color[0] - (seen[i]?.[0] as number)));
      expect(rises.slice(0, 15).every((rise) => rise < 0.004)).toBe(true);
      expect(rises.slice(16).every((rise) => rise > -0.004)).toBe(true);
      expect(difference(seen[4] as (typeof seen)[0], seen[27] as (typeof seen)[0]), vision).toBeGreaterThan(0.12);
    }
    for (const color of colors) expect(contrast(color, BACKGROUND[theme])).toBeGreaterThan(1.6);
  });
});

describe.each(THEMES)("right and wrong in %s", (theme) => {
  it("differ in luminance alone, and wrong stands out more", () => {
    const { right, wrong } = correctness(theme);
    const grey = (color: Rgb): Rgb => {
      const l = luminance(color);
      const channel = 255 * (l <= 0.0031308 ? 12.92 * l : 1.055 * l ** (1 / 2.4) - 0.055);
      return [channel, channel, channel];
    };
    expect(difference(oklab(grey(right)), oklab(grey(wrong)))).toBeGreaterThan(0.2);
    expect(contrast(wrong, BACKGROUND[theme])).toBeGreaterThan(1.5 * contrast(right, BACKGROUND[theme]));
    expect(contrast(right, BACKGROUND[theme])).toBeGreaterThan(1.9);
  });
});

describe("a colour in hexadecimal", () => {
  it("comes back after a round trip", () => {
    expect(hex(rgb("#0a7fF0"))).toBe("#0a7ff0");
    expect(rgb("#ff8000")).toEqual([255, 128, 0]);
  });

  it("is refused by name where it is none", () => {
    expect(() => rgb("red")).toThrow('got "red"');
    expect(() => rgb("#fff")).toThrow("#rrggbb");
  });
});
