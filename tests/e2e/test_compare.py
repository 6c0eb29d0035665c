"""Comparing: rows and columns chosen and ordered, layers matched three ways, one or two maps large."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, expect

from kd_projector.demo.network import LAYERS
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, MeasureValue, ModelInfo, ProbeRecord, RunWriter
from tests.conftest import digits_embedding
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

DEEP = tuple(f"encoder.layer.{i}.output" for i in range(6))
SMALL = tuple(f"blocks.{i}" for i in range(3))
SAMPLES = 40


def models_on_screen(panel: PanelPage) -> list[str]:
    """From top to bottom, as the rows' headers name them."""
    headers = panel.get("row-header")
    return [header.get_attribute("data-model") or "" for header in headers.all()]


def layers_on_screen(panel: PanelPage, model: str) -> list[str]:
    return [one["layer"] for one in panel.state["panels"] if one["model"] == model]


def drag_handle(panel: PanelPage, testid: str, moved: int, onto: int) -> None:
    """Drag the handle of one item of a list over the upper edge of another."""
    start = panel.get(testid).nth(moved).bounding_box()
    end = panel.get(testid).nth(onto).bounding_box()
    assert start is not None
    assert end is not None
    panel.page.mouse.move(start["x"] + 8, start["y"] + 12)
    panel.page.mouse.down()
    panel.page.mouse.move(end["x"] + 8, end["y"] + 2, steps=5)
    panel.page.mouse.up()


def test_rows_and_layers_are_chosen_and_ordered_by_pointer_and_by_keys(panel: PanelPage) -> None:
    assert models_on_screen(panel) == ["teacher", "student", "baseline"]
    panel.get("layers").click()
    drag_handle(panel, "layer-choice-handle", 4, 1)
    panel.wait_for("s.columns[1] === argument", LAYERS[4])
    assert panel.state["columns"] == [LAYERS[0], LAYERS[4], *LAYERS[1:4]]
    panel.get("layer-choice").nth(1).press("Alt+ArrowUp")
    panel.wait_for("s.columns[0] === argument", LAYERS[4])
    focused = panel.frame.evaluate("() => document.activeElement.closest('li').textContent")
    assert LAYERS[4] in focused
    expect(panel.get("layer-choice-said")).to_have_text(f"{LAYERS[4]}: place 1 of {len(LAYERS)}")
    panel.get("layer-choice").nth(2).uncheck()
    assert panel.state["columns"] == [LAYERS[4], LAYERS[0], *LAYERS[2:4]]
    for model in ("teacher", "student", "baseline"):
        assert layers_on_screen(panel, model) == panel.state["columns"]
    panel.get("layers-as-at-first").click()
    assert panel.state["columns"] == list(LAYERS)
    panel.get("layer-choice-only").nth(2).click()
    assert panel.state["columns"] == [LAYERS[2]]
    expect(panel.get("layer-choice").nth(2)).to_be_disabled()  # one always shows
    panel.get("all-layers").click()
    assert panel.state["columns"] == list(LAYERS)
    panel.page.keyboard.press("Escape")

    panel.get("rows").click()
    assert panel.get("row-choice-handle").count() == 2  # the teacher stays on top
    drag_handle(panel, "row-choice-handle", 1, 0)
    expect(panel.get("row-header").nth(1)).to_have_attribute("data-model", "baseline")
    assert models_on_screen(panel) == ["teacher", "baseline", "student"]
    assert list(dict.fromkeys(one["model"] for one in panel.state["panels"])) == models_on_screen(panel)
    panel.get("row-choice").nth(1).press("Alt+ArrowUp")  # not above the teacher
    assert models_on_screen(panel) == ["teacher", "baseline", "student"]
    panel.get("row-choice-only").nth(2).click()
    expect(panel.get("row-header")).to_have_count(1)
    assert models_on_screen(panel) == ["student"]
    panel.get("rows-as-at-first").click()
    expect(panel.get("row-header")).to_have_count(3)
    assert models_on_screen(panel) == ["teacher", "student", "baseline"]


