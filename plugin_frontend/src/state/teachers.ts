/**
 * Whose teacher is meant by "the teacher": that of a model's own run, shown or not, else the first that shows (`teacherOf`).
 * One rule for overlap, agreement, sets of samples and the inspector; where it makes several teachers, each is named by its run.
 */

import { computed } from "@preact/signals";
import { isTeacher, type Row, rowNames, shortRuns, teacherOf } from "./rows";
import { allRows, rows } from "./shown_rows";

export interface Pupils {
  readonly teacher: Row;
  /** The rows that are compared with it. */
  readonly rows: readonly Row[];
}

/** Teachers that show, and those of rows that show; each with its rows. */
export function pupilsByTeacher(shown: readonly Row[], all: readonly Row[]): Pupils[] {
  const found = new Map<Row, Row[]>(shown.filter(isTeacher).map((teacher) => [teacher, []]));
  for (const row of shown) {
    const teacher = isTeacher(row) ? null : teacherOf(row, shown, all);
    if (teacher !== null) found.set(teacher, [...(found.get(teacher) ?? []), row]);
  }
  return [...found].map(([teacher, pupils]) => ({ teacher, rows: pupils }));
}

export const pupils = computed(() => pupilsByTeacher(rows.value, allRows.value));

const names = computed(() => {
  const teachers = pupils.value.map(({ teacher }) => teacher);
  const runs = shortRuns(teachers);
  return new Map(teachers.map((one) => [one.key, `${one.model.name} of run ${runs.get(one.run) ?? one.run}`]));
});

/** Null where there is but one: "the teacher" is enough. */
export function nameOfTeacher(teacher: Row): string | null {
  return pupils.value.length < 2
    ? null
    : (names.value.get(teacher.key) ?? `${teacher.model.name} of run ${teacher.run}`);
}

/** Null for a teacher itself, and where there is none. */
export function teacherOfRow(row: Row): Row | null {
  return isTeacher(row) ? null : teacherOf(row, rows.value, allRows.value);
}

/** "student of a with resnet of run a": who is compared with whom; empty where there is but one teacher. */
export function comparisons(): string[] {
  const shown = rowNames(rows.value);
  return pupils.value.flatMap(({ teacher, rows: compared }) => {
    const name = nameOfTeacher(teacher);
    return name === null || compared.length === 0
      ? []
      : [`${compared.map((row) => shown.get(row.key) ?? row.model.name).join(", ")}: with ${name}`];
  });
}
