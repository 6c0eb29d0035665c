import { describe, expect, it } from "vitest";
import { listed, movedTo, sameOrder, toggled } from "./ordered_choice";

const all = ["a", "b", "c", "d"];

describe("choosing and ordering", () => {
  it("lists what is hidden behind what comes before it", () => {
    expect(listed(all, ["a", "c", "d"])).toEqual(all);
    expect(listed(all, ["d", "a"])).toEqual(["d", "a", "b", "c"]);
    expect(listed(all, ["c"])).toEqual(["a", "b", "c", "d"]);
  });

  it("hides and shows again at the same place", () => {
    const order = ["d", "b", "a", "c"];
    const less = toggled(all, order, "b");
    expect(less).toEqual(["d", "a", "c"]);
    expect(toggled(all, all.slice(1), "a")).toEqual(all);
    expect(toggled(all, less, "b")).toEqual(["d", "a", "b", "c"]);
  });

  it("forgets what is no more", () => {
    expect(listed(all, ["gone", "b"])).toEqual(["a", "b", "c", "d"]);
  });

  it("moves one to a place and no farther than the ends", () => {
    expect(movedTo(all, "a", 2)).toEqual(["b", "c", "a", "d"]);
    expect(movedTo(all, "d", -1)).toEqual(["d", "a", "b", "c"]);
    expect(movedTo(all, "a", 9)).toEqual(["b", "c", "d", "a"]);
  });

  it("tells an order from another", () => {
    expect(sameOrder(all, [...all])).toBe(true);
    expect(sameOrder(all, all.toReversed())).toBe(false);
    expect(sameOrder(all, all.slice(1))).toBe(false);
  });
});
