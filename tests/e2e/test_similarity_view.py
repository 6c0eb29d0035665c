"""The Similarity view in a real browser: its heat maps are what /measures says."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import expect

from kd_projector.demo.network import LAYERS
from tests.e2e.measures_shown import ROWS, fetch_measures, show, three_digits
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard


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
