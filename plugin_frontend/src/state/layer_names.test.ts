import { describe, expect, it } from "vitest";
import { shortLayerNames } from "./layer_names";

const short = (...names: string[]) => [...shortLayerNames(names).values()];

describe("short layer names", () => {
  it("leave out what all names begin and end with", () => {
    expect(short("encoder.layer.0.output", "encoder.layer.11.output")).toEqual(["0", "11"]);
    expect(short("net/block1", "net/block2/out")).toEqual(["block1", "block2/out"]);
  });

  it("keep whole parts, and names that share none", () => {
    expect(short("stage1", "stage2")).toEqual(["stage1", "stage2"]);
    expect(short("layer.1", "layer.2", "classifier")).toEqual(["layer.1", "layer.2", "classifier"]);
  });

  it("never become empty or alike", () => {
    expect(short("a.b", "a.b.c")).toEqual(["b", "b.c"]);
    expect(short("x.a", "x.a.a")).toEqual(["a", "a.a"]);
    expect(short("only.one")).toEqual(["only.one"]);
    expect(short()).toEqual([]);
  });
});
