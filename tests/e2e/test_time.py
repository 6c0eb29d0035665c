"""Time: trails, the ghost of another step, the widest gap and a slider that never stalls, in a real browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from kd_projector.demo.network import LAYERS
from kd_projector.store import RunReader
from tests.e2e.panel_page import PanelPage

STUDENT = len(LAYERS)  # the first panel of the second row


def go_to(panel: PanelPage, key: str) -> np.ndarray:
    """Press a key that changes the step; where the student's samples are when all is at rest again."""
    before = panel.read("s.step")
    panel.press(key)
    panel.wait_for("s.step !== argument", before)
    panel.wait_until_drawn()
    return panel.positions(STUDENT)


def test_the_selected_samples_have_trails_over_the_steps_and_any_step_leaves_a_ghost(panel: PanelPage) -> None:
    panel.press("Home")
    panel.wait_for("s.step === s.steps[0]")
    panel.wait_until_drawn()
    ways = [panel.positions(STUDENT), *(go_to(panel, "ArrowRight") for _ in range(2))]

    # A selection has its trails in all maps: from step to step, and to where each sample is now.
    panel.get("map").nth(STUDENT).click(position={"x": 3, "y": 3})
    sample = panel.lonely_sample(STUDENT)
    panel.page.mouse.click(*panel.places(STUDENT)[sample])
    panel.wait_for("s.selected.length === 1 && s.selected[0] === argument", sample)
    panel.page.mouse.move(2, 2)
    panel.get("show").click()
    panel.get("show-neighbours").uncheck()
    panel.get("show-trails").check()
    expect(panel.get("show")).to_contain_text("1 on")
    panel.page.keyboard.press("Escape")
    panel.wait_for(f"s.panels[{STUDENT}].lines[0]?.segments.length === 8")
    segments = np.asarray(panel.read(f"s.panels[{STUDENT}].lines[0].segments")).reshape(2, 2, 2)
    expected = np.array([[ways[0][sample], ways[1][sample]], [ways[1][sample], ways[2][sample]]])
    np.testing.assert_allclose(segments, expected, atol=1e-5)
    assert panel.read("s.panels[0].lines") == []  # the teacher stands still

    # The ghost is where the samples are at its step, and stays there while the slider moves on.
    panel.page.keyboard.press("g")
    panel.wait_for("s.ghost === s.step")
    assert panel.read(f"s.panels[{STUDENT}].ghost") is None  # it is what shows anyway
    go_to(panel, "ArrowRight")
    panel.wait_for(f"s.panels[{STUDENT}].ghost !== null")
    np.testing.assert_array_equal(np.reshape(panel.read(f"s.panels[{STUDENT}].ghost"), (-1, 2)), ways[2])
    assert panel.read("s.panels[0].ghost") is None
    expect(panel.get("ghost-mark")).to_have_attribute("data-step", str(panel.read("s.ghost")))
    box = panel.get("chart").bounding_box()
    assert box is not None
    step = panel.read("s.step")
    panel.page.keyboard.down("Shift")
    panel.page.mouse.click(box["x"] + 45, box["y"] + box["height"] - 26)
    panel.page.keyboard.up("Shift")
    panel.wait_for("s.ghost === s.steps[0]")
    assert panel.read("s.step") == step
    panel.get("ghost-mark").click()
    panel.wait_for(f"s.ghost === null && s.panels[{STUDENT}].ghost === null")


def test_the_widest_gap_is_marked_told_in_words_and_one_click_away(panel: PanelPage, demo: tuple[Path, str]) -> None:
    layer = panel.get("measure-layer").locator("option:checked").inner_text()

    def values(run: str, model: str) -> dict[int, float]:
        reader = RunReader(demo[0] / run)
        return {
            step: one.value
            for step in reader.steps(model)
            for one in reader.measures(model, step)
            if (one.measure, one.layer) == ("knn_accuracy", layer)
        }

    assert panel.read("s.measure") == "knn_accuracy"
    student, baseline = values("distilled", "student"), values("baseline", "baseline")
    widths = {step: abs(student[step] - baseline[step]) for step in student}
    widest = max(widths, key=lambda step: widths[step])
    mark = panel.get("widest-gap")
    mark.focus()
    panel.page.keyboard.press("Shift+Tab")
    panel.page.keyboard.press("Tab")
    words = panel.get("gap-words")
    expect(words).to_be_visible()
    expect(words).to_contain_text(f"student {student[widest]:.3f} and baseline {baseline[widest]:.3f}")
    mark.press("Enter")
    panel.wait_for("s.step === argument", widest)
    panel.wait_until_drawn()


def test_points_follow_the_slider_at_once_and_never_jump(panel: PanelPage) -> None:
    for key in ("Home", *["ArrowRight"] * 4):  # so that all maps are here
        panel.press(key)
        panel.wait_until_drawn()
    # Every new target comes while the points are on their way; look at one sample after each frame.
    way = panel.frame.evaluate(
        """(index) => new Promise((resolve) => {
            const key = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            const seen = [];
            let frames = 0;
            const look = () => {
                const s = window.__kd_projector;
                seen.push([performance.now(), s.panels[index].positions]);
                frames += 1;
                if (frames % 3 === 0 && frames <= 12) key("ArrowLeft");
                if (frames > 12 && s.mix === 1) resolve(seen);
                else requestAnimationFrame(look);
            };
            key("ArrowLeft");
            look();
        })""",
        STUDENT,
    )
    places = np.array([place for _, place in way]).reshape(len(way), -1, 2)
    moves = np.abs(np.diff(places, axis=0)).max(axis=(1, 2))
    whole = np.abs(places[-1] - places[0]).max()
    assert np.linalg.norm(places[3] - places[0]) > 0  # not waiting for the drag to end
    assert moves.max() < 0.9 * whole
    assert panel.read("s.step") == panel.read("s.steps[0]")


def test_the_keys_of_the_slider_hold_in_every_view(panel: PanelPage) -> None:
    for view in ("measures", "similarity", "projector"):
        panel.get(f"view-{view}").check(force=True)
        panel.wait_for("s.view === argument", view)
        panel.press("Home")
        panel.wait_for("s.step === s.steps[0]")
        panel.page.keyboard.press("ArrowRight")
        panel.wait_for("s.step === s.steps[1]")
        panel.page.keyboard.press("End")
        panel.wait_for("s.step === s.steps.at(-1)")
        panel.page.keyboard.press(" ")
        panel.wait_for("s.playing")
        panel.page.keyboard.press(" ")
        panel.wait_for("!s.playing")
