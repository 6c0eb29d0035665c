"""The panel on runs that are unlike the demo's: other probes, many layers, no labels, a TensorBoard that goes away."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, ModelInfo, ProbeRecord, RunWriter
from tests.conftest import RunRecipe, digits_embedding, write_run
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard


def write_bare_run(run: Path, samples: int = 60) -> None:
    """A model without a role, of samples without labels, pictures and metadata; no outputs, no measures."""
    layers = (LayerInfo("only", 16, (16,), "mean"),)
    with RunWriter(run) as writer:
        writer.write_probe(ProbeRecord("b" * 32, tuple(map(str, range(samples))), None, None, {}))
        model = ModelInfo("net", None, False, layers)
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "b" * 32, samples, (model,)))
        writer.write_step("net", 0, {"only": digits_embedding(samples, (9,))}, {}, [])
    ScalarLog(run).close()


def test_what_was_chosen_among_one_probes_samples_is_let_go_of_when_another_probe_is_chosen(
    distilled_run: Path, baseline_run: Path, context: BrowserContext
) -> None:
    write_bare_run(distilled_run.parent / "bare")
    with TensorBoard("--logdir", str(distilled_run.parent)) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.get("method-pca").check(force=True)
        panel.wait_until_drawn()
        sample = panel.lonely_sample(0)
        panel.page.mouse.click(*panel.places(0)[sample])
        panel.wait_for("s.selected.length === 1")
        panel.get("legend-entry").first.click()
        panel.get("layers").click()
        panel.get("layer-choice").first.uncheck()
        panel.page.keyboard.press("Escape")

        panel.get("rows").click()
        expect(panel.get("probe-choice").first).to_be_checked()  # the one that most runs share
        panel.get("probe-choice").last.check()
        panel.page.keyboard.press("Escape")
        panel.wait_until_drawn()
        assert [(one["model"], one["layer"]) for one in panel.state["panels"]] == [("net", "only")]
        assert panel.state["selected"] == []
        assert panel.state["hovered"] is None
        assert panel.state["colorBy"] == "prediction"  # there are no labels
        assert panel.complaints == []
        assert board.complaints() == []


def test_in_a_grid_wider_than_the_window_row_headers_stay_and_layers_are_told_apart(
    tmp_path: Path, context: BrowserContext
) -> None:
    layers = tuple(f"encoder.layer.{i}.output" for i in range(20))
    write_run(tmp_path / "deep", RunRecipe((("teacher", "teacher", (0,)),), layers, samples=60))
    with TensorBoard("--logdir", str(tmp_path)) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.get("method-pca").check(force=True)
        panel.wait_until_drawn()
        names = panel.get("panel").locator("h2 bdi").all_inner_texts()
        assert names == [str(i) for i in range(20)]
        header = panel.get("row-header")
        before = header.bounding_box()
        panel.get("panel").last.scroll_into_view_if_needed()
        assert header.bounding_box() == before
        sample = panel.lonely_sample(19)
        panel.page.mouse.move(*panel.places(19)[sample])
        panel.wait_for("s.hovered === argument", sample)


def test_the_panel_says_that_tensorboard_is_away_and_goes_on_when_it_is_back(
    distilled_run: Path, context: BrowserContext
) -> None:
    with TensorBoard("--logdir", str(distilled_run.parent)) as board:
        address = board.address
        panel = PanelPage(context.new_page(), address)
        panel.get("method-pca").check(force=True)
        panel.wait_until_drawn()
    expect(panel.get("trouble")).to_contain_text("TensorBoard does not answer")
    assert all(one["positions"] for one in panel.state["panels"])  # what was there is still to be seen
    port = address.rpartition(":")[2]
    with TensorBoard("--logdir", str(distilled_run.parent), "--port", port):
        panel.get("trouble").wait_for(state="detached")
        panel.press("Home")
        panel.wait_for("s.step === 0")
        panel.wait_until_drawn()
