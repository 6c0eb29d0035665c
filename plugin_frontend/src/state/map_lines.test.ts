import { describe, expect, it } from "vitest";
import type { LineLayer } from "../drawing/renderer";
import { joined } from "./map_lines";

const layer = (width: number): LineLayer => ({
  segments: new Float32Array(4),
  colors: new Uint8Array(4),
  width,
  above: false,
});

describe("the lines of the maps", () => {
  it("are those of all sources, panel by panel, in the order of the sources", () => {
    const [a, b, c] = [layer(1), layer(2), layer(3)];
    const all = joined([
      new Map([["first", [a]]]),
      new Map([
        ["first", [b]],
        ["second", [c]],
      ]),
    ]);
    expect(all.get("first")).toEqual([a, b]);
    expect(all.get("second")).toEqual([c]);
  });

  it("leave out a panel that has none", () => {
    expect(joined([new Map([["first", []]])]).size).toBe(0);
  });
});
