"""When the disk fails: the training goes on, what was lost is said once and counted, or `strict` raises."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from kd_projector import DistillationLogger
from kd_projector.errors import KDProjectorWarning, UsageError
from kd_projector.recording import recorder
from kd_projector.recording.step_measures import StepMeasures
from kd_projector.store import RunReader
from kd_projector.store.layout import RunFolder
from tests.logger.training import make_net, make_probe, train


def block(folder: Path) -> None:
    """Make `folder` impossible to write into, also for root: it becomes a file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


def test_a_log_dir_that_cannot_be_made_costs_one_warning_and_the_training_is_the_same(tmp_path: Path) -> None:
    block(tmp_path / "runs")
    student = make_net(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with DistillationLogger(tmp_path / "runs" / "kd", make_probe(), every=2) as kd:
            kd.watch("student", student)
            weights = train(student, 8, lambda step, loss: kd.step(step, {"task": loss}))
    ours = [str(warning.message) for warning in caught if warning.category is KDProjectorWarning]
    assert len(ours) == 1
    assert "Logging failed" in ours[0]
    assert "the training goes on" in ours[0]
    expected = train(make_net(0), 8)
    assert all(torch.equal(weights[name], expected[name]) for name in expected)


def test_a_disk_that_recovers_is_written_to_again_and_the_lost_steps_are_counted(tmp_path: Path) -> None:
    steps = tmp_path / "plugins" / "kd_projector" / "steps"
    with DistillationLogger(tmp_path, make_probe(), every=1, measures=False) as kd:
        kd.watch("student", make_net(0))
        kd.step(0)
        kd.flush()
        shutil.move(steps, tmp_path / "kept")
        block(steps)
        kd.step(1)
        with pytest.warns(KDProjectorWarning, match="Logging failed"):
            kd.flush()
        kd.step(2)
        kd.flush()
        steps.unlink()
        shutil.move(tmp_path / "kept", steps)
        kd.step(3)
    reader = RunReader(tmp_path)
    assert reader.steps("student") == [0, 3]
    assert reader.manifest.warnings == {"failed_steps": 2}


def test_a_teacher_that_could_not_be_written_is_written_with_the_next_step(tmp_path: Path) -> None:
    steps = tmp_path / "plugins" / "kd_projector" / "steps"
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("teacher", make_net(1))
        kd.watch("student", make_net(0))
        block(steps)
        kd.step(0)
        with pytest.warns(KDProjectorWarning):
            kd.flush()
        steps.unlink()
        kd.step(1)
        kd.step(2)
    assert RunReader(tmp_path).steps("teacher") == [1]
    assert RunReader(tmp_path).steps("student") == [1, 2]


def test_strict_raises_the_failure_itself(tmp_path: Path) -> None:
    block(tmp_path / "runs")
    with pytest.raises(OSError, match="runs"):
        DistillationLogger(tmp_path / "runs" / "kd", make_probe(), strict=True)

    kd = DistillationLogger(tmp_path / "kd", make_probe(), every=1, measures=False, strict=True)
    kd.watch("student", make_net(0))
    block(tmp_path / "kd" / "plugins" / "kd_projector" / "steps")
    kd.step(0)
    with pytest.raises(OSError, match="steps"):
        kd.close()


def test_a_failing_logger_does_not_hide_the_trainings_own_error(tmp_path: Path) -> None:
    def run() -> None:
        with DistillationLogger(tmp_path, make_probe(), every=1, strict=True, measures=False) as kd:
            kd.watch("student", make_net(0))
            block(tmp_path / "plugins" / "kd_projector" / "steps")
            kd.step(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()


def test_a_full_disk_leaves_no_half_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, full = RunFolder.write, False

    def write_until_full(self: RunFolder, path: str, data: bytes) -> None:
        if full and "/steps/student/" in path:
            raise OSError(28, "No space left on device")
        write(self, path, data)

    monkeypatch.setattr(RunFolder, "write", write_until_full)
    kd = DistillationLogger(tmp_path, make_probe(), 1)
    kd.watch("teacher", make_net(1))
    kd.watch("student", make_net(0))
    kd.step(0)
    kd.flush()
    full = True
    kd.step(1)
    with pytest.warns(KDProjectorWarning, match="No space left"):
        kd.close()
    reader = RunReader(tmp_path)
    assert reader.steps("student") == [0]
    assert reader.embedding("student", "head", 0).shape == (len(make_probe()), 10)


def test_of_a_diverged_model_all_is_kept_that_can_be_and_what_cannot_is_said_and_counted(tmp_path: Path) -> None:
    student = make_net(0)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("student", student)
        kd.step(0)
        with torch.no_grad():
            student.head.weight.fill_(float("nan"))
        kd.step(1)
        with pytest.warns(KDProjectorWarning, match="Layer 'head' of model 'student' cannot be measured: NaN"):
            kd.flush()
        kd.step(2)
    reader = RunReader(tmp_path)
    assert reader.steps("student") == [0, 1, 2]
    layers = {step: {value.layer for value in reader.measures("student", step)} for step in (0, 1)}
    assert layers[0] == {*reader.layers("student"), None}
    assert layers[1] == {"stage1", "stage2", "embedding"}
    # The step was written: what is counted are the layer and the outputs, at both steps.
    assert reader.manifest.warnings == {"failed_measures": 4}


@pytest.mark.parametrize("failing", ["of", "_labels_on"])
def test_no_failure_of_measuring_costs_the_embeddings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def out_of_memory(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(StepMeasures, failing, out_of_memory)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("teacher", make_net(1))
        kd.watch("student", make_net(0))
        kd.step(0)
        with pytest.warns(KDProjectorWarning, match="out of memory"):
            kd.flush()
        kd.step(1, {"task": 0.5})
    reader = RunReader(tmp_path)
    assert reader.steps("teacher") == [0]
    assert reader.steps("student") == [0, 1]
    assert reader.embedding("student", "head", 1).shape == (len(make_probe()), 10)
    assert len(reader.outputs("student", 1)) > 0
    assert reader.manifest.warnings == {"failed_measures": 3}


def test_outputs_that_cannot_be_worked_out_do_not_cost_the_embeddings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_memory(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(recorder, "sample_outputs", out_of_memory)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("student", make_net(0))
        kd.step(0)
        with pytest.warns(KDProjectorWarning, match="out of memory"):
            kd.flush()
    reader = RunReader(tmp_path)
    assert reader.embedding("student", "head", 0).shape == (len(make_probe()), 10)
    assert {value.measure for value in reader.measures("student", 0)} >= {"accuracy", "knn_accuracy"}
    assert reader.manifest.warnings == {"failed_measures": 1}


def test_a_model_that_fails_on_a_later_step_is_left_out_there_and_counted(tmp_path: Path) -> None:
    student: Any = make_net(0)
    with DistillationLogger(tmp_path, make_probe(), every=1, measures=False) as kd:
        kd.watch("teacher", make_net(1))
        kd.watch("student", student)
        kd.step(0)
        student.head = torch.nn.Linear(3, 10)
        with pytest.warns(KDProjectorWarning, match="RuntimeError"):
            kd.step(1)
        student.head = torch.nn.Linear(12, 10)
        kd.step(2)
    assert RunReader(tmp_path).steps("student") == [0, 2]
    assert RunReader(tmp_path).manifest.warnings == {"failed_probes": 1}


def test_a_sharded_model_is_refused(tmp_path: Path) -> None:
    class FullyShardedDataParallel(torch.nn.Sequential):
        """Named as torch's, which cannot be made without a process group."""

    with DistillationLogger(tmp_path, make_probe()) as kd, pytest.raises(UsageError, match="is sharded"):
        kd.watch("student", FullyShardedDataParallel(make_net(0)))
