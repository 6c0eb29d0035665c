"""The Measures view in a real browser: what it shows is what /measures says."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Request, expect

from kd_projector.demo.network import LAYERS
from tests.e2e.measures_shown import ROWS, column, fetch_measures, show, three_digits
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard


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
    panel.page.keyboard.press("ArrowRight")
    panel.wait_for("s.view === 'about'")
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
