import { describe, expect, it } from "vitest";
import type { Role } from "../api/types";
import { modelOf } from "./overview.fixture";
import { widestGap } from "./widest_gap";

const curve = (role: Role, steps: number[], values: (number | null)[], name: string = role) => ({
  row: { key: name, run: "run", fingerprint: "probe-1", model: modelOf(name, role, steps) },
  steps,
  values,
});
const STEPS = [0, 10, 20, 30];
const baseline = curve("baseline", STEPS, [0.1, 0.4, 0.6, 0.7]);

describe("the widest gap", () => {
  it("is where student and baseline differ most, whichever is higher", () => {
    const student = curve("student", STEPS, [0.2, 0.5, 0.9, 0.8]);
    expect(widestGap([student, baseline], STEPS)).toMatchObject({
      step: 20,
      values: { student: 0.9, baseline: 0.6 },
    });
    const worse = curve("student", STEPS, [0.1, 0.0, 0.5, 0.7]);
    expect(widestGap([worse, baseline], STEPS)?.step).toBe(10);
  });

  it("is of the pair that differs most, and never with the teacher", () => {
    const near = curve("student", STEPS, [0.1, 0.4, 0.6, 0.8], "near");
    const far = curve("student", STEPS, [0.6, 0.4, 0.6, 0.8], "far");
    const teacher = curve("teacher", STEPS, [9, 9, 9, 9]);
    expect(widestGap([teacher, near, far, baseline], STEPS)?.student.key).toBe("far");
    expect(widestGap([teacher, near], STEPS)).toBeNull();
  });

  it("says nothing where values are missing, not there yet, or never differ", () => {
    const late = curve("student", [20, 30], [null, 0.8]);
    expect(widestGap([late, baseline], STEPS)?.step).toBe(30);
    expect(widestGap([curve("student", STEPS, baseline.values), baseline], STEPS)).toBeNull();
  });
});
