import { describe, expect, it } from "vitest";
import { modelColumns } from "./model_columns";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { overview } from "./server";
import { chosenRows } from "./settings";
import { allRows } from "./shown_rows";
import { comparisons, nameOfTeacher, pupils, teacherOfRow } from "./teachers";

const net = modelOf("net", "student", [0]);
const big = modelOf("big", "teacher", [0]);
const row = (run: string, model: string) => {
  const found = allRows.value.find((one) => one.run === run && one.model.name === model);
  if (found === undefined) throw new Error(`no ${run}/${model}`);
  return found;
};

describe("the teacher of a row", () => {
  it("is its own run's, shown or not, else the first that shows; several are named by their runs", () => {
    overview.value = overviewOf(runOf("a", [net, big]), runOf("b", [net, big]), runOf("c", [net]));
    chosenRows.value = null; // teacher of a, students of a, b and c
    expect(teacherOfRow(row("b", "net"))).toBe(row("b", "big"));
    expect(teacherOfRow(row("c", "net"))).toBe(row("a", "big"));
    expect(teacherOfRow(row("a", "big"))).toBeNull();
    expect(pupils.value.map(({ teacher }) => nameOfTeacher(teacher))).toEqual(["big of run a", "big of run b"]);
    expect(comparisons()).toEqual(["a, c: with big of run a", "b: with big of run b"]);
  });

  it("needs no name where it is the only one", () => {
    overview.value = overviewOf(runOf("a", [net, big]), runOf("c", [net]));
    expect(nameOfTeacher(row("a", "big"))).toBeNull();
    expect(comparisons()).toEqual([]);
  });
});

describe("why a value is not known", () => {
  const known = {
    fingerprint: "probe-1",
    size: 1,
    ids: ["x"],
    labels: null,
    class_names: null,
    metadata: {},
    thumbnails: null,
  };
  const said = (key: string, value?: number) =>
    modelColumns(known)
      .find((column) => column.key === key)
      ?.unknown({ row: row("a", "net"), panel: null }, value);

  it("tells a student without any teacher from a teacher, and what is not a number from what was not logged", () => {
    overview.value = overviewOf(runOf("a", [net]));
    expect(said("agreement")).toBe("There is no teacher");
    expect(said("confidence")).toBe("Not logged for this model");
    expect(said("confidence", Number.NaN)).toBe("Not a number (NaN) in the log");
    overview.value = overviewOf(runOf("a", [modelOf("net", "teacher", [0])]));
    expect(said("agreement")).toBe("The teacher itself");
  });
});
