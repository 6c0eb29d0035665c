import { expect, it } from "vitest";
import { modelOf, overviewOf, runOf } from "./overview.fixture";
import { embeddingName } from "./reference_name";
import { rowsOfProbe } from "./rows";

const run = (name: string, model: string) => runOf(name, [modelOf(model, "student", [0, 12000])]);

it("names a reference's model, layer and step, and its run only where that tells it apart", () => {
  const rows = rowsOfProbe(overviewOf(run("one", "net"), run("two", "other")), "probe-1");
  expect(embeddingName(["one", "net", "a", 12000], rows)).toBe("net · a, step 12\u2009000");
  const alike = rowsOfProbe(overviewOf(run("one", "net"), run("two", "net")), "probe-1");
  expect(embeddingName(["one", "net", "a", 0], alike)).toBe("net (one) · a, step 0");
});
