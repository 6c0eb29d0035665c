/** The rows of the grid: which models of which runs there are, in what order, and which show unless the user says otherwise. */

import type { ModelInfo, Overview, RunInfo } from "../api/types";

export interface Row {
  /** Identifies the row; see `rowKey`. */
  readonly key: string;
  readonly run: string;
  readonly fingerprint: string;
  readonly model: ModelInfo;
}

/** A probe that one or more runs share. */
export interface ProbeGroup {
  readonly fingerprint: string;
  readonly size: number;
  readonly runs: readonly string[];
}

const MAX_ROWS_AT_FIRST = 6;
const ROLE_ORDER = { teacher: 0, student: 1, baseline: 2 } as const;

export const isTeacher = (row: Row) => row.model.role === "teacher";

export function rowKey(run: string, model: string): string {
  return JSON.stringify([run, model]);
}

/** The probes, the one with most runs first. */
export function probeGroups(overview: Overview): ProbeGroup[] {
  const groups = new Map<string, { fingerprint: string; size: number; runs: string[] }>();
  for (const run of overview.runs) {
    if (run.fingerprint === null) continue;
    const group = groups.get(run.fingerprint) ?? { fingerprint: run.fingerprint, size: run.size, runs: [] };
    group.runs.push(run.name);
    groups.set(run.fingerprint, group);
  }
  return [...groups.values()].sort((a, b) => b.runs.length - a.runs.length);
}

/** All rows of one probe: teachers first, then students, baselines and others; within a role as the runs are listed. */
export function rowsOfProbe(overview: Overview, fingerprint: string): Row[] {
  const runs = overview.runs.filter((run) => run.fingerprint === fingerprint);
  return runs.flatMap(rowsOfRun).sort((a, b) => roleOrder(a) - roleOrder(b));
}

/** The rows of these keys: teachers on top, and otherwise in the keys' order. */
export function inChosenOrder(rows: readonly Row[], keys: readonly string[]): Row[] {
  const chosen = keys.flatMap((key) => rows.find((row) => row.key === key) ?? []);
  return [...chosen.filter(isTeacher), ...chosen.filter((row) => !isTeacher(row))];
}

function rowsOfRun(run: RunInfo): Row[] {
  const { name, fingerprint } = run;
  if (fingerprint === null) return [];
  return run.models.map((model) => ({ key: rowKey(name, model.name), run: name, fingerprint, model }));
}

function roleOrder(row: Row): number {
  return row.model.role === null ? 3 : ROLE_ORDER[row.model.role];
}

/**
 * The rows that show at first: one teacher (several runs often watched the same one) and the first few others, one
 * baseline among them however many students come before it.
 */
export function rowsAtFirst(rows: readonly Row[]): Row[] {
  const teacher = rows.find(isTeacher);
  const shown = rows.filter((row) => !isTeacher(row) || row === teacher);
  const baseline = shown.find((row) => row.model.role === "baseline");
  if (baseline === undefined || shown.indexOf(baseline) < MAX_ROWS_AT_FIRST) return shown.slice(0, MAX_ROWS_AT_FIRST);
  return [...shown.slice(0, MAX_ROWS_AT_FIRST - 1), baseline];
}

/** A row's teacher: of its own run, rather one that shows; else one that shows; else any. Null where there is none. */
export function teacherOf(row: Row, shown: readonly Row[], all: readonly Row[]): Row | null {
  const [shownTeachers, teachers] = [shown.filter(isTeacher), all.filter(isTeacher)];
  const ofRun = (one: Row) => one.run === row.run;
  return shownTeachers.find(ofRun) ?? teachers.find(ofRun) ?? shownTeachers[0] ?? teachers[0] ?? null;
}

/** By run: its name, without the folders that all these rows' runs share, which "…/" stands for. */
export function shortRuns(rows: readonly Row[]): ReadonlyMap<string, string> {
  const runs = [...new Set(rows.map((row) => row.run))];
  const paths = runs.map((run) => run.split("/"));
  const [first = [], ...others] = paths;
  let shared = 0;
  while (
    runs.length > 1 &&
    paths.every((path) => shared < path.length - 1) &&
    others.every((path) => path[shared] === first[shared])
  )
    shared += 1;
  return new Map(
    runs.map((run, i) => [run, shared === 0 ? run : `…/${(paths[i] as string[]).slice(shared).join("/")}`]),
  );
}

/**
 * What each row is called where there is little room, by row key: its role, its model or its run, whichever first tells
 * it from all rows that have no name yet; else model and run. No two rows get one name.
 */
export function rowNames(rows: readonly Row[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const runs = shortRuns(rows);
  const runOf = (row: Row) => runs.get(row.run) as string;
  const readings = [(row: Row) => row.model.role, (row: Row) => row.model.name, runOf];
  for (const read of readings) {
    const nameless = rows.filter((row) => !names.has(row.key));
    const taken = new Set(names.values());
    for (const row of nameless) {
      const name = read(row);
      const shared = nameless.some((other) => other !== row && read(other) === name);
      if (name !== null && !shared && !taken.has(name)) names.set(row.key, name);
    }
  }
  for (const row of rows) if (!names.has(row.key)) names.set(row.key, `${row.model.name} · ${runOf(row)}`);
  return names;
}
