import { describe, expect, it } from "vitest";
import { csvOf, type Exported, fileName, jsonOf } from "./export_table";

const exported: Exported = {
  version: "0.1.0",
  probe: {
    fingerprint: "f",
    size: 3,
    ids: ["a,1", 'say "hi"', "two\nlines"],
    labels: [0, 1, 1],
    class_names: ["cat", "dog"],
    metadata: { "year, about": [1999, null, 2001], good: [true, false, null] },
    thumbnails: null,
  },
  samples: [0, 1, 2],
  selected: new Set([1]),
  step: 60,
  method: "tsne",
  mode: "readout",
  reference: ["r/a", "teacher", "fc", 0],
  models: [
    {
      run: "r/a",
      model: "student",
      role: "student",
      step: 59,
      outputs: {
        prediction: Int32Array.from([0, 1, 0]),
        confidence: Float32Array.from([0.9, Number.NaN, 0.1]),
        entropy: null,
        loss: null,
      },
    },
  ],
  maps: [
    {
      run: "r/a",
      model: "student",
      layer: "fc",
      step: 59,
      frame: {
        key: "k",
        quality: {},
        coordinates: Float32Array.from([0, 1, 2, 3, 4, 5]),
        kept: Float32Array.from([1, 0.5, 0]),
        changed: null,
      } as unknown as Exported["maps"][number]["frame"],
    },
  ],
};

/** Reads RFC 4180 back, written apart from what it tests. */
function read(csv: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < csv.length) {
    let cell = "";
    if (csv[at] === '"') {
      at++;
      while (csv[at] !== '"' || csv[at + 1] === '"') {
        cell += csv[at];
        at += csv[at] === '"' ? 2 : 1;
      }
      at++;
    } else while (at < csv.length && !",\r\n".includes(csv[at] as string)) cell += csv[at++];
    rows.at(-1)?.push(cell);
    if (csv[at] === ",") at++;
    else {
      expect(csv.slice(at, at + 2)).toBe("\r\n");
      at += 2;
      if (at < csv.length) rows.push([]);
    }
  }
  return rows;
}

describe("CSV", () => {
  const [names = [], ...lines] = read(csvOf(exported));
  const column = (name: string) => lines.map((line) => line[names.indexOf(name)]);

  it("has a line a sample, all as long as the line of names", () => {
    expect(lines.map((line) => line.length)).toEqual([names.length, names.length, names.length]);
  });

  it("survives commas, quotes and line breaks", () => {
    expect(column("id")).toEqual(["a,1", 'say "hi"', "two\nlines"]);
    expect(column("metadata:year, about")).toEqual(["1999", "", "2001"]);
  });

  it("leaves unknown cells empty, and writes a 32-bit number as short as tells it", () => {
    expect(column("confidence[r/a/student@59]")).toEqual(["0.899999976", "", "0.100000001"]);
    expect(column("metadata:good")).toEqual(["true", "false", ""]);
  });

  it("says of what each column is", () => {
    const of = "[r/a/student/fc@59; tsne readout; reference r/a/teacher/fc@0]";
    expect(column(`x${of}`)).toEqual(["0", "2", "4"]);
    expect(column(`y${of}`)).toEqual(["1", "3", "5"]);
    expect(column(`kept${of}`)).toEqual(["1", "0.5", "0"]);
    expect(names).not.toContain(`z${of}`);
    expect(names.some((name) => name.startsWith("changed") || name.startsWith("entropy"))).toBe(false);
    expect(column("selected")).toEqual(["false", "true", "false"]);
    expect(column("class")).toEqual(["cat", "dog", "dog"]);
  });

  it("has a third coordinate where maps have three", () => {
    const [map] = exported.maps;
    if (map === undefined) throw new Error("no map");
    const coordinates = Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const [head = [], ...rows] = read(
      csvOf({ ...exported, maps: [{ ...map, frame: { ...map.frame, coordinates } }], samples: [2] }),
    );
    const at = head.findIndex((name) => name.startsWith("x["));
    expect(rows.map((row) => row.slice(at, at + 3))).toEqual([["6", "7", "8"]]);
  });
});

it("JSON says the same, in columns", () => {
  const found = JSON.parse(jsonOf({ ...exported, samples: [2, 1] }));
  expect(found).toMatchObject({ step: 60, method: "tsne", mode: "readout", probe: "f" });
  expect(found.reference).toEqual({ run: "r/a", model: "teacher", layer: "fc", step: 0 });
  expect(found.samples).toMatchObject({ sample: [2, 1], selected: [false, true], class: ["dog", "dog"] });
  expect(found.models[0]).toMatchObject({ model: "student", step: 59, confidence: [0.100000001, null] });
  expect(found.models[0]).not.toHaveProperty("entropy");
  expect(found.maps[0]).toMatchObject({ layer: "fc", frame: "k", x: [4, 2], y: [5, 3], kept: [0, 0.5] });
});

it("a file is called after runs, step and number of samples, without what a file system refuses", () => {
  expect(fileName(exported, "csv")).toBe("kd_projector_r-a_step-60_3-samples.csv");
});
