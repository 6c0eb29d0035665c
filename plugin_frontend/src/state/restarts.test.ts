import { expect, it } from "vitest";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { restartedRuns } from "./restarts";

const net = (steps: number[]) => [modelOf("net", "student", steps)];

it("takes growing revisions for restarts, and neither new steps nor new runs", () => {
  const before = overviewOf(runOf("a", net([0, 1])), runOf("b", net([0, 1, 2])));
  const now = overviewOf(runOf("a", net([0, 1, 2])), runOf("b", net([0, 1]), { revision: 1 }), runOf("c", net([0])));
  expect(restartedRuns(before, now)).toEqual(["b"]);
  expect(restartedRuns(null, now)).toEqual([]);
});