def box_of(panel: PanelPage, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a large map lies: its corner and its size."""
    box = panel.get("panel").nth(place).get_by_test_id("map").bounding_box()
    assert box is not None
    return np.array([box["x"], box["y"]]), np.array([box["width"], box["height"]])


def select_rectangle(panel: PanelPage, start: np.ndarray, end: np.ndarray) -> set[int]:
    panel.page.mouse.move(*start.tolist())
    panel.page.mouse.down()
    panel.page.mouse.move(*end.tolist(), steps=4)
    panel.page.mouse.up()
    panel.wait_for("s.selected.length > 0")
    return set(panel.state["selected"])


def test_one_map_large_and_a_second_beside_or_over_it(panel: PanelPage) -> None:
    stage3 = panel.get("panel").nth(len(LAYERS) + 2)
    stage3.get_by_test_id("expand").press("Enter")
    panel.wait_until_drawn()
    assert [(one["model"], one["layer"]) for one in panel.state["panels"]] == [("student", LAYERS[2])]
    expect(panel.get("compare-usual")).to_contain_text(f"teacher · {LAYERS[2]}")
    panel.get("compare-usual").click()
    panel.wait_until_drawn()
    expect(panel.get("pair-reading")).to_be_visible()
    left, right = panel.state["panels"]
    assert (left["model"], right["model"], right["layer"]) == ("student", "teacher", LAYERS[2])
    assert left["rect"]["x"] + left["rect"]["width"] <= right["rect"]["x"]
    panel.get("swap-maps").click()
    panel.wait_until_drawn()
    assert [one["model"] for one in panel.state["panels"]] == ["teacher", "student"]
    panel.get("second-layer").select_option(LAYERS[0])
    panel.get("second-model").select_option(label="baseline")  # of the layer that the first one shows
    panel.wait_until_drawn()
    assert [(one["model"], one["layer"]) for one in panel.state["panels"]] == [
        ("teacher", LAYERS[2]),
        ("baseline", LAYERS[2]),
    ]

    panel.get("layout-overlay").check(force=True)
    panel.wait_for("s.panels[0].rect.x === s.panels[1].rect.x")
    wipe = panel.get("wipe")
    wipe.press("PageDown")
    expect(wipe).to_have_attribute("aria-valuenow", "40")
    line = wipe.bounding_box()
    assert line is not None
    middle = line["x"] + line["width"] / 2
    corner, size = box_of(panel, 0)
    assert abs(middle - (corner[0] + 0.4 * size[0])) < 1
    panel.get("tool-rectangle").check(force=True)
    # A rectangle over both parts selects what is seen of the map that it began on.
    ends = corner + 16, corner + size - 16  # beside the border that widens the column at the right
    places = [panel.places(0), panel.places(1)]
    first = select_rectangle(panel, *ends)
    surely, maybe = (set(np.flatnonzero(places[0][:, 0] < middle + slack).tolist()) for slack in (-1, 1))
    assert surely <= first <= maybe
    panel.get("clear-selection").click()
    second = select_rectangle(panel, *reversed(ends))
    surely, maybe = (set(np.flatnonzero(places[1][:, 0] > middle - slack).tolist()) for slack in (-1, 1))
    assert surely <= second <= maybe
    assert first & second or first | second != set(range(len(places[0])))  # two maps, not one parted in two

    maps = panel.get("map").first.bounding_box()
    panel.get("by-blend").check(force=True)
    expect(panel.get("blend")).to_be_visible()
    assert panel.get("map").first.bounding_box() == maps  # another choice in the bar moves no map
    expect(panel.get("pair-reading").locator("b")).to_be_in_viewport(ratio=0.9)
    panel.get("clear-selection").click()
    sample = panel.lonely_sample(0)
    panel.get("blend").fill("0.2")
    panel.page.mouse.move(*places[0][sample].tolist())
    panel.wait_for("s.hovered === argument", sample)
    expect(panel.get("overlay-tags").locator("text")).to_have_text(["A", "B"])
    panel.get("blend").fill("0.8")
    other = panel.lonely_sample(1)
    panel.page.mouse.move(*places[1][other].tolist())
    panel.wait_for("s.hovered === argument", other)

    panel.get("close-second").click()
    panel.wait_for("s.panels.length === 1")
    panel.page.keyboard.press("Escape")
    panel.wait_for("s.focus === null && s.panels.length > 10")
    panel.get("panel").nth(1).locator("header").dblclick(position={"x": 3, "y": 3})
    panel.wait_for("s.focus !== null")
    assert panel.state["focus"] == [{"run": "distilled", "model": "teacher", "layer": LAYERS[1]}]


def infos(names: tuple[str, ...]) -> tuple[LayerInfo, ...]:
    return tuple(LayerInfo(name, 16, (16,), "mean") for name in names)


def embeddings(names: tuple[str, ...], seed: int) -> dict[str, np.ndarray]:
    return {name: digits_embedding(SAMPLES, (seed, i)) for i, name in enumerate(names)}


def likeness(best: tuple[int, ...]) -> list[MeasureValue]:
    """Linear CKA of each small layer with each deep one; highest for `best[j]` with deep layer j."""
    return [
        MeasureValue("linear_cka", 0.9 if best[j] == i else 0.1, ours, "teacher", theirs)
        for i, ours in enumerate(SMALL)
        for j, theirs in enumerate(DEEP)
    ]


def test_layers_of_unlike_models_are_matched_by_depth_name_or_highest_cka(
    tmp_path: Path, context: BrowserContext
) -> None:
    models = (
        ModelInfo("teacher", "teacher", True, infos(DEEP)),
        ModelInfo("student", "student", False, infos(SMALL)),
    )
    with RunWriter(tmp_path / "kd") as writer:
        writer.write_probe(ProbeRecord("d" * 32, tuple(map(str, range(SAMPLES))), None, None, {}))
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "d" * 32, SAMPLES, models))
        writer.write_step("teacher", 0, embeddings(DEEP, 0), {}, [])
        writer.write_step("student", 0, embeddings(SMALL, 1), {}, [])
        ScalarLog(tmp_path / "kd").close()
        with TensorBoard("--logdir", str(tmp_path)) as board:
            panel = PanelPage(context.new_page(), board.address)
            panel.get("method-pca").check(force=True)
            panel.wait_until_drawn()
            rects = [(one["layer"], one["rect"]["x"]) for one in panel.state["panels"]]
            columns = dict(rects[: len(DEEP)])
            assert [x for _, x in rects[len(DEEP) :]] == [columns[DEEP[0]], columns[DEEP[3]], columns[DEEP[5]]]
            expect(panel.get("no-map").first).to_contain_text("3 layers, spread by relative depth over 6 columns")

            panel.get("layers").click()
            expect(panel.get("match-cka")).to_be_disabled()
            expect(panel.get("no-cka").get_by_test_id("command")).to_contain_text(
                "kd-projector measure LOGDIR --measure linear_cka"
            )
            panel.get("match-name").check(force=True)
            panel.wait_for("s.layerMatch === 'name'")
            panel.wait_until_drawn()
            xs = [one["rect"]["x"] for one in panel.state["panels"] if one["model"] == "student"]
            assert xs == [columns[DEEP[0]], columns[DEEP[1]], columns[DEEP[2]]]
            expect(panel.get("no-map")).to_have_count(1)  # three places side by side

            # Measures come with a step; the choice opens by itself.
            writer.write_step("student", 10, embeddings(SMALL, 2), {}, likeness((0, 0, 1, 1, 1, 2)))
            expect(panel.get("match-cka")).to_be_enabled()
            panel.get("match-cka").check(force=True)
            panel.wait_for("s.layerMatch === 'cka'")
            panel.wait_until_drawn()
            matched = [SMALL[i] for i in (0, 0, 1, 1, 1, 2)]
            assert layers_on_screen(panel, "student") == matched
            assert panel.state["columns"] == list(DEEP)
            expect(panel.get("layers")).to_contain_text("by CKA")
            hint = panel.get("panel").nth(len(DEEP) + 3).locator("h2").get_attribute("title")
            assert hint is not None
            assert f"the teacher's {DEEP[3]}: linear CKA 0.900 at step 10" in hint

            # While the training goes on, nothing changes places until the user asks for it.
            writer.write_step("student", 20, embeddings(SMALL, 3), {}, likeness((2, 2, 2, 0, 0, 1)))
            expect(panel.get("match-again")).to_be_visible()
            panel.wait_for("s.step === 20")
            assert layers_on_screen(panel, "student") == matched
            panel.get("match-again").click()
            panel.wait_for("s.layerMatchStep === 20")
            assert layers_on_screen(panel, "student") == [SMALL[i] for i in (2, 2, 2, 0, 0, 1)]
            assert panel.complaints == []
            assert board.complaints() == []
