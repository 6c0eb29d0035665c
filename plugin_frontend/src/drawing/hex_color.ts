/** Colours written as `#rrggbb` and as three bytes. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** The channels, 0–255, of a colour written as `#rrggbb`. */
export function rgb(hex: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new Error(`A colour is written as #rrggbb; got ${JSON.stringify(hex)}.`);
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** A colour as `#rrggbb` from its channels, which are rounded and cut to 0–255. */
export function hex(channels: Rgb): string {
  return `#${channels
    .map((c) =>
      Math.min(255, Math.max(0, Math.round(c)))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
