"""Trust: lines from a sample to its true neighbours on every map, and what the note says of the maps."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from kd_projector.demo.network import LAYERS
from kd_projector.projection.methods import MODE_NOTES
from kd_projector.store import RunReader
from tests.e2e.panel_page import PanelPage

STUDENT = len(LAYERS)  # the first panel of the second row
K = 15


def nearest(points: np.ndarray, sample: int) -> set[int]:
    distances = np.linalg.norm(points.astype(np.float64) - points[sample].astype(np.float64), axis=1)
    distances[sample] = np.inf
    return set(np.argsort(distances)[:K].tolist())


def in_order(places: np.ndarray) -> np.ndarray:
    return places[np.lexsort(places.T)]


def maps_picture(panel: PanelPage) -> np.ndarray:
    """What the canvas and all over it look like, without the card beside the pointer."""
    picture = Image.open(io.BytesIO(panel.get("panel").first.screenshot())).convert("RGB")
    return np.asarray(picture).astype(int)


def test_a_sample_under_the_pointer_is_linked_to_its_true_neighbours_on_every_map(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    without = maps_picture(panel)
    sample = panel.lonely_sample(STUDENT)
    panel.page.mouse.move(*panel.places(STUDENT)[sample])
    panel.wait_for("s.hovered === argument && s.panels.every((p) => p.lines.length > 0)", sample)
    reader = RunReader(demo[0] / "distilled")
    for i, layer in ((0, LAYERS[0]), (STUDENT, LAYERS[0]), (STUDENT + len(LAYERS) - 1, LAYERS[-1])):
        shown = panel.read(f"(({{model, step, marked, lines}}) => ({{model, step, marked, lines}}))(s.panels[{i}])")
        model = shown["model"]
        embedding = reader.embedding(model, layer, shown["step"])
        true = nearest(embedding, sample)
        assert set(shown["marked"]) == true
        ends = np.concatenate([np.reshape(lines["segments"], (-1, 2, 2)) for lines in shown["lines"]])
        positions = panel.positions(i)
        np.testing.assert_allclose(ends[:, 0], np.broadcast_to(positions[sample], (K, 2)), atol=1e-6)
        np.testing.assert_allclose(in_order(ends[:, 1]), in_order(positions[shown["marked"]]), atol=1e-6)
        far, near = shown["lines"]
        near_on_map = len(true & nearest(positions, sample))
        assert (len(near["segments"]) // 4, len(far["segments"]) // 4) == (near_on_map, K - near_on_map)
    card = panel.get("true-neighbours")
    here = panel.read(f"s.panels[{STUDENT}].lines[1].segments")
    expect(card).to_contain_text(f"{len(here) // 4} of its {K} true neighbours are near it on this map")

    # Both renderers draw them, and draw the same: one after the other, on the teacher's first map.
    drawn = maps_picture(panel)
    new = np.abs(drawn - without).max(axis=2) > 40  # what the lines and rings have made different
    assert new.sum() > 100
    panel.frame.evaluate(
        """() => document.querySelector("[data-testid=canvas]").getContext("webgl2")
            .getExtension("WEBGL_lose_context").loseContext()"""
    )
    panel.frame.wait_for_selector("canvas[data-renderer=canvas2d]")
    panel.page.mouse.move(*(panel.places(STUDENT)[sample] + 1))
    panel.frame.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    again = maps_picture(panel)
    assert np.abs(again - drawn)[new].mean() < 0.25 * np.abs(drawn - without)[new].mean()

    # They go with the pointer, and are there at another step as that embedding has them.
    panel.page.mouse.move(2, 2)
    panel.wait_for("s.panels.every((p) => p.lines.length === 0 && p.marked.length === 0)")
    panel.get("show").click()
    panel.get("show-neighbours").uncheck()
    panel.page.keyboard.press("Escape")
    panel.page.mouse.move(*panel.places(STUDENT)[sample])
    panel.wait_for("s.hovered === argument", sample)
    expect(panel.get("sample-card")).to_have_attribute("data-sample", str(sample))  # what is under the pointer shows
    assert panel.read("s.panels.every((p) => p.lines.length === 0)")
    # They would be there by now: the neighbours are known, and come at once when they are wanted again.
    panel.get("show").press("Enter")
    panel.get("show-neighbours").check()
    panel.page.keyboard.press("Escape")
    panel.page.mouse.move(*panel.places(STUDENT)[sample])
    panel.wait_for("s.hovered === argument && s.panels.every((p) => p.lines.length > 0)", sample)


def test_the_note_names_reference_and_mode_and_says_what_the_mode_can_and_cannot_show(panel: PanelPage) -> None:
    expect(panel.get("reference-note")).to_contain_text("teacher")
    for mode, place in (("readout", "mode-note"), ("independent", "mode-note"), ("anchored", "caution")):
        panel.get("mode").select_option(mode)
        expect(panel.get(place)).to_contain_text(MODE_NOTES[mode])  # type: ignore[index]
    panel.get("mode").select_option("readout")
    panel.get("method-pca").check(force=True)
    expect(panel.get("mode-note")).to_contain_text(MODE_NOTES["rigid"])
