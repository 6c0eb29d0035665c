import { beforeEach, describe, expect, it } from "vitest";
import { type PanelInfo, panels, teacherPanelOf } from "./grid";
import { layersNamed, modelOf, overviewOf, runOf } from "./overview.fixture";
import { overview } from "./server";
import { chosenRows, chosenStep, focus } from "./settings";

const deep = layersNamed("a", "b", "c", "d", "e");
const teacher = modelOf("big", "teacher", [0], deep);
const student = modelOf("net", "student", [0, 10], layersNamed("x", "y", "z"));
const baseline = modelOf("net", "baseline", [0, 10], layersNamed("x", "y", "z"));

const panelOf = (model: string, layer: string) =>
  panels.value.find((one) => one.row.model.name === model && one.layer.name === layer) as PanelInfo;
const nameOf = (panel: PanelInfo | null) => panel && `${panel.row.run}/${panel.row.model.name}/${panel.layer.name}`;

beforeEach(() => {
  overview.value = overviewOf(runOf("kd", [teacher, student]), runOf("plain", [baseline]));
  chosenRows.value = null;
  chosenStep.value = null;
  focus.value = null;
});

describe("the teacher's panel of a panel", () => {
  it("is of the layer in the same column", () => {
    expect(nameOf(teacherPanelOf(panelOf("net", "y")))).toBe("kd/big/c");
    expect(teacherPanelOf(panelOf("net", "y"))).toEqual(panelOf("big", "c"));
  });

  it("is there though the teacher does not show", () => {
    const before = teacherPanelOf(panelOf("net", "z"));
    chosenRows.value = ['["kd","net"]'];
    expect(panels.value.every((one) => one.row.model.name === "net")).toBe(true);
    expect(nameOf(teacherPanelOf(panelOf("net", "z")))).toBe("kd/big/e");
    expect(teacherPanelOf(panelOf("net", "z"))?.key).toBe(before?.key);
  });

  it("is the same for a map that has the view to itself", () => {
    focus.value = [{ run: "plain", model: "net", layer: "y" }];
    expect(panels.value).toHaveLength(1);
    expect(nameOf(teacherPanelOf(panels.value[0] as PanelInfo))).toBe("kd/big/c");
  });

  it("is of the row's own run, where that has a teacher", () => {
    const other = modelOf("other", "teacher", [0], layersNamed("p", "q", "r"));
    overview.value = overviewOf(runOf("kd", [teacher, student]), runOf("plain", [other, baseline]));
    chosenRows.value = ['["kd","big"]', '["plain","net"]'];
    expect(nameOf(teacherPanelOf(panelOf("net", "y")))).toBe("plain/other/q");
  });

  it("is null for a teacher's own, and where there is no teacher", () => {
    expect(teacherPanelOf(panelOf("big", "a"))).toBeNull();
    overview.value = overviewOf(runOf("plain", [baseline]));
    expect(teacherPanelOf(panelOf("net", "y"))).toBeNull();
  });
});
