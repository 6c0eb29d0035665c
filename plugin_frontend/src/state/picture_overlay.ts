/** What a picture says of two maps one over the other: one header for both, and the line of a wipe. Pure. */

import type { Rect } from "../drawing/renderer";
import type { PictureWipe } from "../drawing/svg_picture";
import { LETTERS } from "./overlay";
import type { OverlayBy } from "./settings";

/** Both, each with its letter: names, or figures. */
export function ofBoth(said: readonly string[]): string {
  return said.map((one, place) => `${LETTERS[place]} ${one}`).join(" | ");
}

/** How much of which shows: "wipe at 50%", "blend, A in front, 30% B". */
export function overlayText(by: OverlayBy, share: number, front: 0 | 1): string {
  const percent = Math.round(100 * share);
  return by === "wipe" ? `wipe at ${percent}%` : `blend, ${LETTERS[front]} in front, ${percent}% B`;
}

/** The line where A ends and B begins; a blend has none. */
export function wipeOf(by: OverlayBy, share: number, { x, y, width, height }: Rect): PictureWipe | null {
  return by === "wipe" ? { x: x + share * width, top: y, bottom: y + height, letters: LETTERS } : null;
}
