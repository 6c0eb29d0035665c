"""Every way of starting TensorBoard finds the same runs."""

import json
import os
from pathlib import Path

import pytest

from tests.conftest import RunRecipe, write_run
from tests.tensorboard_process import TensorBoard


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    write_run(folder / "sweep" / "distilled", RunRecipe((("teacher", "teacher", (0,)), ("student", "student", (0, 1)))))
    write_run(folder / "baseline", RunRecipe((("baseline", "baseline", (0,)),)))
    return folder


def runs(board: TensorBoard) -> list[str]:
    return [run["name"] for run in board.json("overview")["runs"]]


def test_the_rust_loader(logs: Path) -> None:
    with TensorBoard("--logdir", str(logs)) as board:
        assert runs(board) == ["baseline", "sweep/distilled"]


@pytest.mark.parametrize("with_tensorflow", [False, True])
def test_the_python_loader(logs: Path, with_tensorflow: bool) -> None:
    with TensorBoard("--logdir", str(logs), "--load_fast=false", with_tensorflow=with_tensorflow) as board:
        assert runs(board) == ["baseline", "sweep/distilled"]


def test_logdir_spec(logs: Path) -> None:
    with TensorBoard("--logdir_spec", f"a:{logs / 'sweep'},b:{logs / 'baseline'}") as board:
        assert runs(board) == ["a/distilled", "b/."] or runs(board) == ["a/distilled", "b"]


@pytest.mark.parametrize("loader", ["true", "false"])
def test_a_logdir_that_is_itself_a_run(logs: Path, loader: str) -> None:
    with TensorBoard("--logdir", str(logs / "baseline"), f"--load_fast={loader}") as board:
        assert runs(board) == ["."]
        assert board.json("probe", run=".")["size"] == 120


def test_a_home_relative_logdir(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(logs.parent))
    with TensorBoard("--logdir", os.path.join("~", logs.name)) as board:
        assert runs(board) == ["baseline", "sweep/distilled"]


def test_a_path_prefix(logs: Path) -> None:
    with TensorBoard("--logdir", str(logs), "--path_prefix", "/deep/down") as board:
        status, _, body = board.get("/data/plugin/kd_projector/overview")  # the address has the prefix
        assert status == 200
        assert len(json.loads(body)["runs"]) == 2


@pytest.mark.parametrize("with_tensorflow", [False, True])
def test_without_our_data_the_plugin_is_inactive_and_not_broken(tmp_path: Path, with_tensorflow: bool) -> None:
    with TensorBoard("--logdir", str(tmp_path), with_tensorflow=with_tensorflow) as board:
        listing = json.loads(board.get("/data/plugins_listing")[2])
        assert listing["kd_projector"]["enabled"] is False
        assert runs(board) == []
        assert board.complaints() == []


def test_a_run_of_a_newer_schema_is_listed_with_a_sentence(tmp_path: Path) -> None:
    run = write_run(tmp_path / "future", RunRecipe((("baseline", "baseline", (0,)),)))
    manifest = run / "plugins" / "kd_projector" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"schema_version": 1', '"schema_version": 2'))
    with TensorBoard("--logdir", str(tmp_path)) as board:
        (listed,) = board.json("overview")["runs"]
        assert "Upgrade kd_projector" in listed["error"]
        assert listed["models"] == []
        assert board.ours("probe", run="future")[0] == 404
