import { describe, expect, it } from "vitest";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { probeGroups, rowNames, rowsAtFirst, rowsOfProbe, shortRuns } from "./rows";

const overview = overviewOf(
  runOf("baseline", [modelOf("net", "baseline", [0])]),
  runOf("other", [modelOf("x", null, [0])], { fingerprint: "probe-2", size: 9 }),
  runOf("soft", [modelOf("net", "student", [0]), modelOf("big", "teacher", [0])]),
  runOf("hard", [modelOf("net", "student", [0]), modelOf("big", "teacher", [0])]),
  runOf("gone", [], { fingerprint: null, error: "It cannot be read." }),
);
const rows = rowsOfProbe(overview, "probe-1");
const named = (list: typeof rows) => list.map((row) => `${row.run}/${row.model.name}`);

describe("the rows", () => {
  it("come teacher first, then students, then baselines, and only of one probe", () => {
    expect(named(rows)).toEqual(["soft/big", "hard/big", "soft/net", "hard/net", "baseline/net"]);
  });

  it("show one teacher at first, though several runs watched it", () => {
    expect(named(rowsAtFirst(rows))).toEqual(["soft/big", "soft/net", "hard/net", "baseline/net"]);
  });

  it("show a baseline at first, however many students come before it", () => {
    const students = Array.from({ length: 9 }, (_, i) => runOf(`method${i}`, [modelOf("net", "student", [0])]));
    const grid = overviewOf(...students, runOf("plain", [modelOf("net", "baseline", [0])]));
    const shown = rowsAtFirst(rowsOfProbe(grid, "probe-1"));
    expect(shown).toHaveLength(6);
    expect(named(shown).slice(-2)).toEqual(["method4/net", "plain/net"]);
  });

  it("are called without the folders that all their runs share", () => {
    const deep = (...runs: string[]) => {
      const grid = overviewOf(...runs.map((run) => runOf(run, [modelOf("net", "student", [0])])));
      return [...shortRuns(rowsOfProbe(grid, "probe-1")).values()];
    };
    expect(deep("d3/seed0/at", "d3/seed0/kd")).toEqual(["…/at", "…/kd"]);
    expect(deep("d3/seed0/at", "d3/seed1/at")).toEqual(["…/seed0/at", "…/seed1/at"]);
    expect(deep("d3", "d3/seed0")).toEqual(["d3", "d3/seed0"]);
    expect(deep("d3/seed0")).toEqual(["d3/seed0"]);
    expect(deep("a", "b")).toEqual(["a", "b"]);
  });

  it("have names that tell them apart, as short as may be", () => {
    const shown = rowsAtFirst(rows);
    expect(shown.map((row) => rowNames(shown).get(row.key))).toEqual(["teacher", "soft", "hard", "baseline"]);
    expect(new Set(rowNames(rows).values()).size).toBe(rows.length);
    expect(rowNames(rows).size).toBe(rows.length);
  });
});

it("groups the runs by probe, the probe with most runs first, without those that cannot be read", () => {
  expect(probeGroups(overview)).toEqual([
    { fingerprint: "probe-1", size: 4, runs: ["baseline", "soft", "hard"] },
    { fingerprint: "probe-2", size: 9, runs: ["other"] },
  ]);
});
