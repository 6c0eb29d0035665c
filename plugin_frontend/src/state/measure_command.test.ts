import { describe, expect, it } from "vitest";
import { commandToMeasure } from "./measure_command";

const groups = {
  similarity: ["cka", "rsa"],
  geometry: ["rank", "norm", "angle"],
  classes: ["knn", "nc1", "nc2", "nc3"],
};
const described = Object.fromEntries(
  Object.entries(groups).flatMap(([group, names]) => names.map((name) => [name, { group }])),
);

describe("the command that computes what is missing", () => {
  it("names each measure", () => {
    expect(commandToMeasure(["rsa", "rank"], described)).toBe(
      "kd-projector measure LOGDIR --measure rsa --measure rank",
    );
  });

  it("names a group rather than many of its measures", () => {
    expect(commandToMeasure(["cka", "rsa", "nc1", "nc2", "nc3"], described)).toBe(
      "kd-projector measure LOGDIR --measure cka --measure rsa --measure classes",
    );
  });

  it("asks for all measures rather than for a long list", () => {
    expect(commandToMeasure(["cka", "rsa", "rank", "norm", "nc1", "nc2"], described)).toBe(
      "kd-projector measure LOGDIR --measure all",
    );
  });

  it("leaves the choice to the command where none is named", () => {
    expect(commandToMeasure([], described)).toBe("kd-projector measure LOGDIR");
  });
});
