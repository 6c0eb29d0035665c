"""How the maps are made, onto which reference, and how good they are: chosen and read in a real browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from kd_projector.demo.network import LAYERS
from kd_projector.projection import motion_between
from kd_projector.store import Frame, FrameStore
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

TEACHER, STUDENT = 0, len(LAYERS)  # the first panels of the first two rows
FIGURES = ("knn", "kept", "trustworthiness", "loss", "changed", "displacement", "fidelity")


def frame_on_screen(panel: PanelPage, index: int, logdir: Path) -> Frame:
    """What the store has of the map that a panel shows."""
    shown = panel.state["panels"][index]
    assert shown["current"]
    frame = FrameStore(logdir / shown["run"]).get(shown["frame"])
    assert frame is not None
    return frame


def leave_one_layer(panel: PanelPage) -> None:
    """So that little is to be computed."""
    panel.get("layers").click()
    for choice in panel.get("layer-choice").all()[:-1]:
        choice.uncheck()
    panel.page.keyboard.press("Escape")
    panel.wait_until_drawn()


def test_the_anchored_mode_is_named_as_one_that_can_mislead_for_as_long_as_it_is_chosen(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    leave_one_layer(panel)
    student = 1
    before = panel.positions(student)
    expect(panel.get("caution")).to_have_count(0)

    panel.get("mode").select_option("anchored")
    expect(panel.get("caution")).to_be_visible()
    expect(panel.get("caution")).to_contain_text("structure that is not there")
    panel.wait_for("s.mode === 'anchored'")
    panel.wait_until_drawn()
    assert frame_on_screen(panel, student, demo[0]).mode == "anchored"
    assert np.abs(panel.positions(student) - before).max() > 0.05

    panel.get("method-pca").check(force=True)  # it has one mode only
    expect(panel.get("mode")).to_have_count(0)
    expect(panel.get("caution")).to_have_count(0)
    panel.get("method-tsne").check(force=True)
    expect(panel.get("caution")).to_be_visible()

    panel.get("mode").select_option("readout")
    expect(panel.get("caution")).to_have_count(0)
    panel.wait_until_drawn()
    np.testing.assert_array_equal(panel.positions(student), before)


def test_maps_that_are_wanted_no_more_before_they_are_made_leave_the_queue(
    panel: PanelPage, board: TensorBoard
) -> None:
    with panel.page.expect_response("**/cancel") as answer:
        panel.get("mode").select_option("independent")
        panel.wait_for("s.mode === 'independent' && s.panels.some((one) => one.status === 'queued')")
        panel.get("mode").select_option("readout")
    assert answer.value.ok
    panel.wait_until_drawn()
    assert board.json("progress")["queued"] == 0


def test_any_map_can_be_made_the_reference_of_all_by_the_keyboard_alone(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    panel.get("method-pca").check(force=True)
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.wait_until_drawn()
    default = panel.state["reference"]
    before = {(one["model"], one["layer"]): one["frame"] for one in panel.state["panels"]}
    places = panel.positions(TEACHER)
    expect(panel.get("default-reference")).to_have_count(0)

    panel.get("panel").nth(STUDENT).get_by_test_id("make-reference").press("Enter")
    panel.wait_for("s.reference[1] === 'student'")
    assert panel.state["reference"] == ["distilled", "student", LAYERS[0], 0]
    expect(panel.get("reference-note")).to_contain_text(f"student · {LAYERS[0]}, step 0")
    panel.wait_until_drawn()
    assert all(one["frame"] != before[one["model"], one["layer"]] for one in panel.state["panels"])
    assert np.abs(panel.positions(TEACHER) - places).max() > 0.05
    assert {frame_on_screen(panel, i, demo[0]).reference for i in (TEACHER, STUDENT)} != {None}
    assert panel.get("panel").nth(STUDENT).get_by_test_id("make-reference").get_attribute("aria-pressed") == "true"

    panel.press("End")  # the reference stays what and when it was
    panel.wait_for("s.step === s.steps.at(-1)")
    panel.wait_until_drawn()
    assert panel.state["reference"][3] == 0

    panel.get("default-reference").press("Enter")
    panel.wait_for("s.reference[1] === argument", default[1])
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.wait_until_drawn()
    assert {(one["model"], one["layer"]): one["frame"] for one in panel.state["panels"]} == before
    np.testing.assert_array_equal(panel.positions(TEACHER), places)


def test_a_maps_figures_open_to_all_of_its_quality_in_words_and_numbers(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    panel.press("ArrowLeft")
    panel.wait_until_drawn()
    before = frame_on_screen(panel, STUDENT, demo[0])
    since = panel.state["step"]
    panel.press("ArrowRight")
    panel.wait_until_drawn()
    now = frame_on_screen(panel, STUDENT, demo[0])
    motion = motion_between(before, now)
    assert motion.fidelity is not None

    figures = panel.get("panel").nth(STUDENT).get_by_test_id("figures")
    sheet = panel.get("panel").nth(STUDENT).get_by_test_id("quality")
    figures.hover()
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text(f"Since step {since}")
    for name in FIGURES:
        assert len(sheet.get_by_test_id(f"quality-{name}").locator("dd").last.inner_text()) > 20
    expect(sheet.get_by_test_id("quality-loss")).to_contain_text("KL divergence")
    expect(sheet.get_by_test_id("quality-making")).to_contain_text("Neighbour read-out")
    expect(sheet.get_by_test_id("quality-making")).to_contain_text("teacher · embedding")

    told = {
        name: float(sheet.get_by_test_id(f"quality-{name}").get_attribute("data-value") or "nan") for name in FIGURES
    }
    assert told["kept"] == pytest.approx(now.quality["neighbours_kept"])
    assert told["trustworthiness"] == pytest.approx(now.quality["trustworthiness"])
    assert told["loss"] == pytest.approx(now.quality["loss"])
    assert told["changed"] == pytest.approx(now.quality["changed"])
    assert told["displacement"] == pytest.approx(motion.mean_displacement, rel=1e-5)
    assert told["fidelity"] == pytest.approx(motion.fidelity, abs=1e-4)

    panel.page.mouse.move(2, 2)
    expect(sheet).to_be_hidden()
    figures.press("Enter")
    expect(sheet).to_be_visible()
    panel.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_a_first_step_says_that_nothing_has_moved_yet(panel: PanelPage) -> None:
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.wait_until_drawn()
    panel.get("panel").nth(STUDENT).get_by_test_id("figures").press("Enter")
    sheet = panel.get("panel").nth(STUDENT).get_by_test_id("quality")
    expect(sheet.get_by_test_id("no-motion")).to_be_visible()
    expect(sheet.get_by_test_id("quality-fidelity")).to_have_count(0)


def test_the_true_change_and_the_quality_of_each_point_can_be_seen(panel: PanelPage, demo: tuple[Path, str]) -> None:
    frame = frame_on_screen(panel, STUDENT, demo[0])
    assert frame.changed is not None
    panel.color_by("changed")
    for values, choice in ((frame.changed, "changed"), (frame.kept, "kept")):
        panel.color_by(choice)
        expect(panel.get("ramp")).to_contain_text("50%")
        colors = np.asarray(panel.state["panels"][STUDENT]["colors"]).reshape(-1, 4)
        levels, level_of = np.unique(values, return_inverse=True)
        assert len(levels) > 2
        shades = [np.unique(colors[level_of == level], axis=0) for level in range(len(levels))]
        assert all(len(shade) == 1 for shade in shades)  # alike where the values are alike
        assert len(np.unique(np.concatenate(shades), axis=0)) == len(levels)  # and not where they are not

    panel.color_by("changed")
    teacher = np.asarray(panel.state["panels"][TEACHER]["colors"]).reshape(-1, 4)
    assert len(np.unique(teacher, axis=0)) == 1
    assert len(set(teacher[0][:3])) == 1  # grey: there is no step before its only one
    expect(panel.get("legend-unknown")).to_be_visible()

    sample = panel.lonely_sample(STUDENT)
    panel.page.mouse.move(*panel.places(STUDENT)[sample])
    expect(panel.get("sample-value")).to_contain_text(f"{frame.changed[sample] * 100:.0f}%")
