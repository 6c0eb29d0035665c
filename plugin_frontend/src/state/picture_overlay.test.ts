import { describe, expect, it } from "vitest";
import { wipePart } from "./overlay";
import { ofBoth, overlayText, wipeOf } from "./picture_overlay";

const PLACE = { x: 20, y: 90, width: 400, height: 300 };

describe("a picture of two maps one over the other", () => {
  it("says of both which they are and how much of each shows", () => {
    expect(ofBoth(["student · stage2", "baseline · stage2"])).toBe("A student · stage2 | B baseline · stage2");
    expect(overlayText("wipe", 0.5, 0)).toBe("wipe at 50%");
    expect(overlayText("blend", 0.704, 1)).toBe("blend, B in front, 70% B");
  });

  it("has the wipe's line where A's part ends, and none in a blend", () => {
    const a = wipePart(0, 0.3, PLACE);
    expect(wipeOf("wipe", 0.3, PLACE)).toEqual({ x: a.x + a.width, top: 90, bottom: 390, letters: ["A", "B"] });
    expect(wipeOf("blend", 0.3, PLACE)).toBeNull();
  });
});
