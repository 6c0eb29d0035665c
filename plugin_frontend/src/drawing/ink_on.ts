/** Which of black and white is read better on a colour. A pure function. */

import type { Rgb } from "./hex_color";

const linear = (channel: number) => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

/** By WCAG's relative luminance: where black and white stand out alike, at 0.179, black begins to do better. */
export function inkOn([red, green, blue]: Rgb): "#000000" | "#ffffff" {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.179 ? "#000000" : "#ffffff";
}
