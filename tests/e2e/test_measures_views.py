"""The Measures and the Similarity view in a real browser: what they show is what /measures says."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Request, expect

from kd_projector.demo.network import LAYERS
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, MeasureValue, ModelInfo, ProbeRecord, RunWriter
from tests.conftest import digits_embedding
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

ROWS = (("distilled", "teacher"), ("distilled", "student"), ("baseline", "baseline"))


def fetch_measures(board: TensorBoard, run: str) -> Mapping[str, Any]:
    """What /measures says of a run."""
    query = urllib.parse.urlencode({"run": run})
    with urllib.request.urlopen(f"{board.address}/data/plugin/kd_projector/measures?{query}") as answer:
        measures: Mapping[str, Any] = json.load(answer)
    return measures


def column(board: TensorBoard, run: str, model: str, measure: str, layer: str | None) -> list[float | None]:
    """One series of one layer (or of the outputs) that is compared with nobody."""
    (series,) = [
        one["values"]
        for one in fetch_measures(board, run)[model]["series"]
        if (one["measure"], one["layer"], one["other_layer"]) == (measure, layer, None)
    ]
    values: list[float | None] = series
    return values


def three_digits(value: float | None) -> str:
    """As the panel writes a value."""
    if value is None:
        return "\u2013"
    size = abs(value)
    return f"{value:.0f}" if size >= 1000 else f"{value:.1f}" if size >= 10 else f"{value:.{2 if size >= 1 else 3}f}"


def show(panel: PanelPage, view: str) -> None:
    panel.get(f"view-{view}").check(force=True)
    panel.wait_for("s.view === argument", view)


def test_the_views_are_changed_by_the_keyboard_and_no_maps_are_asked_for_meanwhile(panel: PanelPage) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    panel.get("view-projector").focus()
    panel.page.keyboard.press("ArrowRight")
    panel.wait_for("s.view === 'measures'")
    expect(panel.get("small-chart").first).to_be_visible()
    expect(panel.get("map")).to_have_count(0)
    expect(panel.get("color-by")).to_have_count(0)  # it would mean nothing here
    expect(panel.get("rows")).to_be_visible()
    panel.page.on("request", note)
    panel.press("Home")
    panel.wait_for("s.step === 0")
    panel.press("ArrowRight")
    panel.wait_for("s.step === s.steps[1]")
    panel.get("view-measures").focus()
    panel.page.keyboard.press("ArrowRight")
    panel.wait_for("s.view === 'similarity' && s.heatMaps.length > 0")
    assert panel.state["panels"] == []
    assert not [url for url in asked if "/frames" in url]
    panel.page.keyboard.press("ArrowRight")  # round to the first
    panel.wait_for("s.view === 'projector'")
    panel.wait_until_drawn()
    assert panel.state["step"] == panel.state["steps"][1]


def test_a_chart_a_layer_shows_the_values_of_all_models(panel: PanelPage, board: TensorBoard) -> None:
    show(panel, "measures")
    charts = panel.state["charts"]
    assert [chart["title"] for chart in charts] == list(LAYERS)
    for chart, layer in zip(charts, LAYERS, strict=True):
        assert [(curve["run"], curve["model"]) for curve in chart["curves"]] == list(ROWS)
        for curve in chart["curves"]:
            assert curve["values"] == column(board, curve["run"], curve["model"], "knn_accuracy", layer)
    assert panel.get("small-line").count() == len(LAYERS) * len(ROWS)
    expect(panel.get("measure-note")).to_contain_text("Higher tells the classes apart better.")
    beside = panel.get("small-chart").nth(2).get_by_test_id("reading")
    for i, (run, model) in enumerate(ROWS):
        last = column(board, run, model, "knn_accuracy", LAYERS[2])[-1]
        expect(beside.nth(i)).to_have_text(three_digits(last))


def test_pointing_at_a_chart_reads_all_charts_at_that_step_and_a_click_goes_there(
    panel: PanelPage, board: TensorBoard
) -> None:
    show(panel, "measures")
    box = panel.get("small-plot").nth(1).bounding_box()
    assert box is not None
    panel.page.mouse.move(box["x"] + 50, box["y"] + 40)  # the left end of the lines
    panel.wait_for("s.readAt === 0 && s.step !== 0")
    expect(panel.get("crosshair")).to_have_count(len(LAYERS))
    for n, layer in enumerate(LAYERS):
        first = column(board, "distilled", "student", "knn_accuracy", layer)[0]
        expect(panel.get("small-chart").nth(n).get_by_test_id("reading").nth(1)).to_have_text(three_digits(first))
    legend = panel.get("lines-legend")
    expect(legend.locator("h2")).to_have_text(f"{LAYERS[1]}, step 0")
    expect(legend.locator("td.number").nth(1)).to_have_text(
        three_digits(column(board, "distilled", "student", "knn_accuracy", LAYERS[1])[0])
    )
    panel.page.mouse.down()
    panel.page.mouse.up()
    panel.wait_for("s.step === 0")


def test_the_measure_is_chosen_from_groups_and_outputs_show_together(panel: PanelPage, board: TensorBoard) -> None:
    show(panel, "measures")
    panel.get("measure-menu").press("Enter")
    sheet = panel.get("measure-menu-sheet")
    expect(sheet).to_contain_text("Class structure")
    expect(sheet).to_contain_text("Lower is more compact")
    panel.frame.locator("[data-measure=linear_cka]").check()
    panel.wait_for("s.measure === 'linear_cka'")
    panel.page.keyboard.press("Escape")
    expect(panel.get("small-chart").first).to_contain_text(f"with teacher's {LAYERS[0]}")
    (expected,) = [
        one["values"]
        for one in fetch_measures(board, "distilled")["student"]["series"]
        if (one["measure"], one["layer"], one["other_layer"]) == ("linear_cka", LAYERS[3], LAYERS[3])
    ]
    (curve,) = [one for one in panel.state["charts"][3]["curves"] if one["model"] == "student"]
    assert curve["values"] == expected
    panel.get("measure-menu").click()
    panel.frame.locator("[data-measure=accuracy]").check()
    panel.wait_for("s.measure === 'accuracy'")
    charts = {chart["key"]: chart for chart in panel.state["charts"]}
    assert {"accuracy", "top1_agreement", "kl_divergence"} <= set(charts)
    assert charts["accuracy"]["curves"][1]["values"] == column(board, "distilled", "student", "accuracy", None)


def test_by_depth_a_chart_a_measure_follows_the_slider(panel: PanelPage, board: TensorBoard) -> None:
    show(panel, "measures")
    panel.get("over-depth").check(force=True)
    panel.wait_for("s.measuresOver === 'depth'")

    def student(measure: str) -> tuple[list[float], list[float]]:
        (chart,) = [one for one in panel.state["charts"] if one["key"] == measure]
        (curve,) = [one for one in chart["curves"] if one["model"] == "student"]
        assert curve["layers"] == list(LAYERS)
        return curve["xs"], curve["values"]

    for key, place in (("End", -1), ("Home", 0)):
        panel.press(key)
        panel.wait_for("s.step === s.steps.at(argument)", place)
        for measure in ("knn_accuracy", "silhouette", "scatter_ratio"):
            depths, values = student(measure)
            np.testing.assert_allclose(depths, np.linspace(0, 1, len(LAYERS)))
            assert values == [column(board, "distilled", "student", measure, layer)[place] for layer in LAYERS]
    first = panel.get("small-chart").first
    expect(first.get_by_test_id("small-table")).to_contain_text(f"{LAYERS[0]}: ")
    expect(first).to_contain_text("Higher tells the classes apart better.")
    box = panel.get("small-plot").first.bounding_box()
    assert box is not None
    panel.page.mouse.move(box["x"] + 48, box["y"] + 40)
    panel.wait_for("s.readAt === 0")
    expect(panel.get("lines-legend").locator("h2")).to_contain_text(LAYERS[0])


def test_the_heat_map_is_what_the_measures_say_and_marks_the_most_alike(panel: PanelPage, board: TensorBoard) -> None:
    show(panel, "similarity")
    heat = next(one for one in panel.state["heatMaps"] if one["model"] == "student")
    assert heat["teacher"] == {"run": "distilled", "model": "teacher"}
    assert heat["teacherLayers"] == list(LAYERS)
    series = fetch_measures(board, "distilled")["student"]["series"]
    pairs = {(one["layer"], one["other_layer"]): one["values"] for one in series if one["measure"] == "linear_cka"}
    shown = np.array([line["values"] for line in heat["lines"]])
    expected = np.array([[pairs[ours, theirs][-1] for theirs in LAYERS] for ours in LAYERS])
    np.testing.assert_array_equal(shown, expected)
    table = panel.get("heat-map").first
    cells = table.get_by_test_id("cell")
    assert cells.count() == len(LAYERS) ** 2
    written = np.array([float(cell) for cell in cells.all_inner_texts()]).reshape(shown.shape)
    np.testing.assert_allclose(written, expected, atol=0.005001)
    marked = [i for i, cell in enumerate(cells.all()) if cell.get_attribute("data-best") == "true"]
    assert marked == [len(LAYERS) * n + int(best) for n, best in enumerate(expected.argmax(axis=1))]
    panel.press("Home")
    panel.wait_for("s.step === 0")
    expect(cells.first).to_have_attribute("data-value", str(pairs[LAYERS[0], LAYERS[0]][0]))


def test_a_click_on_a_cell_opens_exactly_its_two_maps_and_escape_goes_back(panel: PanelPage) -> None:
    show(panel, "similarity")
    cell = panel.get("heat-map").first.locator("[data-line='1'][data-column='3']")
    cell.hover()
    expect(panel.get("cell-tip")).to_contain_text(f"{LAYERS[1]} with teacher's {LAYERS[3]}")
    expect(panel.get("cell-value")).to_have_text(three_digits(float(cell.get_attribute("data-value") or "nan")))
    cell.click()
    panel.wait_for("s.view === 'projector'")
    panel.wait_until_drawn()
    maps = [("teacher", LAYERS[3]), ("student", LAYERS[1])]
    assert [(one["model"], one["layer"]) for one in panel.state["panels"]] == maps
    expect(panel.get("pair-reading")).to_contain_text("Linear CKA")
    sample = panel.lonely_sample(0)
    panel.page.mouse.move(*panel.places(0)[sample])
    panel.wait_for("s.hovered === argument", sample)
    expect(panel.get("sample-card")).to_be_visible()
    panel.press("Home")
    panel.wait_for("s.step === 0")
    panel.wait_until_drawn()
    panel.page.keyboard.press("Escape")
    panel.wait_for("s.focus === null && s.panels.length === argument", len(ROWS) * len(LAYERS))
    panel.wait_until_drawn()


def test_the_keyboard_goes_through_a_heat_map_and_opens_a_cell(panel: PanelPage) -> None:
    show(panel, "similarity")
    step = panel.state["step"]
    heat = panel.get("heat-map").first
    heat.get_by_test_id("cell").first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "End", "ArrowLeft"):
        panel.page.keyboard.press(key)
    there = heat.locator(f"[data-line='0'][data-column='{len(LAYERS) - 2}']")
    expect(there).to_be_focused()
    expect(panel.get("cell-tip")).to_be_visible()
    assert panel.state["step"] == step  # the arrows were the table's
    assert heat.locator("[tabindex='0']").count() == 1
    panel.page.keyboard.press("Enter")
    panel.wait_for("s.panels.length === 2")
    panel.wait_until_drawn()
    panel.get("back-to-all").press("Enter")
    panel.wait_for("s.focus === null && s.panels.length > 2")
    panel.wait_until_drawn()


def write_layers(run: Path, models: tuple[ModelInfo, ...], values: list[MeasureValue]) -> None:
    """A run of 40 samples at step 0; `values` are of its last model."""
    with RunWriter(run) as writer:
        writer.write_probe(ProbeRecord("c" * 32, tuple(map(str, range(40))), None, None, {}))
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "c" * 32, 40, models))
        for m, model in enumerate(models):
            embeddings = {layer.name: digits_embedding(40, (m, i)) for i, layer in enumerate(model.layers)}
            writer.write_step(model.name, 0, embeddings, {}, values if m == len(models) - 1 else [])
    ScalarLog(run).close()


@pytest.fixture
def odd_board(tmp_path: Path) -> Iterator[TensorBoard]:
    """A teacher of twelve layers with a student as deep; a baseline of one layer; no labels, one step."""
    deep = tuple(LayerInfo(f"encoder.layer.{i}.output", 16, (16,), "mean") for i in range(12))
    models = (ModelInfo("teacher", "teacher", True, deep), ModelInfo("student", "student", False, deep))
    pairs = [
        MeasureValue("linear_cka", 1 / (1 + abs(i - j)), ours.name, "teacher", theirs.name)
        for i, ours in enumerate(deep)
        for j, theirs in enumerate(deep)
    ]
    write_layers(tmp_path / "deep", models, pairs)
    alone = ModelInfo("baseline", "baseline", False, (LayerInfo("only", 16, (16,), "mean"),))
    write_layers(tmp_path / "alone", (alone,), [])
    with TensorBoard("--logdir", str(tmp_path)) as board:
        yield board


def test_what_is_not_there_is_said_with_what_to_do(odd_board: TensorBoard, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel = PanelPage(context.new_page(), odd_board.address)
    panel.get("method-pca").check(force=True)
    show(panel, "similarity")
    heat = panel.get("heat-map")
    assert heat.count() == 1
    assert heat.get_by_test_id("cell").count() == 144
    assert heat.locator("[data-best=true]").count() == 12
    assert heat.locator("thead th").all_inner_texts() == [str(i) for i in range(12)]
    missing = panel.get("not-compared")
    expect(missing).to_contain_text("watched no teacher")
    missing.get_by_test_id("copy-command").click()
    expect(missing.get_by_test_id("copy-command")).to_have_text("Copied")
    assert panel.page.evaluate("() => navigator.clipboard.readText()") == "kd-projector measure LOGDIR"

    show(panel, "measures")
    panel.get("measure-menu").click()
    expect(panel.get("missing-measures")).to_contain_text("Need labels")
    panel.page.keyboard.press("Escape")
    panel.get("over-depth").check(force=True)
    expect(panel.get("no-measures")).to_be_visible()  # no measure of single layers was logged
    assert panel.complaints == []
    assert odd_board.complaints() == []


def test_measures_computed_afterwards_appear_by_themselves(
    odd_board: TensorBoard, tmp_path: Path, context: BrowserContext
) -> None:
    panel = PanelPage(context.new_page(), odd_board.address)
    panel.get("method-pca").check(force=True)
    show(panel, "similarity")
    expect(panel.get("not-compared")).to_have_count(1)
    command = [sys.executable, "-m", "kd_projector.cli", "measure", str(tmp_path), "--measure", "linear_cka"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    panel.wait_for("s.heatMaps.length === 2")
    baseline = panel.state["heatMaps"][1]
    assert (baseline["run"], baseline["teacher"]) == ("alone", {"run": "deep", "model": "teacher"})
    assert len(baseline["lines"]) == 1
    panel.get("heat-map").nth(1).get_by_test_id("cell").last.click()  # the maps of two runs
    panel.wait_until_drawn()
    assert [(one["run"], one["model"]) for one in panel.state["panels"]] == [("deep", "teacher"), ("alone", "baseline")]
