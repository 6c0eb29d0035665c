import { describe, expect, it } from "vitest";
import { HOME } from "./camera.fixture";
import { DIMMED, NORMAL, SELECTED } from "./marks";
import type { Panel } from "./renderer";
import { escaped, type Picture, svgPicture, wrapped } from "./svg_picture";

const RED = [255, 0, 0, 255];

/** Four samples: hidden, normal, dimmed, selected. */
const panel: Panel = {
  rect: { x: 100, y: 80, width: 200, height: 100 },
  camera: HOME,
  from: new Float32Array(8),
  to: Float32Array.of(0, 0, 0, 0, 1.2, 1.2, -1.2, 0),
  style: {
    colors: Uint8Array.from([255, 0, 0, 0, 0, 128, 255, 204, ...RED, ...RED]),
    emphasis: Uint8Array.of(NORMAL, NORMAL, DIMMED, SELECTED),
  },
};

const picture: Picture = {
  width: 600,
  height: 240,
  head: ["Maps <of> A & B", "t-SNE"],
  rows: [{ y: 60, name: "student", lines: ["run", "step 3"] }],
  maps: [{ panel, title: "late", figures: "kNN 0.90" }],
  legend: { title: "Label", entries: [{ name: "zero", color: "#ff0000" }], ramp: null, notes: ["a note"] },
  look: { pointSize: 6, ink: "#000000", paper: "#ffffff" },
  colors: { ink: "#000000", muted: "#555555", hairline: "#dddddd", paper: "#ffffff" },
};

const circles = (svg: string) =>
  [
    ...svg.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([-\d.]+)" fill="(#\w+)"(?: fill-opacity="([\d.]+)")?/g),
  ].map(([, x, y, r, fill, alpha]) => ({ x: Number(x), y: Number(y), r: Number(r), fill, alpha: Number(alpha ?? 1) }));

describe("a picture", () => {
  it("has each visible sample where the renderers draw it, and no hidden one", () => {
    const points = circles(svgPicture(picture));
    // 100 px are the 4.8 units of a map at home, y upwards
    expect(points).toContainEqual({ x: 200, y: 130, r: 3, fill: "#0080ff", alpha: 0.8 });
    expect(points).toContainEqual({ x: 225, y: 105, r: 3, fill: "#ff0000", alpha: 0.15 });
    expect(points.filter(({ x, fill }) => x === 175 && fill === "#ff0000")).toHaveLength(1);
    expect(points.filter(({ x, fill }) => x === 175 && fill === "#000000")).toHaveLength(1);
    expect(points).toHaveLength(2 + 2 + 1); // and the legend's
  });

  it("has far samples smaller, paler and under the near ones, where maps have depth", () => {
    const to = Float32Array.of(1, 0, 0, 0, -1, 0, 1.2, 1.2);
    const style = { colors: new Uint8Array(16).fill(255), emphasis: new Uint8Array(4) };
    const flat = circles(
      svgPicture({ ...picture, maps: [{ panel: { ...panel, to, style }, title: "", figures: "" }] }),
    );
    expect(flat.slice(0, 4).map(({ r, alpha }) => [r, alpha])).toEqual(new Array(4).fill([3, 1]));
    const near = Float32Array.of(1, 0.5, 0, 0.25);
    const deep: Panel = { ...panel, to, style, nearness: { from: near, to: near } };
    const points = circles(svgPicture({ ...picture, maps: [{ panel: deep, title: "", figures: "" }] })).slice(0, 4);
    expect(points.map(({ x }) => x)).toEqual([179.17, 225, 200, 220.83]);
    for (let i = 1; i < 4; i++) {
      expect(points[i]?.r).toBeGreaterThan(points[i - 1]?.r ?? 9);
      expect(points[i]?.alpha).toBeGreaterThan(points[i - 1]?.alpha ?? 9);
    }
  });

  it("leaves out what lies outside of its maps", () => {
    const away = { ...panel, camera: { x: 2, y: 0, scale: 20 } };
    expect(circles(svgPicture({ ...picture, maps: [{ panel: away, title: "", figures: "" }] }))).toHaveLength(1);
  });

  it("clips two maps that share a place each to its part", () => {
    const left = { ...panel, clip: { x: 100, y: 80, width: 60, height: 100 } };
    const maps = [panel, left].map((one) => ({ panel: one, title: "", figures: "" }));
    const svg = svgPicture({ ...picture, maps });
    expect(svg).toContain('<clipPath id="map-1"><rect x="100" y="80" width="60" height="100"/></clipPath>');
    expect(svg.match(/stroke="#dddddd"/g)).toHaveLength(1);
  });

  it("has one header for two maps in one place, the line between them, and words where a map is missing", () => {
    const maps = [panel, panel].map((one, i) => ({
      panel: one,
      title: i === 0 ? "" : "A x | B y",
      figures: "figures",
    }));
    const wipe = { x: 150, top: 80, bottom: 180, letters: ["A", "B"] } as const;
    const gaps = [{ rect: { x: 320, y: 80, width: 200, height: 100 }, title: "later", text: "not computed yet" }];
    const svg = svgPicture({ ...picture, maps, wipe, gaps });
    expect(svg.match(/>figures</g)).toHaveLength(1);
    expect(svg).toContain(">A x | B y</text>");
    expect(svg.match(/<line x1="150" y1="80" x2="150" y2="180"/g)).toHaveLength(2);
    expect(svg).toMatch(/>A<\/text><text[^>]*>B<\/text>/);
    expect(svg).toContain('<text x="420" y="130" fill="#555555" text-anchor="middle">not computed yet</text>');
    expect(svg.match(/stroke="#dddddd"/g)).toHaveLength(2);
  });

  it("joins the segments of a line, and draws lines under and over the points", () => {
    const colors = Uint8Array.from([...RED, ...RED]);
    const line = { segments: Float32Array.of(0, 0, 1, 0, 1, 0, 1, 1), colors, width: 2 };
    const lines = [
      { ...line, above: false },
      { ...line, above: true },
    ];
    const svg = svgPicture({ ...picture, maps: [{ panel: { ...panel, lines }, title: "", figures: "" }] });
    expect(svg.match(/<path d="M200 130L220\.83 130L220\.83 109\.17" stroke="#ff0000"\/>/g)).toHaveLength(2);
    expect(svg.indexOf('class="lines"')).toBeLessThan(svg.indexOf('class="points"'));
    expect(svg.lastIndexOf('class="lines"')).toBeGreaterThan(svg.indexOf('class="points"'));
  });

  it("says what it shows, whatever names are made of", () => {
    const svg = svgPicture(picture);
    expect(svg).toContain("Maps &lt;of&gt; A &amp; B");
    for (const said of ["student", "late", "kNN 0.90", "Label", "zero", "a note"])
      expect(svg).toContain(`>${said}</text>`);
    expect(escaped('a"\u0000<')).toBe("a&quot;&lt;");
    expect(wrapped("one two three", 8)).toEqual(["one two", "three"]);
  });

  it("lists as many names as there is room for, and says how many more there are", () => {
    const entries = Array.from({ length: 100 }, (_, i) => ({ name: `class ${i}`, color: "#123456" }));
    const svg = svgPicture({ ...picture, legend: { ...picture.legend, entries } });
    const listed = svg.match(/>class \d+</g)?.length ?? 0;
    expect(listed).toBeGreaterThan(2);
    expect(svg).toContain(`>and ${100 - listed} more<`);
  });
});
