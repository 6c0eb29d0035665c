import { describe, expect, it } from "vitest";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { probeGroups, rowNames, rowsAtFirst, rowsOfProbe } from "./rows";

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
