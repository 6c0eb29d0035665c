"""The panel in a real TensorBoard and a real browser, on the demo's runs."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Request, expect

from kd_projector.demo.network import LAYERS
from kd_projector.store import FrameStore, RunReader
from tests.e2e.panel_page import PanelPage

ROWS = ("teacher", "student", "baseline")
STUDENT = len(LAYERS)  # the first panel of the second row


def screenshot(panel: PanelPage) -> np.ndarray:
    """The visible page, (H, W, 3) uint8."""
    return np.asarray(Image.open(io.BytesIO(panel.page.screenshot())).convert("RGB"))


def test_the_grid_has_a_row_a_model_teacher_first_and_a_column_a_layer(panel: PanelPage) -> None:
    panels = [(one["model"], one["layer"]) for one in panel.state["panels"]]
    assert panels == [(model, layer) for model in ROWS for layer in LAYERS]
    assert panel.get("panel").count() == len(panels)
    assert panel.get("row-header").count() == len(ROWS)


def test_every_map_is_drawn_in_many_colours(panel: PanelPage) -> None:
    picture = screenshot(panel)
    for i in range(panel.get("panel").count()):
        box = panel.get("panel").nth(i).get_by_test_id("map").bounding_box()
        assert box is not None
        x, y, width, height = (int(box[side]) for side in ("x", "y", "width", "height"))
        area = picture[y : y + height, x : x + width].reshape(-1, 3).astype(int)
        saturated = area[np.ptp(area, axis=1) > 60]
        assert len(saturated) > 200, f"panel {i} shows {len(saturated)} coloured pixels"
        assert len({tuple(colour // 48) for colour in saturated}) >= 5


def test_the_headers_show_the_embeddings_knn_accuracy_and_the_maps_quality(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    reader = RunReader(demo[0] / "distilled")
    (last,) = [
        value.value
        for value in reader.measures("student", reader.steps("student")[-1])
        if (value.measure, value.layer) == ("knn_accuracy", "stage1")
    ]
    header = panel.get("panel").nth(STUDENT)
    expect(header.get_by_test_id("knn")).to_have_text(f"kNN {last:.2f}")
    frame = panel.state["panels"][STUDENT]["frame"]
    quality = FrameStore(demo[0] / "distilled").get(frame)
    assert quality is not None
    expect(header.get_by_test_id("kept")).to_have_text(f"map {quality.quality['neighbours_kept']:.2f}")


def test_the_slider_moves_the_students_points_smoothly_and_not_the_teachers(panel: PanelPage) -> None:
    assert panel.state["step"] == panel.state["steps"][-1]  # it starts at the newest
    student, teacher = panel.positions(STUDENT), panel.positions(0)
    before = screenshot(panel)
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.wait_until_drawn()
    assert np.abs(panel.positions(STUDENT) - student).max() > 0.05
    np.testing.assert_array_equal(panel.positions(0), teacher)
    assert (screenshot(panel) != before).any()
    panel.press("End")
    panel.wait_for("s.step === s.steps.at(-1)")
    panel.wait_until_drawn()
    np.testing.assert_allclose(panel.positions(STUDENT), student, atol=1e-6)


def test_between_two_steps_points_lie_between_their_places(panel: PanelPage) -> None:
    panel.press("ArrowLeft")
    panel.wait_until_drawn()
    start = panel.positions(STUDENT)
    between = panel.frame.evaluate(
        """(index) => new Promise((resolve) => {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            const look = () => {
                const s = window.__kd_projector;
                if (s.mix > 0.05 && s.mix < 0.95) resolve([s.mix, s.panels[index].positions]);
                else requestAnimationFrame(look);
            };
            look();
        })""",
        STUDENT,
    )
    panel.wait_until_drawn()
    end = panel.positions(STUDENT)
    mix, middle = between[0], np.asarray(between[1]).reshape(-1, 2)
    np.testing.assert_allclose(middle, start + mix * (end - start), atol=1e-3)


def test_play_goes_through_the_steps_to_the_last(panel: PanelPage) -> None:
    panel.press("Home")
    panel.wait_until_drawn()
    panel.get("play").click()
    panel.wait_for("s.playing")
    panel.wait_for("!s.playing && s.step === s.steps.at(-1)")


def test_pointing_at_a_sample_rings_it_everywhere_and_tells_of_it(panel: PanelPage, demo: tuple[Path, str]) -> None:
    sample = panel.lonely_sample(0)
    without = screenshot(panel)
    panel.page.mouse.move(*panel.places(0)[sample])
    panel.wait_for("s.hovered === argument", sample)
    card = panel.get("sample-card")
    probe = RunReader(demo[0] / "distilled").probe
    assert probe.labels is not None
    assert card.get_by_test_id("sample-label").inner_text() == str(probe.labels[sample])
    assert probe.ids[sample] in card.get_by_test_id("sample-id").inner_text()
    assert card.get_by_test_id("prediction").count() == len(ROWS)
    outputs = RunReader(demo[0] / "distilled").outputs("teacher", 0)
    assert str(outputs["prediction"][sample]) in card.get_by_test_id("prediction").first.inner_text()
    assert card.locator(".thumbnail").count() == 1

    with_ring = screenshot(panel)
    last = panel.get("panel").count() - 1  # far from the pointer and its card
    x, y = (int(place) for place in panel.places(last)[sample])
    near = slice(y - 9, y + 10), slice(x - 9, x + 10)
    assert (with_ring[near] != without[near]).any()


def test_a_lasso_in_one_map_selects_the_same_samples_in_all(panel: PanelPage) -> None:
    places = panel.places(STUDENT)
    middle = places[panel.lonely_sample(STUDENT)]
    box = panel.get("map").nth(STUDENT).bounding_box()
    assert box is not None
    # The loop has to begin on the map, wherever on it this sample lies.
    edges = [box["x"], box["y"]], [box["x"] + box["width"], box["y"] + box["height"]]
    reach = min(30, int(np.abs(middle - np.array(edges)).min()) - 2)
    panel.get("tool-lasso").check(force=True)
    corners = middle + np.array([(-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach), (-reach, -reach)])
    panel.page.mouse.move(*corners[0])
    panel.page.mouse.down()
    for corner in corners[1:]:
        panel.page.mouse.move(*corner, steps=4)
    panel.page.mouse.up()
    panel.wait_for("s.selected.length > 0")
    away = np.abs(places - middle).max(axis=1)
    selected = set(panel.state["selected"])
    assert set(np.flatnonzero(away < reach - 1)) <= selected <= set(np.flatnonzero(away < reach + 1))
    assert int(panel.get("selection-count").get_attribute("data-count") or 0) == len(selected)
    panel.press("Escape")
    panel.wait_for("s.selected.length === 0")


def test_the_legend_hides_a_class(panel: PanelPage) -> None:
    before = screenshot(panel)
    entry = panel.get("legend-entry").first
    entry.click()
    assert entry.get_attribute("aria-pressed") == "false"
    panel.page.mouse.move(2, 2)
    panel.frame.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    assert (screenshot(panel) != before).mean() > 0.0005
    entry.click()
    assert entry.get_attribute("aria-pressed") == "true"


def test_colours_and_methods_can_be_changed(panel: PanelPage) -> None:
    for choice in ("prediction", "correctness", "confidence", "label"):
        panel.color_by(choice)
    tsne = panel.positions(STUDENT)
    panel.get("method-pca").check(force=True)
    panel.wait_for("s.method === 'pca'")
    panel.wait_until_drawn()
    assert np.abs(panel.positions(STUDENT) - tsne).max() > 0.05
    panel.get("method-ivis").check(force=True)
    panel.wait_for("s.method === 'ivis'")
    panel.wait_until_drawn()


def test_wheel_and_drag_move_all_maps_together_and_back(panel: PanelPage) -> None:
    home = panel.state["camera"]
    panel.page.mouse.move(*panel.places(0)[panel.lonely_sample(0)])
    panel.page.mouse.wheel(0, -300)
    panel.wait_for("s.camera.scale > argument", home["scale"])
    panel.get("reset-view").click()
    panel.wait_for("s.camera.scale === argument", home["scale"])


def test_the_theme_is_tensorboards(panel: PanelPage) -> None:
    light = screenshot(panel).mean()
    panel.page.evaluate("() => document.body.classList.add('dark-mode')")
    panel.frame.wait_for_function("() => document.documentElement.matches('[data-theme=dark]')")
    assert screenshot(panel).mean() < light - 60
    panel.page.evaluate("() => document.body.classList.remove('dark-mode')")


def test_the_chart_has_a_line_a_model_and_its_cursor_is_the_slider(panel: PanelPage) -> None:
    assert panel.get("chart-line").count() == len(ROWS)
    box = panel.get("chart").bounding_box()
    assert box is not None
    panel.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    panel.wait_for("s.step !== s.steps.at(-1)")
    panel.press("End")


def test_rows_and_layers_can_be_left_out(panel: PanelPage) -> None:
    panel.get("layers").click()
    panel.get("layer-choice").first.uncheck()
    panel.wait_for("s.panels.length === argument", len(ROWS) * (len(LAYERS) - 1))
    panel.press("Escape")
    panel.get("rows").click()
    panel.get("row-choice").last.uncheck()
    panel.wait_for("s.panels.length === argument", (len(ROWS) - 1) * (len(LAYERS) - 1))


def test_a_double_click_shows_the_whole_maps_and_leaves_the_selection_alone(panel: PanelPage) -> None:
    home = panel.state["camera"]
    first = panel.lonely_sample(0)
    place = panel.places(0)[first]
    panel.page.mouse.dblclick(*place)
    assert panel.state["selected"] == []
    panel.page.mouse.move(*place)
    panel.page.mouse.wheel(0, -60)
    panel.wait_for("s.camera.scale > argument", home["scale"])
    panel.get("map").nth(STUDENT).click(position={"x": 3, "y": 3})  # the next click is no double click
    panel.page.mouse.click(*panel.places(0)[first])
    panel.wait_for("s.selected.length === 1 && s.selected[0] === argument", first)
    panel.get("map").nth(STUDENT).click(position={"x": 3, "y": 3})
    other = panel.lonely_sample(STUDENT + 1)
    panel.page.mouse.dblclick(*panel.places(STUDENT + 1)[other])
    panel.wait_for("s.camera.scale === argument", home["scale"])
    assert panel.state["selected"] == [first]


def test_the_keyboard_reaches_what_the_lines_have_no_room_for(panel: PanelPage) -> None:
    for testid in ("explain-maps", "explain-measure"):
        sheet = panel.get(f"{testid}-sheet")
        expect(sheet).to_be_hidden()
        panel.get(testid).press("Enter")
        expect(sheet).to_be_visible()
        box = sheet.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert sheet.evaluate("(sheet) => sheet.scrollHeight <= sheet.clientHeight")
        panel.page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()


def test_dragging_the_slider_asks_for_one_thing_at_a_time_and_ends_at_the_step_under_the_pointer(
    panel: PanelPage,
) -> None:
    under_way: list[Request] = []
    most: dict[str, int] = {}

    def route(request: Request) -> str:
        return request.url.partition("?")[0].rpartition("/")[2]

    def begin(request: Request) -> None:
        under_way.append(request)
        alike = [route(other) for other in under_way].count(route(request))
        most[route(request)] = max(most.get(route(request), 0), alike)

    def end(request: Request) -> None:
        if request in under_way:  # what was asked before we began to listen is not
            under_way.remove(request)

    panel.page.on("request", begin)
    panel.page.on("requestfinished", end)
    box = panel.get("chart").bounding_box()
    assert box is not None
    left, right, y = box["x"] + 50, box["x"] + box["width"] - 20, box["y"] + 40
    panel.page.mouse.move(right, y)
    panel.page.mouse.down()
    for x in (left, right, left):
        panel.page.mouse.move(x, y, steps=12)
    panel.page.mouse.up()
    panel.wait_for("s.step === s.steps[0]")
    panel.wait_until_drawn()
    assert {one["step"] for one in panel.state["panels"]} == {0}
    assert most["outputs"] == 1
    assert most["frames"] == 1
    assert panel.frame.evaluate("() => String(getSelection())") == ""
