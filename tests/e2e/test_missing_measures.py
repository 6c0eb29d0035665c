"""What measures are not there is said with the command that computes them, which is run here as it is shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import LayerInfo, Manifest, MeasureValue, ModelInfo, ProbeRecord, RunWriter
from tests.conftest import digits_embedding
from tests.e2e.measures_shown import show
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard


def write_layers(run: Path, models: tuple[ModelInfo, ...], values: list[MeasureValue]) -> None:
    """A run of 40 samples at step 0; `values` are of its last model."""
    with RunWriter(run) as writer:
        writer.write_probe(ProbeRecord("c" * 32, tuple(map(str, range(40))), None, None, {}))
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "c" * 32, 40, models))
        for m, model in enumerate(models):
            embeddings = {layer.name: digits_embedding(40, (m, i)) for i, layer in enumerate(model.layers)}
            writer.write_step(model.name, 0, embeddings, {}, values if m == len(models) - 1 else [])
    ScalarLog(run).close()


@pytest.fixture
def odd_board(tmp_path: Path) -> Iterator[TensorBoard]:
    """A teacher of twelve layers with a student as deep; a baseline of one layer; no labels, one step."""
    deep = tuple(LayerInfo(f"encoder.layer.{i}.output", 16, (16,), "mean") for i in range(12))
    models = (ModelInfo("teacher", "teacher", True, deep), ModelInfo("student", "student", False, deep))
    pairs = [
        MeasureValue("linear_cka", 1 / (1 + abs(i - j)), ours.name, "teacher", theirs.name)
        for i, ours in enumerate(deep)
        for j, theirs in enumerate(deep)
    ]
    write_layers(tmp_path / "deep", models, pairs)
    alone = ModelInfo("baseline", "baseline", False, (LayerInfo("only", 16, (16,), "mean"),))
    write_layers(tmp_path / "alone", (alone,), [])
    with TensorBoard("--logdir", str(tmp_path)) as board:
        yield board


def test_what_is_not_there_is_said_with_what_to_do(odd_board: TensorBoard, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel = PanelPage(context.new_page(), odd_board.address)
    panel.get("method-pca").check(force=True)
    show(panel, "similarity")
    heat = panel.get("heat-map")
    assert heat.count() == 1
    assert heat.get_by_test_id("cell").count() == 144
    assert heat.locator("[data-best=true]").count() == 12
    assert heat.locator("thead th").all_inner_texts() == [str(i) for i in range(12)]
    missing = panel.get("not-compared")
    expect(missing).to_contain_text("watched no teacher")
    missing.get_by_test_id("copy-command").click()
    expect(missing.get_by_test_id("copy-command")).to_have_text("Copied")
    assert panel.page.evaluate("() => navigator.clipboard.readText()") == (
        "kd-projector measure LOGDIR --measure linear_cka"
    )

    show(panel, "measures")
    panel.get("measure-menu").click()
    expect(panel.get("missing-measures")).to_contain_text("Need labels")
    panel.page.keyboard.press("Escape")
    panel.get("over-depth").check(force=True)
    expect(panel.get("no-measures")).to_be_visible()  # no measure of single layers was logged
    assert panel.complaints == []
    assert odd_board.complaints() == []


def run_shown(place: Locator, logdir: Path) -> None:
    """Do what the panel says there."""
    name, *arguments = place.get_by_test_id("command").locator("code").inner_text().split()
    assert name == "kd-projector"
    assert "LOGDIR" in arguments
    given = [str(logdir) if argument == "LOGDIR" else argument for argument in arguments]
    answer = subprocess.run(
        [sys.executable, "-m", "kd_projector.cli", *given], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr


def test_the_commands_that_show_have_what_they_promise_appear_by_itself(
    odd_board: TensorBoard, tmp_path: Path, context: BrowserContext
) -> None:
    panel = PanelPage(context.new_page(), odd_board.address)
    panel.get("method-pca").check(force=True)
    show(panel, "similarity")
    expect(panel.get("not-compared")).to_have_count(1)
    run_shown(panel.get("not-compared"), tmp_path)
    panel.wait_for("s.heatMaps.length === 2")
    baseline = panel.state["heatMaps"][1]
    assert (baseline["run"], baseline["teacher"]) == ("alone", {"run": "deep", "model": "teacher"})
    assert len(baseline["lines"]) == 1

    rsa = panel.get("similarity-measure").locator("option[value=rsa]")
    expect(rsa).to_have_text("RSA (not computed yet)")
    expect(rsa).to_be_disabled()
    expect(panel.get("missing-similarities")).to_contain_text("RSA")
    run_shown(panel.get("missing-similarities"), tmp_path)
    expect(rsa).to_be_enabled()
    expect(panel.get("missing-similarities")).to_have_count(0)
    panel.get("similarity-measure").select_option("rsa")
    panel.wait_for("s.similarity === 'rsa' && s.heatMaps.length === 2")
    values = [line["values"] for line in panel.state["heatMaps"][0]["lines"]]
    assert all(value is not None and -1 <= value <= 1 for line in values for value in line)

    show(panel, "measures")
    panel.get("measure-menu").click()
    effective_rank = panel.frame.locator("[data-measure=effective_rank]")
    expect(effective_rank).to_have_count(0)
    run_shown(panel.get("missing-measures"), tmp_path)
    effective_rank.check()
    panel.wait_for("s.measure === 'effective_rank' && s.charts.length > 0")
    panel.page.keyboard.press("Escape")
    show(panel, "similarity")
    panel.get("heat-map").nth(1).get_by_test_id("cell").last.click()  # the maps of two runs
    panel.wait_until_drawn()
    assert [(one["run"], one["model"]) for one in panel.state["panels"]] == [("deep", "teacher"), ("alone", "baseline")]
    assert panel.complaints == []
