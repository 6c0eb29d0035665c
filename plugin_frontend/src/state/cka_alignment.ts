/**
 * Columns that are a teacher's layers: in each stands, of every other model, the layer whose linear CKA with the teacher's
 * is highest. So a layer may stand in several columns, or in none. Pure functions of rows and measures.
 */

import type { MeasureSeries } from "../api/types";
import type { Columns } from "./alignment";
import { isTeacher, type Row } from "./rows";
import { type Measures, measuresOf, seriesNamed } from "./series";
import { storedStep } from "./timeline";

export const MATCHING_MEASURE = "linear_cka";

/** Why a layer stands where it does. */
export interface Likeness {
  readonly value: number;
  readonly step: number;
}

export interface CkaColumns extends Columns {
  /** For each row, for each column; null for the teacher's own and where nothing stands. */
  readonly likeness: readonly (readonly (Likeness | null)[])[];
  /** For each row: whether it was compared with the teacher, or is that teacher. */
  readonly compared: readonly boolean[];
}

/** One layer of a row against each of the teacher's. */
type Pairs = ReadonlyMap<string, MeasureSeries>;

const layerNames = (row: Row) => row.model.layers.map((layer) => layer.name);
const sameLayers = (a: Row, b: Row) => JSON.stringify(layerNames(a)) === JSON.stringify(layerNames(b));

/**
 * The comparisons of a row with a teacher, by layer. Where several runs watched the same teacher, each row is compared
 * with its own run's: a teacher with the same layers is as good.
 */
function pairsOf(measures: Measures, row: Row, teacher: Row, all: readonly Row[]): ReadonlyMap<string, Pairs> | null {
  const found = measuresOf(measures, row);
  if (found === null) return null;
  const twins = all.filter((one) => one !== teacher && isTeacher(one) && sameLayers(one, teacher));
  for (const one of [teacher, ...twins.filter((twin) => twin.run === row.run)]) {
    const isWith = (series: MeasureSeries) =>
      series.other_model === one.model.name && (series.other_run ?? row.run) === one.run;
    const pairs = row.model.layers.map(({ name }) => {
      const series = seriesNamed(found, MATCHING_MEASURE, name).filter(isWith);
      return [name, new Map(series.flatMap((pair) => (pair.other_layer === null ? [] : [[pair.other_layer, pair]])))];
    }) as [string, Pairs][];
    if (pairs.some(([, series]) => series.size > 0)) return new Map(pairs);
  }
  return null;
}

/** The steps of a row at which any of its comparisons has a value. */
function comparedSteps(measures: Measures, row: Row, pairs: ReadonlyMap<string, Pairs>): number[] {
  const series = [...pairs.values()].flatMap((one) => [...one.values()]);
  const steps = measuresOf(measures, row)?.steps ?? [];
  return steps.filter((_, at) => series.some((one) => one.values[at] !== null && one.values[at] !== undefined));
}

/** The newest step at which any row is compared with the teacher; null where none is. */
export function newestComparedStep(
  measures: Measures,
  rows: readonly Row[],
  teacher: Row,
  all: readonly Row[],
): number | null {
  const steps = rows.flatMap((row) => {
    const pairs = row === teacher ? null : pairsOf(measures, row, teacher, all);
    return pairs === null ? [] : comparedSteps(measures, row, pairs);
  });
  return steps.length === 0 ? null : Math.max(...steps);
}

/** `step`: of each row the last comparison not after it counts, else its first. `all`: every row that there is. */
export function alignByCka(
  measures: Measures,
  rows: readonly Row[],
  teacher: Row,
  step: number,
  all: readonly Row[],
): CkaColumns {
  const { layers } = teacher.model;
  const none = layers.map(() => null);
  const found = rows.map((row) => {
    // A twin's layers are the teacher's own, so there is nothing to look for.
    if (row === teacher || (isTeacher(row) && sameLayers(row, teacher)))
      return { cells: row.model.layers, likeness: none, compared: true };
    const pairs = pairsOf(measures, row, teacher, all);
    const stored = pairs === null ? null : storedStep(comparedSteps(measures, row, pairs), step);
    if (pairs === null || stored === null) return { cells: none, likeness: none, compared: false };
    const at = measuresOf(measures, row)?.steps.indexOf(stored) ?? -1;
    const best = layers.map((theirs) => {
      let winner: { layer: Row["model"]["layers"][number]; value: number } | null = null;
      for (const layer of row.model.layers) {
        const value = pairs.get(layer.name)?.get(theirs.name)?.values[at];
        if (typeof value === "number" && (winner === null || value > winner.value)) winner = { layer, value };
      }
      return winner;
    });
    return {
      cells: best.map((one) => one?.layer ?? null),
      likeness: best.map((one) => one && { value: one.value, step: stored }),
      compared: true,
    };
  });
  return {
    count: layers.length,
    cells: found.map((one) => one.cells),
    likeness: found.map((one) => one.likeness),
    compared: found.map((one) => one.compared),
  };
}
