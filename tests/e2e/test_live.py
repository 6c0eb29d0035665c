"""The panel on a run that is being written, and behind a path prefix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import BrowserContext, expect
from torch import nn

from kd_projector import DistillationLogger, Probe
from kd_projector.demo import digits
from kd_projector.demo.network import student_network, teacher_network
from tests.e2e.panel_page import PanelPage
from tests.tensorboard_process import TensorBoard


class Training:
    """A student's training that goes on step by step, as the test asks."""

    def __init__(self, run: Path) -> None:
        torch.manual_seed(0)
        self.data = digits.load()
        self.student: nn.Module = student_network()
        self.optimizer = torch.optim.SGD(self.student.parameters(), lr=0.1)
        probe = Probe(self.data.held_out_images[:200], self.data.held_out_labels[:200])
        self.kd = DistillationLogger(run, probe, every=1)
        self.kd.watch("teacher", teacher_network(), layers=["stage1", "embedding"])
        self.kd.watch("student", self.student, layers=["stage1", "embedding"])
        self.step = 0

    def advance(self) -> None:
        loss = nn.functional.cross_entropy(self.student(self.data.train_images), self.data.train_labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.kd.step(self.step, losses={"task": loss})
        self.kd.flush()
        self.step += 1


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Training]:
    training = Training(tmp_path / "logs" / "live")
    training.advance()
    training.advance()
    yield training
    training.kd.close()


@pytest.fixture
def panel(training: Training, tmp_path: Path, context: BrowserContext) -> Iterator[PanelPage]:
    """The panel on the live run; at its end nobody may have had anything to complain of."""
    with TensorBoard("--logdir", str(tmp_path / "logs")) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.wait_until_drawn()
        yield panel
        assert panel.complaints == []
        assert board.complaints() == []


def test_new_steps_show_without_a_reload_and_the_slider_stays_at_the_newest(
    training: Training, panel: PanelPage
) -> None:
    assert (panel.state["steps"], panel.state["step"]) == ([0, 1], 1)
    training.advance()
    panel.wait_for("s.steps.length === 3 && s.step === 2")
    panel.wait_until_drawn()

    panel.press("Home")
    panel.wait_for("s.step === 0")
    panel.wait_until_drawn()
    home = panel.state["camera"]["scale"]
    panel.page.mouse.click(*panel.places(0)[panel.lonely_sample(0)])
    panel.page.mouse.wheel(0, -300)
    panel.get("legend-entry").last.click()
    panel.get("rows").click()
    panel.wait_for("s.selected.length === 1 && s.camera.scale > argument", home)
    sheet = panel.get("rows-sheet").bounding_box()
    before = {key: panel.state[key] for key in ("step", "camera", "selected", "colorBy", "link", "panels")}
    training.advance()
    training.advance()
    panel.wait_for("s.steps.length === 5 && s.newSteps === 2")
    # Whoever looks back is not pulled away, and nothing that is on screen jumps.
    assert {key: panel.state[key] for key in before} == before
    assert panel.get("rows-sheet").bounding_box() == sheet
    panel.page.keyboard.press("Escape")  # the sheet
    expect(panel.get("new-steps")).to_have_text("2 new steps")
    panel.get("new-steps").click()
    panel.wait_for("s.step === 4 && s.newSteps === 0")
    training.advance()
    panel.wait_for("s.step === 5")  # it sticks to the newest again
    expect(panel.get("new-steps")).to_have_count(0)


def test_a_run_that_goes_back_to_a_checkpoint_shows_its_new_branch(
    training: Training, panel: PanelPage, tmp_path: Path
) -> None:
    before = {one["layer"]: one["frame"] for one in panel.state["panels"] if one["model"] == "student"}
    training.kd.close()
    resumed = Training(tmp_path / "logs" / "live")
    resumed.step = 1
    with torch.no_grad():
        for parameter in resumed.student.parameters():
            parameter += 0.05 * torch.randn_like(parameter)
    resumed.advance()
    after = "s.panels.filter(p => p.model === 'student').every(p => p.current && p.frame !== argument[p.layer])"
    panel.wait_for(f"s.step === 1 && {after}", before)
    resumed.kd.close()


def test_the_panel_works_behind_a_path_prefix(training: Training, tmp_path: Path, context: BrowserContext) -> None:
    with TensorBoard("--logdir", str(tmp_path / "logs"), "--path_prefix", "/deep/down") as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.wait_until_drawn()
        assert len(panel.state["panels"]) == 4


def test_without_webgl_the_points_are_drawn_all_the_same(
    training: Training, tmp_path: Path, context: BrowserContext
) -> None:
    context.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    with TensorBoard("--logdir", str(tmp_path / "logs")) as board:
        panel = PanelPage(context.new_page(), board.address)
        panel.wait_until_drawn()
        drawn = panel.frame.evaluate(
            "() => { const c = document.querySelector('[data-testid=canvas]');"
            " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 128; return n; }"
        )
        assert drawn > 1000
