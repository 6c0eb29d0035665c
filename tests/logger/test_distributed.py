"""Several ranks: DistributedDataParallel is looked behind, and only rank 0 writes."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import torch
from torch import nn

from kd_projector import DistillationLogger
from kd_projector.store import RunReader
from tests.logger.training import make_net, make_probe, train

RANKS = multiprocessing.get_context("forkserver")


def train_on_rank(rank: int, folder: str) -> None:
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    student = nn.parallel.DistributedDataParallel(make_net(0), broadcast_buffers=False)
    # Each rank has a folder of its own to write to, so that a rank that should not write would show.
    with DistillationLogger(f"{folder}/rank{rank}", make_probe(), every=1) as kd:
        kd.watch("teacher", make_net(1))
        kd.watch("student", student)
        train(student, 4, lambda step, loss: kd.step(step, {"task": loss}))
    torch.distributed.destroy_process_group()


def test_only_rank_0_writes_and_layers_have_the_wrapped_models_names(tmp_path: Path) -> None:
    ranks = [RANKS.Process(target=train_on_rank, args=(rank, str(tmp_path))) for rank in range(2)]
    for rank in ranks:
        rank.start()
    for rank in ranks:
        rank.join(60)
    assert [rank.exitcode for rank in ranks] == [0, 0]
    reader = RunReader(tmp_path / "rank0")
    assert reader.steps("student") == [0, 1, 2, 3]
    assert reader.layers("student") == ["stage1", "stage2", "embedding", "head"]
    assert not (tmp_path / "rank1").exists()


def test_data_parallel_and_nested_wrappers_are_looked_behind(tmp_path: Path) -> None:
    wrapped = torch.compile(nn.DataParallel(make_net(0)), backend="eager")
    with DistillationLogger(tmp_path, make_probe(), every=1, measures=False) as kd:
        kd.watch("student", wrapped)  # type: ignore[arg-type]
        kd.step(0)
    assert RunReader(tmp_path).layers("student") == ["stage1", "stage2", "embedding", "head"]
