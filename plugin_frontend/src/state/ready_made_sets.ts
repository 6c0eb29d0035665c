/** Sets of samples that one asks for again and again: who is right where others are wrong. At the step on screen. */

import { computed } from "@preact/signals";
import type { Role } from "../api/types";
import { rows, step } from "./grid";
import { outputsOf } from "./outputs";
import { type Row, rowNames } from "./rows";
import { available } from "./selection";
import { probe } from "./server";
import { nameOfTeacher, pupils, teacherOfRow } from "./teachers";

/** What a model predicts. */
export interface Predictions {
  readonly name: string;
  /** Null: none at this step, or not here yet. */
  readonly prediction: ArrayLike<number> | null;
}

/** A model on screen. */
export interface Verdicts extends Predictions {
  readonly role: Role | null;
  /** Its own, on screen or not; the same object for all who have the same. */
  readonly teacher: Predictions | null;
}

export interface ReadyMadeSet {
  readonly key: string;
  readonly label: string;
  /** Exactly which samples it has. */
  readonly text: string;
  /** Null: it cannot be told, by `reason`. */
  readonly samples: readonly number[] | null;
  readonly reason: string | null;
}

interface Side {
  readonly role: Role;
  readonly right: boolean;
}

interface Kind {
  readonly key: string;
  readonly label: string;
  readonly sides: readonly Side[];
}

const OF_ROLES: readonly Kind[] = [
  {
    key: "baseline-wrong-student-right",
    label: "Baseline wrong, student right",
    sides: [
      { role: "baseline", right: false },
      { role: "student", right: true },
    ],
  },
  {
    key: "baseline-right-student-wrong",
    label: "Baseline right, student wrong",
    sides: [
      { role: "baseline", right: true },
      { role: "student", right: false },
    ],
  },
];

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** "student a and student b are wrong", of all shown models of a role. */
function sideText(models: readonly Verdicts[], { role, right }: Side): string {
  const of = models.filter((model) => model.role === role);
  const verb = of.length === 1 ? "is" : "are all";
  return `${listed(of.map(({ name }) => name))} ${verb} ${right ? "right" : "wrong"}`;
}

/** Each student with its own teacher, where they have not the same. */
function againstTeachers(students: readonly Verdicts[], teachers: readonly Predictions[]): string {
  const [first] = teachers;
  if (first === undefined) return "";
  if (teachers.length === 1) return `${sideText(students, { role: "student", right: false })}; ${first.name} is right.`;
  const each = students.map(({ name, teacher }) => `${name} is wrong and its teacher, ${teacher?.name}, is right`);
  return `${each.join("; ")}.`;
}

function lacking(models: readonly Predictions[]): string | null {
  const silent = models.filter(({ prediction }) => prediction === null);
  return silent.length === 0 ? null : `No predictions of ${listed(silent.map(({ name }) => name))} at this step.`;
}

export function readyMadeSets(
  models: readonly Verdicts[],
  labels: readonly number[] | null,
  among: readonly number[],
): ReadyMadeSet[] {
  const isRight = ({ prediction }: Predictions, sample: number) => prediction?.[sample] === labels?.[sample];
  const make = (
    key: string,
    label: string,
    text: string,
    reason: string | null,
    has: (sample: number) => boolean,
  ): ReadyMadeSet => ({ key, label, text, reason, samples: reason === null ? among.filter(has) : null });

  const noLabels = labels === null ? "The probe has no labels, so nothing can be right or wrong." : null;
  const ofRoles = OF_ROLES.map(({ key, label, sides }) => {
    const missing = sides.find(({ role }) => !models.some((model) => model.role === role));
    const involved = models.filter((model) => sides.some(({ role }) => model.role === role));
    const reason = noLabels ?? (missing ? `No ${missing.role} is among the rows.` : lacking(involved));
    const text = missing ? "" : `${sides.map((side) => sideText(models, side)).join("; ")}.`;
    return make(key, label, text, reason, (sample) =>
      sides.every(({ role, right }) =>
        models.every((model) => model.role !== role || isRight(model, sample) === right),
      ),
    );
  });
  const students = models.filter(({ role }) => role === "student");
  const teachers = [...new Set(students.flatMap(({ teacher }) => teacher ?? []))];
  const withTeacher = make(
    "student-wrong-teacher-right",
    "Students wrong, teacher right",
    againstTeachers(students, teachers),
    noLabels ??
      (students.length === 0
        ? "No student is among the rows."
        : students.some(({ teacher }) => teacher === null)
          ? "There is no teacher."
          : lacking([...students, ...teachers])),
    (sample) => students.every((one) => !isRight(one, sample)) && teachers.every((teacher) => isRight(teacher, sample)),
  );
  const names = listed(models.map(({ name }) => name));
  const alone = models.length < 2 ? "It takes two models to disagree." : null;
  return [
    withTeacher,
    ...ofRoles,
    make("disagree", "Models disagree", `${names} do not all predict the same.`, alone ?? lacking(models), (sample) =>
      models.some(({ prediction }) => prediction?.[sample] !== models[0]?.prediction?.[sample]),
    ),
    make(
      "all-wrong",
      "All wrong",
      `${names} ${models.length === 1 ? "is" : "are all"} wrong.`,
      noLabels ?? (models.length === 0 ? "No model is among the rows." : lacking(models)),
      (sample) => models.every((model) => !isRight(model, sample)),
    ),
  ];
}

/** Of the rows that show, at the step that shows. */
export const setsOnScreen = computed(() => {
  if (probe.value === null || step.value === null) return [];
  const names = rowNames(rows.value);
  const predictions = (row: Row, name: string) => ({ name, prediction: outputsOf(row)?.prediction ?? null });
  const teachers = new Map(
    pupils.value.map(({ teacher }) => [
      teacher.key,
      predictions(teacher, nameOfTeacher(teacher) ?? names.get(teacher.key) ?? "the teacher"),
    ]),
  );
  const models = rows.value.map((row) => ({
    ...predictions(row, names.get(row.key) ?? row.model.name),
    role: row.model.role,
    teacher: teachers.get(teacherOfRow(row)?.key ?? "") ?? null,
  }));
  return readyMadeSets(models, probe.value.labels, available.value);
});
