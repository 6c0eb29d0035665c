"""A training that goes on in its run: history kept, dead branches out of sight, curves without zigzag."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tensorboard.backend.event_processing import plugin_event_accumulator
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from kd_projector import DistillationLogger
from kd_projector.errors import UsageError
from kd_projector.recording.scalars import ScalarLog
from kd_projector.store import RunReader
from tests.logger.training import logged_training, make_net, make_probe


def test_resuming_at_a_step_supersedes_what_came_from_there_on_and_keeps_what_came_before(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=8, every=1)
    before = RunReader(tmp_path)
    created, kept = before.manifest.created, before.digest("student", "head", 2)
    dead = before.digest("student", "head", 5)
    logged_training(tmp_path, steps=3, every=1, first_step=3)
    reader = RunReader(tmp_path)
    assert reader.steps("student") == [0, 1, 2, 3, 4, 5]
    assert reader.steps("teacher") == [0]  # the same teacher: not stored again
    assert reader.digest("student", "head", 2) == kept
    assert reader.digest("student", "head", 5) != dead
    assert reader.manifest.created == created
    superseded = sorted((tmp_path / "plugins" / "kd_projector" / "superseded").rglob("steps-student/*.safetensors"))
    assert [int(path.stem) for path in superseded] == [3, 4, 5, 6, 7]


def test_tensorboards_curves_follow_the_branch_that_lives(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=8, every=1)
    logged_training(tmp_path, steps=2, every=1, first_step=3)
    events = EventAccumulator(str(tmp_path), size_guidance={"scalars": 0}).Reload()
    assert [event.step for event in events.Scalars("kd/loss/task")] == [0, 1, 2, 3, 4]


def test_event_files_of_quick_restarts_are_read_in_the_order_in_which_they_were_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    for process in (99, 100, 1000, 9):  # as text, not in this order
        monkeypatch.setattr(os, "getpid", lambda process=process: process)
        ScalarLog(tmp_path).close()
        made.append(({*tmp_path.glob("*tfevents*")} - {*made}).pop())
    assert made == sorted(made)


def test_a_fresh_start_in_the_same_folder_supersedes_everything(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=4, every=1)
    logged_training(tmp_path, steps=2, every=1)
    assert RunReader(tmp_path).steps("student") == [0, 1]
    assert RunReader(tmp_path).steps("teacher") == [0]


def test_a_changed_teacher_is_stored_where_the_training_resumes(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=2, every=1)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("teacher", make_net(99))
        kd.step(2)
    assert RunReader(tmp_path).steps("teacher") == [0, 2]


def test_a_teacher_whose_file_was_damaged_is_stored_again(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=2, every=1)
    (tmp_path / "plugins/kd_projector/steps/teacher/000000000000.safetensors").write_bytes(b"rubbish")
    logged_training(tmp_path, steps=1, every=1, first_step=2)
    assert RunReader(tmp_path).steps("teacher") == [0, 2]
    assert RunReader(tmp_path).embedding("teacher", "head", 2).shape == (len(make_probe()), 10)


def test_models_that_are_no_longer_watched_stay_with_their_history(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=4, every=1)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("baseline", make_net(5))
        kd.step(2)
    reader = RunReader(tmp_path)
    assert reader.models == ["baseline", "teacher", "student"]
    assert reader.steps("student") == [0, 1]
    assert reader.embedding("student", "head", 1).shape == (len(make_probe()), 10)


def test_other_layers_than_the_history_has_are_refused_unless_nothing_of_it_remains(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=3, every=1)
    for step, refused in ((2, True), (0, False)):
        with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
            kd.watch("student", make_net(8), layers=["stage2", "head"])
            if refused:
                with pytest.raises(UsageError, match="resume with the same layers"):
                    kd.step(step)
            else:
                kd.step(step)
    reader = RunReader(tmp_path)
    assert reader.steps("student") == [0]
    assert reader.layers("student") == ["stage2", "head"]


def curve(run: Path, tag: str) -> list[int]:
    """The steps that TensorBoard's own loader (of --load_fast=false) shows of a scalar; unlike the older accumulator
    of the tests above, it takes a run's first START for a beginning that drops nothing."""
    accumulator = plugin_event_accumulator.EventAccumulator(str(run), size_guidance={"tensors": 0})
    return [event.step for event in accumulator.Reload().Tensors(tag)]


def test_the_dead_branch_is_dropped_at_the_first_resumption_and_at_later_ones(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=8, every=1)
    logged_training(tmp_path, steps=3, every=1, first_step=3)
    assert curve(tmp_path, "kd/loss/task") == [0, 1, 2, 3, 4, 5]
    logged_training(tmp_path, steps=2, every=1, first_step=1)
    assert curve(tmp_path, "kd/loss/task") == [0, 1, 2]


def test_scalars_of_the_trainings_own_writer_in_the_folder_are_never_dropped(tmp_path: Path) -> None:
    for training in range(3):
        own = EventFileWriter(str(tmp_path), filename_suffix=f".{training}")
        for step in range(4):
            own.add_event(Event(step=step, summary=Summary(value=[Summary.Value(tag="own", simple_value=training)])))
        own.close()
        logged_training(tmp_path, steps=2, every=1)
    assert curve(tmp_path, "own") == [0, 1, 2, 3] * 3


def test_models_of_which_nothing_is_left_are_no_longer_listed(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=2, every=1)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("baseline", make_net(5))
        kd.step(0)
    assert RunReader(tmp_path).models == ["baseline"]
