import { expect, it } from "vitest";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { rowStyles } from "./row_styles";
import { rowsOfProbe } from "./rows";

it("gives nine rows of each role nine looks", () => {
  const roles = ["teacher", "student", "baseline", null] as const;
  const models = roles.flatMap((role) => Array.from({ length: 9 }, (_, i) => modelOf(`${role} ${i}`, role, [0])));
  const rows = rowsOfProbe(overviewOf(runOf("run", models)), "probe-1");
  const looks = [...rowStyles(rows).values()].map(({ color, dash }) => `${color} ${dash}`);
  expect(new Set(looks).size).toBe(rows.length);
});
