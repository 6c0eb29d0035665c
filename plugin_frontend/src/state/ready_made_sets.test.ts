import { describe, expect, it } from "vitest";
import { readyMadeSets, type Verdicts } from "./ready_made_sets";

//              sample  0  1  2  3  4
const labels = [0, 1, 2, 3, 4];
const all = [0, 1, 2, 3, 4];
const teacher: Verdicts = { name: "teacher", role: "teacher", teacher: null, prediction: [0, 1, 2, 3, 9] };
const student: Verdicts = { name: "student", role: "student", teacher, prediction: [0, 9, 2, 9, 9] };
const other: Verdicts = { name: "other", role: "student", teacher, prediction: [0, 9, 2, 3, 8] };
const baseline: Verdicts = { name: "baseline", role: "baseline", teacher, prediction: [9, 9, 2, 3, 9] };

function setOf(key: string, models: readonly Verdicts[], of: readonly number[] | null = labels, among = all) {
  const one = readyMadeSets(models, of, among).find((set) => set.key === key);
  if (one === undefined) throw new Error(`no set ${key}`);
  return one;
}

describe("with one model of each role", () => {
  const models = [teacher, student, baseline];

  it("finds who is right where others are wrong", () => {
    expect(setOf("student-wrong-teacher-right", models).samples).toEqual([1, 3]);
    expect(setOf("baseline-wrong-student-right", models).samples).toEqual([0]);
    expect(setOf("baseline-right-student-wrong", models).samples).toEqual([3]);
    expect(setOf("disagree", models).samples).toEqual([0, 1, 3]);
    expect(setOf("all-wrong", models).samples).toEqual([4]);
  });

  it("looks only among those that there are", () => {
    expect(setOf("student-wrong-teacher-right", models, labels, [3, 4]).samples).toEqual([3]);
  });
});

it("takes all shown students together, and says so", () => {
  const set = setOf("student-wrong-teacher-right", [teacher, student, other]);
  expect(set.samples).toEqual([1]);
  expect(set.text).toBe("student and other are all wrong; teacher is right.");
});

it("asks each student's own teacher, shown or not, and names them where they are several", () => {
  const hidden = { name: "net of run b", prediction: [9, 1, 2, 9, 4] };
  const ofB: Verdicts = { ...other, teacher: hidden };
  const set = setOf("student-wrong-teacher-right", [teacher, student, ofB]);
  expect(set.samples).toEqual([1]); // both students wrong, both teachers right
  expect(setOf("student-wrong-teacher-right", [teacher, ofB]).samples).toEqual([1, 4]); // the shown one has no say
  expect(set.text).toBe(
    "student is wrong and its teacher, teacher, is right; other is wrong and its teacher, net of run b, is right.",
  );
  const alone = setOf("student-wrong-teacher-right", [{ ...student, teacher: null }]);
  expect(alone.reason).toBe("There is no teacher.");
});

describe("what cannot be told says why", () => {
  it("without a role, labels, predictions or a second model", () => {
    const without = setOf("baseline-wrong-student-right", [teacher, student]);
    expect([without.samples, without.reason]).toEqual([null, "No baseline is among the rows."]);
    expect(setOf("all-wrong", [teacher], null).reason).toMatch(/no labels/);
    expect(setOf("disagree", [teacher, student], null).samples).toEqual([1, 3]); // needs none
    const silent = { ...student, prediction: null };
    expect(setOf("disagree", [teacher, silent]).reason).toBe("No predictions of student at this step.");
    expect(setOf("disagree", [teacher]).reason).toMatch(/two models/);
  });

  it("but a model without predictions spoils no set that it has no part in", () => {
    const set = setOf("student-wrong-teacher-right", [teacher, student, { ...baseline, prediction: null }]);
    expect(set.samples).toEqual([1, 3]);
  });
});
