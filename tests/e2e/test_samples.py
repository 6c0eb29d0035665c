"""The column at the right: the list of the selection, sorted and by keyboard, and the inspector of one sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, Locator, expect

from kd_projector.demo.network import LAYERS
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, ModelInfo, ProbeRecord, RunReader, RunWriter
from tests.conftest import digits_embedding
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard

STUDENT = len(LAYERS)  # the first panel of the second row
RUN_OF = {"teacher": "distilled", "student": "distilled", "baseline": "baseline"}
NEIGHBOURS = 15


def nearest(embedding: np.ndarray, sample: int) -> list[int]:
    """The nearest others, by exact distances."""
    away = np.linalg.norm(embedding.astype(np.float64) - embedding[sample].astype(np.float64), axis=1)
    away[sample] = -1
    return [int(i) for i in np.argsort(away, kind="stable")[1 : NEIGHBOURS + 1]]


def select_most(panel: PanelPage, index: int) -> None:
    """Draw a rectangle round nearly a whole map."""
    box = panel.get("map").nth(index).bounding_box()
    assert box is not None
    panel.get("tool-rectangle").check(force=True)
    panel.page.mouse.move(box["x"] + 2, box["y"] + 2)
    panel.page.mouse.down()
    panel.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=4)
    panel.page.mouse.up()
    panel.wait_for("s.selected.length > 200")


def samples_of(elements: Locator) -> list[int]:
    found: list[int] = elements.evaluate_all("(all) => all.map((one) => Number(one.dataset.sample))")
    return found


def test_the_inspector_tells_what_the_models_said_over_the_steps_and_who_is_truly_near(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    sample = panel.lonely_sample(STUDENT)
    panel.page.mouse.click(*panel.places(STUDENT)[sample])
    expect(panel.get("inspector")).to_have_attribute("data-sample", str(sample))
    readers = {model: RunReader(demo[0] / run) for model, run in RUN_OF.items()}
    probe = readers["student"].probe
    assert probe.labels is not None
    expect(panel.get("inspected-id")).to_have_text(f"id {probe.ids[sample]}")

    expect(panel.get("history-line")).to_have_count(len(RUN_OF))
    for model, reader in readers.items():
        steps = reader.steps(model)
        predicted = [int(reader.outputs(model, step)["prediction"][sample]) for step in steps]
        pieces = panel.frame.locator(f"[data-testid=prediction-strip][data-model={model}] [data-testid=strip-piece]")
        told = pieces.evaluate_all(
            "(all) => all.map((one) => [one.dataset.prediction, one.dataset.from, one.dataset.until].map(Number))"
        )
        assert [prediction for prediction, first, last in told for step in steps if first <= step <= last] == predicted
        row = panel.frame.locator(f"[data-testid=inspected-prediction][data-model={model}]")
        confidence = float(reader.outputs(model, steps[-1])["confidence"][sample])
        expect(row).to_have_attribute("data-right", str(int(predicted[-1] == probe.labels[sample]) == 1).lower())
        shown = row.locator(".number").inner_text()
        assert abs(int(shown.rstrip("%")) - 100 * confidence) <= 0.51, (model, shown, confidence)

    found = {
        model: nearest(reader.embedding(model, "embedding", reader.steps(model)[-1]), sample)
        for model, reader in readers.items()
    }
    for model, expected in found.items():
        row = panel.frame.locator(f"[data-testid=row-neighbours][data-model={model}]")
        expect(row.get_by_test_id("neighbour")).to_have_count(NEIGHBOURS)
        shown_here = samples_of(row.get_by_test_id("neighbour"))
        # Of equally near ones, and of those that float16 makes so, the order is anyone's.
        assert len(set(shown_here) & set(expected)) >= NEIGHBOURS - 1
        if model != "teacher":
            framed = set(samples_of(row.locator("[data-shared=true]")))
            teachers = samples_of(panel.frame.locator("[data-model=teacher] [data-testid=neighbour]"))
            assert framed == set(shown_here) & set(teachers)
            expect(row).to_contain_text(f"{len(framed)} of {NEIGHBOURS} shared")

    first = panel.frame.locator("[data-model=student] [data-testid=neighbour]").first
    neighbour = samples_of(first)[0]
    first.hover()
    panel.wait_for("s.hovered === argument", neighbour)
    first.click()
    expect(panel.get("inspector")).to_have_attribute("data-sample", str(neighbour))

    chart = panel.get("history-chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    panel.page.mouse.click(box["x"] + 41, box["y"] + 40)
    panel.wait_for("s.step === s.steps[0]")
    expect(panel.get("inspector")).to_contain_text("at step 0")
    panel.get("close-inspector").click()
    expect(panel.get("inspector")).to_have_count(0)


def test_the_list_of_the_selection_is_sorted_by_any_column_and_read_by_keyboard(
    panel: PanelPage, demo: tuple[Path, str]
) -> None:
    select_most(panel, STUDENT)
    selected = np.array(panel.state["selected"])
    panel.get("as-table").check(force=True)
    confidence = RunReader(demo[0] / "distilled").outputs("student", panel.state["step"])["confidence"]
    header = panel.frame.locator('[data-testid=sort-header][data-key^="confidence@"][data-key*="student"]')
    rows = panel.get("sample-row")
    # What the models take the samples for is in sight at once, side by side.
    headers = panel.get("sort-header")
    first = [headers.nth(i).get_attribute("data-key") or "" for i in range(5)]
    assert [key.split("@")[0] for key in first] == ["id", "label", "prediction", "prediction", "prediction"]
    expect(headers.nth(4)).to_be_in_viewport(ratio=0.9)
    for direction, sign in (("ascending", 1), ("descending", -1)):
        header.get_by_role("button").click()
        expect(header).to_have_attribute("aria-sort", direction)
        ordered = selected[np.argsort(sign * confidence[selected], kind="stable")]
        shown = samples_of(rows)
        assert shown == ordered[: len(shown)].tolist()
        assert len(shown) < 60  # what is out of sight is not made

    panel.get("sort-by").select_option("label")
    labels = RunReader(demo[0] / "distilled").probe.labels
    assert labels is not None
    by_label = selected[np.argsort(-labels[selected], kind="stable")]
    shown = samples_of(rows)
    assert shown == by_label[: len(shown)].tolist()

    table = panel.frame.get_by_role("grid")
    table.focus()
    panel.wait_for("s.hovered === argument", int(by_label[0]))
    table.press("ArrowDown")
    panel.wait_for("s.hovered === argument", int(by_label[1]))  # ringed in every map
    step = panel.state["step"]
    table.press("End")
    panel.wait_for("s.hovered === argument", int(by_label[-1]))
    active = table.get_attribute("aria-activedescendant")
    expect(panel.frame.locator(f"#{active}")).to_be_in_viewport()
    assert panel.state["step"] == step  # the keys are the table's
    table.press("Enter")
    expect(panel.get("inspector")).to_have_attribute("data-sample", str(by_label[-1]))
    panel.get("previous-sample").click()
    expect(panel.get("inspector")).to_have_attribute("data-sample", str(by_label[-2]))
    panel.get("part-selection").check(force=True)
    panel.get("as-pictures").check(force=True)
    assert samples_of(panel.get("selected-picture"))[:5] == by_label[:5].tolist()
    panel.get("selected-picture").nth(3).click()
    expect(panel.get("inspector")).to_have_attribute("data-sample", str(by_label[3]))

    separator = panel.get("side-separator")
    width = int(separator.get_attribute("aria-valuenow") or 0)
    side = panel.get("side").bounding_box()
    assert side is not None
    assert abs(side["width"] - width) < 1
    separator.press("ArrowLeft")
    expect(separator).to_have_attribute("aria-valuenow", str(width + 16))
    assert panel.state["step"] == step
    separator.press("Enter")
    expect(panel.get("side")).to_have_count(0)
    assert panel.frame.evaluate("() => JSON.parse(localStorage.getItem('kd_projector.side_column'))") == {
        "width": width + 16,
        "hidden": True,
    }
    panel.get("side-show").click()
    side = panel.get("side").bounding_box()
    assert side is not None
    assert abs(side["width"] - width - 16) < 1


def write_reviews(run: Path, samples: int = 40) -> list[str]:
    """Samples that are words: no pictures, a text and other metadata; equal embeddings, so that neighbours are tied."""
    layers = (LayerInfo("encoder", 16, (16,), "mean"),)
    models = (ModelInfo("teacher", "teacher", True, layers), ModelInfo("student", "student", False, layers))
    texts = [f"Review {i}. " + "A quietly moving picture. " * (1 + 20 * (i % 3)) for i in range(samples)]
    labels = np.arange(samples) % 2
    metadata = {"text": texts, "source": ["paper" if i % 4 else "radio" for i in range(samples)]}
    probe = ProbeRecord("c" * 32, tuple(f"review {i}" for i in range(samples)), labels, ("bad", "good"), metadata)
    with RunWriter(run) as writer:
        writer.write_probe(probe)
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "c" * 32, samples, models))
        outputs = {"prediction": labels.astype(np.int32), "confidence": np.full(samples, 0.5, np.float32)}
        writer.write_step("teacher", 0, {"encoder": digits_embedding(samples, (1,))}, outputs, [])
        tied = np.repeat(np.eye(2, 16, dtype=np.float32), samples // 2, axis=0)
        writer.write_step("student", 0, {"encoder": tied}, {}, [])
    ScalarLog(run).close()
    return texts


def test_samples_that_are_words_show_as_words_and_tied_neighbours_are_not_compared(
    tmp_path: Path, context: BrowserContext
) -> None:
    texts = write_reviews(tmp_path / "reviews")
    with TensorBoard("--logdir", str(tmp_path)) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.get("method-pca").check(force=True)
        panel.wait_until_drawn()
        sample = panel.lonely_sample(0)
        panel.page.mouse.click(*panel.places(0)[sample])
        text = panel.get("sample-text")
        expect(text).to_contain_text(texts[sample].strip())
        assert text.evaluate("(one) => one.scrollWidth <= one.clientWidth")  # wrapped
        expect(panel.get("card-text")).to_contain_text(f"Review {sample}.")
        expect(panel.get("sample-metadata")).to_contain_text("source")
        expect(panel.get("sample-metadata")).not_to_contain_text("Review")
        assert panel.get("inspector").locator(".thumbnail").count() == 0
        student = panel.frame.locator("[data-testid=row-neighbours][data-model=student]")
        expect(student.get_by_test_id("tied")).to_be_visible()
        assert student.locator("[data-shared=true]").count() == 0
        expect(student).not_to_contain_text("shared")
        assert panel.get("neighbour").first.inner_text().startswith("review ")
        assert panel.get("history-line").count() == 1  # the student logged none
        assert panel.complaints == []
        assert board.complaints() == []
