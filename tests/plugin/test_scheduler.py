"""TensorBoard with `--kd_projector_scheduler`: what the panel gets, and what a wrong address costs."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from tensorboard.plugins.base_plugin import FlagsError

from kd_projector.plugin.loader import KDProjectorLoader
from tests.conftest import RunRecipe, write_run
from tests.jobs.dask_cluster import DaskCluster
from tests.tensorboard_process import TensorBoard

pytest.importorskip("distributed", reason="needs the extra [dask]")

WANTED = [["run", "student", "late", 0], ["run", "student", "late", 1]]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    recipe = RunRecipe((("teacher", "teacher", (0,)), ("student", "student", (0, 1))))
    write_run(tmp_path / "logs" / "run", recipe)
    return tmp_path / "logs"


def frames_in_the_end(board: TensorBoard) -> list[dict[str, Any]]:
    while True:
        _, metadata = board.arrays("frames", request={"method": "pca", "frames": WANTED})
        frames: list[dict[str, Any]] = metadata["frames"]
        if not any(frame["status"] in ("queued", "running") for frame in frames):
            return frames


def test_a_cluster_makes_the_panels_frames_and_one_that_is_gone_is_said_in_them(logs: Path, tmp_path: Path) -> None:
    with (
        DaskCluster(workers=2, folder=tmp_path) as cluster,
        TensorBoard("--logdir", str(logs), "--kd_projector_scheduler", cluster.address) as board,
    ):
        assert [frame["status"] for frame in frames_in_the_end(board)] == ["ready", "ready"]
        cluster.scheduler.kill()
        for frame in logs.rglob("projections/*.safetensors"):
            frame.unlink()
        failed = frames_in_the_end(board)
        assert [frame["status"] for frame in failed] == ["failed", "failed"]
        assert f"The Dask scheduler {cluster.address} cannot be reached" in failed[0]["message"]
        assert json.loads(board.get("/data/plugins_listing")[2])["kd_projector"]["enabled"]
        assert board.json("overview")["runs"][0]["error"] is None


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--kd_projector_scheduler", "localhost"], "'localhost' is not the address of a Dask scheduler"),
        (["--kd_projector_scheduler", "tcp://h:1", "--kd_projector_workers", "2"], "not both"),
        (["--kd_projector_workers", "-1"], "--kd_projector_workers is -1"),
    ],
)
def test_flags_that_make_no_sense_are_refused_at_the_start(flags: list[str], sentence: str) -> None:
    loader, parser = KDProjectorLoader(), argparse.ArgumentParser()
    loader.define_flags(parser)
    with pytest.raises(FlagsError, match=sentence):
        loader.fix_flags(parser.parse_args(flags))
