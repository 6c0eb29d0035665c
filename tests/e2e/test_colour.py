"""Colours, their legend, contours and pictures: what is on screen against what numpy makes of the store."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Route, expect

from kd_projector.demo.network import LAYERS as DEMO_LAYERS
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, ModelInfo, ProbeRecord, RunReader, RunWriter
from tests.conftest import digits_embedding
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

SAMPLES, CLASSES = 150, 24
LAYERS = ("early", "late")
STUDENT = len(LAYERS)  # the first panel of the second row
STUDENT_OF_DEMO = len(DEMO_LAYERS)
STEPS = (0, 1, 3)
LAST = STEPS[-1]
SVG = "{http://www.w3.org/2000/svg}"
HIDDEN, DIMMED = 0, 2  # an alpha; drawing/marks.ts


def write_colourful_run(run: Path) -> RunReader:
    """A teacher, a student and a baseline that are often wrong; more classes than can be told apart."""
    random = np.random.default_rng(5)
    labels = np.arange(SAMPLES) % CLASSES
    metadata = {
        "writer": [f"w{i}" for i in random.integers(0, 12, SAMPLES)],
        "shift": [round(float(value), 3) for value in random.normal(0.5, 2, SAMPLES)],
    }
    layers = tuple(LayerInfo(name, 16, (16,), "mean") for name in LAYERS)
    steps = {"teacher": (0,), "student": STEPS, "plain": STEPS}
    roles = {"teacher": "teacher", "student": "student", "plain": "baseline"}
    models = tuple(ModelInfo(name, roles[name], name == "teacher", layers) for name in steps)  # type: ignore[arg-type]
    with RunWriter(run) as writer:
        names = tuple(f"class {i}" for i in range(CLASSES))
        writer.write_probe(ProbeRecord("c" * 32, tuple(f"s{i}" for i in range(SAMPLES)), labels, names, metadata))
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "c" * 32, SAMPLES, models))
        for m, (model, at) in enumerate(steps.items()):
            for step in at:
                outputs = {
                    "prediction": random.integers(0, 3, SAMPLES).astype(np.int32),
                    "entropy": random.exponential(1 / (1 + step), SAMPLES).astype(np.float32),
                }
                embeddings = {layer: digits_embedding(SAMPLES, (m, step, i)) for i, layer in enumerate(LAYERS)}
                writer.write_step(model, step, embeddings, outputs, [])
    ScalarLog(run).close()
    return RunReader(run)


def nearest(embedding: np.ndarray, k: int = 15) -> np.ndarray:
    """(N, k) the nearest other samples of each."""
    points = embedding.astype(np.float64)
    distances = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1)[:, :k]


def values(panel: PanelPage, index: int) -> np.ndarray:
    """(N,) what the colours of a panel stand for; NaN where that is not known."""
    found = panel.state["panels"][index]["colorValues"]
    return np.asarray([np.nan if value is None else value for value in found])


def colors(panel: PanelPage, index: int) -> np.ndarray:
    """(N, 4) red, green, blue, alpha."""
    return np.asarray(panel.state["panels"][index]["colors"]).reshape(-1, 4)


def test_every_column_colours_the_samples_by_what_the_store_holds(tmp_path: Path, context: BrowserContext) -> None:
    reader = write_colourful_run(tmp_path / "logs" / "run")
    with TensorBoard("--logdir", str(tmp_path / "logs")) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.get("method-pca").check(force=True)
        panel.wait_until_drawn()

        panel.color_by("overlap")
        panel.wait_for("s.panels.slice(2).every(p => p.colorValues !== null)")
        for index, (model, layer) in enumerate((model, layer) for model in ("student", "plain") for layer in LAYERS):
            own = nearest(reader.embedding(model, layer, LAST))
            teachers = nearest(reader.embedding("teacher", layer, 0))
            expected = np.array([len(set(a) & set(b)) / 15 for a, b in zip(own, teachers, strict=True)])
            found = values(panel, STUDENT + index)
            known = ~np.isnan(found)
            assert known.mean() > 0.9
            np.testing.assert_allclose(found[known], expected[known], atol=1e-6)
            shades = colors(panel, STUDENT + index)[known]
            levels, level = np.unique(found[known], return_inverse=True)
            assert [len(np.unique(shades[level == i], axis=0)) for i in range(len(levels))] == [1] * len(levels)
            assert len(np.unique(shades, axis=0)) == len(levels)
        assert (
            len(np.unique(colors(panel, 0), axis=0)) == 1
        )  # the teacher's own: nothing to say, and the legend says so
        expect(panel.get("legend-unknown")).to_contain_text("The teacher itself")
        expect(panel.get("legend")).to_contain_text(f"By chance: {15 / (SAMPLES - 1):.0%}")

        predicted = {
            model: reader.outputs(model, 0 if model == "teacher" else LAST)["prediction"]
            for model in ("teacher", "student", "plain")
        }
        panel.color_by("agreement")
        np.testing.assert_array_equal(values(panel, STUDENT), predicted["student"] == predicted["teacher"])
        panel.color_by("dissent")
        votes = np.stack([(np.stack(list(predicted.values())) == c).sum(axis=0) for c in range(3)])
        np.testing.assert_array_equal(values(panel, 0), 3 - votes.max(axis=0))

        panel.color_by("metadata:shift")
        np.testing.assert_allclose(values(panel, 0), reader.probe.metadata["shift"])
        scale = panel.state["colorScale"]
        assert scale["diverging"]
        assert scale["low"] == -scale["high"]
        panel.color_by("metadata:writer")
        assert panel.get("legend-entry").count() == 12

        now = panel.positions(STUDENT)
        panel.color_by("displacement")
        moved = values(panel, STUDENT)
        seen_first = panel.state["colorScale"], colors(panel, STUDENT)
        panel.press("ArrowLeft")
        panel.wait_for("s.step === argument", STEPS[1])
        panel.wait_until_drawn()
        np.testing.assert_allclose(moved, np.linalg.norm(now - panel.positions(STUDENT), axis=1), atol=1e-5)
        assert panel.state["colorScale"]["high"] == seen_first[0]["high"]  # a colour means the same at every step
        panel.press("End")
        panel.wait_for("s.step === argument", LAST)
        panel.wait_until_drawn()
        assert panel.state["colorScale"] == seen_first[0]  # and whatever was looked at before
        np.testing.assert_array_equal(colors(panel, STUDENT), seen_first[1])

        panel.color_by("entropy")
        entropy = {step: reader.outputs("student", step)["entropy"] for step in STEPS}
        panel.wait_for("s.colorScale.high > argument", float(np.quantile(entropy[0], 0.98)))  # the first step's, too
        widest = panel.state["colorScale"]
        panel.press("ArrowLeft")
        panel.wait_for("s.step === argument", STEPS[1])
        panel.wait_until_drawn()
        np.testing.assert_allclose(values(panel, STUDENT), entropy[STEPS[1]], rtol=1e-6)
        scale = panel.state["colorScale"]
        assert (scale["low"], scale["high"]) == (widest["low"], widest["high"])
        assert panel.complaints == []
        assert board.complaints() == []


def test_the_legend_finds_shows_and_hides_one_class_of_many(tmp_path: Path, context: BrowserContext) -> None:
    reader = write_colourful_run(tmp_path / "logs" / "run")
    labels = np.asarray(reader.probe.labels)
    with TensorBoard("--logdir", str(tmp_path / "logs")) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.get("method-pca").check(force=True)
        panel.wait_until_drawn()
        expect(panel.get("legend-entry")).to_have_count(CLASSES)
        before = colors(panel, 0)
        panel.get("legend-filter").fill("class 23")
        entry = panel.get("legend-entry")
        expect(entry).to_have_count(1)
        entry.hover()
        panel.wait_for("s.panels.every(p => p.emphasis.some(e => e === 2))")
        for index in (0, STUDENT):
            emphasis = np.asarray(panel.state["panels"][index]["emphasis"])
            np.testing.assert_array_equal(emphasis == DIMMED, labels != 23)
        entry.click()
        panel.page.mouse.move(640, 790)
        panel.wait_for("s.panels.every(p => p.emphasis.every(e => e === 0))")
        after = colors(panel, 0)
        np.testing.assert_array_equal(after[:, 3] == HIDDEN, labels == 23)
        np.testing.assert_array_equal(after[:, :3], before[:, :3])  # those that are left keep their colours

        panel.get("legend-all").click()
        panel.get("show").click()
        panel.get("show-fade").check()
        panel.page.keyboard.press("Escape")
        expect(panel.get("legend-fade")).to_be_visible()
        alpha = colors(panel, STUDENT)[:, 3]
        panel.color_by("kept")
        kept = values(panel, STUDENT)
        order = np.argsort(kept, kind="stable")
        assert np.all(np.diff(alpha[order].astype(int)) >= 0)
        assert alpha[kept == kept.max()].min() > 2 * alpha[kept == kept.min()].max()
        assert panel.complaints == []
        assert board.complaints() == []


def test_contours_hold_the_samples_that_they_say_and_pictures_hold_all_that_is_on_screen(
    panel: PanelPage, tmp_path: Path, demo: tuple[Path, str]
) -> None:
    panel.get("show").click()
    panel.get("show-contours").check()
    panel.page.keyboard.press("Escape")
    expect(panel.get("legend-contours")).to_contain_text("half and nine tenths")
    panel.wait_for("s.panels.every(p => p.lines.length === 10)")  # a layer a class
    state = panel.state  # long: read once
    positions = np.asarray(state["panels"][STUDENT_OF_DEMO]["positions"]).reshape(-1, 2)
    labels = np.asarray(RunReader(demo[0] / "distilled").probe.labels)
    for label, line in enumerate(state["panels"][STUDENT_OF_DEMO]["lines"]):
        segments = np.asarray(line["segments"]).reshape(-1, 4)
        between = [crossings(segments, place) % 2 == 1 for place in positions[labels == label]]
        assert np.mean(between) == pytest.approx(0.4, abs=0.12)  # in the outer line (0.9), not in the inner (0.5)

    visible = sum(int((np.asarray(one["colors"][3::4]) > 0).sum()) for one in state["panels"])
    svg = saved(panel, "svg", tmp_path).read_text()
    root = ElementTree.fromstring(svg)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "points"]
    assert len(groups) == len(state["panels"])
    inside = sum(len(group.findall(f"{SVG}circle")) for group in groups)
    assert visible * 0.99 < inside <= visible  # a few far ones lie beyond the maps' edges
    said = [text.text for text in root.iter(f"{SVG}text")]
    for words in ("student", "stage1", "teacher", "Label", f"Step {state['step']} · t-SNE, Neighbour read-out"):
        assert words in said
    assert any("Laid onto the map of teacher" in (words or "") for words in said)
    where = {(float(circle.get("cx", 0)), float(circle.get("cy", 0))) for circle in groups[STUDENT_OF_DEMO]}
    assert len(where) > 0.95 * len(labels)  # and not all in one place

    picture = Image.open(saved(panel, "png", tmp_path)).convert("RGB")
    assert picture.size == (2 * int(root.get("width", 0)), 2 * int(root.get("height", 0)))
    pixels = np.asarray(picture).reshape(-1, 3).astype(int)
    assert (np.ptp(pixels, axis=1) > 60).mean() > 0.01
    assert len({tuple(pixel // 48) for pixel in pixels[np.ptp(pixels, axis=1) > 60]}) >= 8

    panel.page.evaluate("() => document.body.classList.add('dark-mode')")
    panel.get("picture").click()
    panel.get("picture-of").select_option(index=1 + STUDENT_OF_DEMO)
    panel.get("picture-light").uncheck()
    dark = np.asarray(Image.open(saved(panel, "png", tmp_path, is_open=True)).convert("L"))
    assert np.median(dark) < 80
    panel.page.evaluate("() => document.body.classList.remove('dark-mode')")

    # While other maps are to come, those on screen are not what a picture would call them: it waits.
    held: list[Route] = []
    panel.page.route("**/frames?*", lambda route: held.append(route))
    panel.get("method-pca").check()
    panel.wait_for("s.method === 'pca'")
    panel.get("picture").click()
    expect(panel.get("picture-status")).to_have_text(f"{len(state['panels'])} maps are still being computed")
    for kind in ("png", "svg"):
        expect(panel.get(f"save-{kind}")).to_be_disabled()
    assert held
    panel.page.unroute("**/frames?*")  # lets them go
    expect(panel.get("save-svg")).to_be_enabled()
    assert "· PCA," in saved(panel, "svg", tmp_path, is_open=True).read_text()


def saved(panel: PanelPage, kind: str, folder: Path, is_open: bool = False) -> Path:
    """The picture that the browser downloads."""
    if not is_open:
        panel.get("picture").click()
    with panel.page.expect_download() as download:
        panel.get(f"save-{kind}").click()
    panel.page.keyboard.press("Escape")
    path = folder / download.value.suggested_filename
    assert path.suffix == f".{kind}"
    download.value.save_as(path)
    return path


def crossings(segments: np.ndarray, place: np.ndarray) -> int:
    """How often a ray from a place to the right crosses the (S, 4) segments."""
    x0, y0, x1, y1 = segments.T
    x, y = place
    spans = (y0 > y) != (y1 > y)
    at = x0[spans] + (y - y0[spans]) / (y1[spans] - y0[spans]) * (x1[spans] - x0[spans])
    return int((at > x).sum())
