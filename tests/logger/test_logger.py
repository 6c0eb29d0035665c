"""DistillationLogger: what is logged, when, how cheaply, and the sentences for wrong use."""

from __future__ import annotations

import gc
import threading
import time
import warnings
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import nn

from kd_projector import DistillationLogger, Probe, Schedule
from kd_projector.errors import KDProjectorWarning, StoreError, UsageError
from kd_projector.recording.scalars import MARKER_TAG
from kd_projector.store import RunReader, RunWriter
from tests.logger.training import SAMPLES, logged_training, make_net, make_probe


def accumulated(run: Path) -> EventAccumulator:
    return EventAccumulator(str(run), size_guidance={"scalars": 0}).Reload()


def test_a_run_holds_what_was_asked_for(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=7, every=3)
    reader = RunReader(tmp_path)
    assert reader.steps("teacher") == [0]
    assert reader.steps("student") == [0, 3, 6]
    assert [(model.role, model.static) for model in reader.manifest.models] == [("teacher", True), ("student", False)]
    assert reader.manifest.settings["every"] == "every 3 steps"
    assert reader.manifest.warnings == {}
    assert reader.probe.fingerprint == reader.manifest.probe_fingerprint == make_probe().fingerprint
    student = make_net(8)
    assert reader.layers("student") == ["stage1", "stage2", "embedding", "head"]
    assert reader.model("student").last_hidden_layer().name == "embedding"
    assert not np.array_equal(reader.embedding("student", "head", 0), reader.embedding("student", "head", 6))
    assert student.head.out_features == reader.embedding("student", "head", 0).shape[1]


def test_embeddings_and_outputs_are_the_models_own(tmp_path: Path) -> None:
    model, probe = make_net(0), make_probe()
    with DistillationLogger(tmp_path, probe, every=1, batch_size=17) as kd:
        kd.watch("baseline", model)
        kd.step(0)
    model.eval()
    with torch.no_grad():
        first = model.stage1(probe.inputs)
        logits = model(probe.inputs)
    reader = RunReader(tmp_path)
    np.testing.assert_allclose(reader.embedding("baseline", "stage1", 0), first.mean((2, 3)), rtol=2e-3, atol=1e-4)
    probabilities = logits.softmax(1)
    outputs = reader.outputs("baseline", 0)
    assert outputs["prediction"].dtype == np.int32
    assert outputs["prediction"].tolist() == logits.argmax(1).tolist()
    np.testing.assert_allclose(outputs["confidence"], probabilities.amax(1), rtol=1e-5)
    np.testing.assert_allclose(outputs["entropy"], -(probabilities * probabilities.log()).sum(1), rtol=1e-5)
    loss = nn.functional.cross_entropy(logits, probe.labels, reduction="none")  # type: ignore[arg-type]
    np.testing.assert_allclose(outputs["loss"], loss, rtol=1e-5)
    assert reader.manifest.models[0].role == "baseline"


def test_measures_and_losses_are_scalars_that_tensorboard_reads_back(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=5, every=2)
    events, reader = accumulated(tmp_path), RunReader(tmp_path)
    assert MARKER_TAG not in events.Tags()["scalars"]
    assert events.PluginTagToContent("kd_projector") == {MARKER_TAG: b""}
    assert [event.step for event in events.Scalars("kd/loss/task")] == [0, 2, 4]
    for step in (0, 2, 4):
        measures = reader.measures("student", step)
        assert {m.measure for m in measures} >= {"knn_accuracy", "linear_cka", "top1_agreement", "accuracy"}
        assert {m.other_layer for m in measures if m.measure == "linear_cka"} == set(reader.layers("teacher"))
        for measure in measures:
            logged = {event.step: event.value for event in events.Scalars(measure.tag("student"))}
            assert logged[step] == pytest.approx(measure.value, rel=1e-6)
    (accuracy,) = [m.value for m in reader.measures("student", 4) if m.measure == "accuracy"]
    assert accuracy == pytest.approx(np.mean(reader.outputs("student", 4)["prediction"] == reader.probe.labels))


def test_the_event_file_is_there_as_soon_as_the_first_step_is_written(tmp_path: Path) -> None:
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("student", make_net(0))
        kd.step(0)
        kd.flush()
        assert len(list(tmp_path.glob("*tfevents*.kd_projector"))) == 1
        assert accumulated(tmp_path).PluginTagToContent("kd_projector")
        assert RunReader(tmp_path).steps("student") == [0]


def test_a_log_dir_may_be_on_any_file_system(tmp_path: Path) -> None:
    run = f"memory://{tmp_path.name}/run"
    logged_training(run, steps=3, every=1)  # type: ignore[arg-type]
    reader = RunReader(run)
    assert reader.steps("student") == [0, 1, 2]
    (events,) = [path for path in reader.folder.fs.ls(reader.folder.run_path, detail=False) if "tfevents" in path]
    local = tmp_path / events.rsplit("/", 1)[-1]
    local.write_bytes(reader.folder.read(events))
    assert [event.step for event in accumulated(tmp_path).Scalars("kd/loss/task")] == [0, 1, 2]


def test_a_step_that_is_not_due_costs_next_to_nothing(tmp_path: Path) -> None:
    loss = torch.rand((), requires_grad=True) * 2
    with DistillationLogger(tmp_path, make_probe(), every=10**9, measures=False) as kd:
        kd.watch("student", make_net(0))
        kd.step(0)
        kd.flush()
        rounds = []
        for start in range(1, 5_001, 1_000):
            begin = time.perf_counter()
            for step in range(start, start + 1_000):
                kd.step(step, losses={"task": loss})
            rounds.append((time.perf_counter() - begin) / 1_000)
    assert min(rounds) < 20e-6  # the best of five: others use this machine too


def test_a_teacher_is_embedded_once_and_again_only_when_its_parameters_change(tmp_path: Path) -> None:
    teacher, passes = make_net(0), []
    teacher.stage1.register_forward_hook(lambda *_: passes.append(kd.probing))
    with DistillationLogger(tmp_path, make_probe(), every=1, measures=False) as kd:
        kd.watch("teacher", teacher)
        kd.watch("student", make_net(1))
        for step in range(3):
            kd.step(step)
        teacher.load_state_dict(make_net(2).state_dict())
        kd.step(3)
        kd.step(4)
        # An exponential moving average written through .data, which autograd's version counters do not see.
        versions = [p._version for p in teacher.parameters()]
        for parameter in teacher.parameters():
            parameter.data.mul_(0.999)
        assert versions == [p._version for p in teacher.parameters()]
        kd.step(5)
        kd.step(6)
    assert RunReader(tmp_path).steps("teacher") == [0, 3, 5]
    assert RunReader(tmp_path).steps("student") == list(range(7))
    assert passes == [True, True, True]


def test_a_frozen_model_of_any_role_counts_as_static(tmp_path: Path) -> None:
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("earlier", make_net(0).requires_grad_(False))
        kd.step(0)
        kd.step(1)
    assert RunReader(tmp_path).steps("earlier") == [0]
    assert RunReader(tmp_path).model("earlier").static


def test_with_two_steps_unwritten_a_due_one_waits_or_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_disk, write_step = threading.Event(), RunWriter.write_step

    def wait_for_disk(self: RunWriter, *arguments: Any) -> None:
        assert slow_disk.wait(30)
        write_step(self, *arguments)

    monkeypatch.setattr(RunWriter, "write_step", wait_for_disk)
    with DistillationLogger(tmp_path / "skip", make_probe(), every=1, measures=False, when_busy="skip") as kd:
        kd.watch("student", make_net(0))
        kd.step(0)
        kd.step(1)
        with pytest.warns(KDProjectorWarning, match="Step 2 was left out"):
            kd.step(2)
        kd.step(3)  # warned of once only
        slow_disk.set()
        kd.flush()
        kd.step(4)
    reader = RunReader(tmp_path / "skip")
    assert reader.steps("student") == [0, 1, 4]
    assert reader.manifest.warnings == {"skipped_steps": 2}

    slow_disk.clear()
    with DistillationLogger(tmp_path / "wait", make_probe(), every=1, measures=False) as kd:
        kd.watch("student", make_net(0))
        kd.step(0)
        kd.step(1)
        training = threading.Thread(target=kd.step, args=(2,))
        training.start()
        training.join(0.3)
        assert training.is_alive()  # the third due step waits
        slow_disk.set()
        training.join(30)
    assert RunReader(tmp_path / "wait").steps("student") == [0, 1, 2]


def test_a_dropped_logger_writes_what_was_due_and_releases_run_and_models(tmp_path: Path) -> None:
    kd = DistillationLogger(tmp_path, make_probe(), every=1, measures=False)
    model = make_net(0)
    kd.watch("student", model)
    kd.step(0)
    gone = weakref.ref(model)
    del kd, model
    gc.collect()
    assert gone() is None
    assert RunReader(tmp_path).steps("student") == [0]
    RunWriter(tmp_path).close()  # the lock is free


def test_a_run_in_which_nothing_was_due_says_so(tmp_path: Path) -> None:
    kd = DistillationLogger(tmp_path, make_probe(), every=100)
    kd.watch("student", make_net(0))
    kd.step(1)
    with pytest.warns(KDProjectorWarning, match=r"no step up to 1 was due \(every 100 steps\)"):
        kd.close()


def test_a_second_logger_on_the_run_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    with DistillationLogger(tmp_path, make_probe()), pytest.raises(StoreError, match="close it first"):
        DistillationLogger(tmp_path, make_probe())
    DistillationLogger(tmp_path, make_probe()).close()


def test_another_probe_in_the_same_folder_is_refused_with_both_fingerprints(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=1)
    other = make_probe(50)
    with pytest.raises(StoreError, match=f"{make_probe().fingerprint}.*{other.fingerprint}"):
        DistillationLogger(tmp_path, other)
    DistillationLogger(tmp_path, make_probe()).close()  # the refused one holds no lock


def test_wrong_use_is_answered_with_a_sentence(tmp_path: Path) -> None:
    probe = make_probe()
    for words, wrong in [
        ("must be a Probe", lambda: DistillationLogger(tmp_path, torch.rand(3, 4))),  # type: ignore[arg-type]
        ("batch_size is 0", lambda: DistillationLogger(tmp_path, probe, batch_size=0)),
        ("batch_size is 'x'", lambda: DistillationLogger(tmp_path, probe, batch_size="x")),  # type: ignore[arg-type]
        ("batch_size is 2.5", lambda: DistillationLogger(tmp_path, probe, batch_size=2.5)),  # type: ignore[arg-type]
        ("when_busy is 'drop'", lambda: DistillationLogger(tmp_path, probe, when_busy="drop")),  # type: ignore[arg-type]
        ("every 0 steps", lambda: DistillationLogger(tmp_path, probe, every=0)),
    ]:
        with pytest.raises(UsageError, match=words):
            wrong()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch's own: TorchScript is on its way out
        traced = torch.jit.trace(nn.Sequential(nn.ReLU()), torch.rand(2))
    with DistillationLogger(tmp_path, probe, every=Schedule.every(2)) as kd:
        with pytest.raises(UsageError, match="No model is watched"):
            kd.step(0)
        kd.watch("student", make_net(0))
        for words, arguments in [
            ("'student' is watched already", ("student", make_net(1))),
            ("cannot be called ''", ("", make_net(1))),
            ("cannot be called '.hidden'", (".hidden", make_net(1))),
            ('cannot be called "loss"', ("loss", make_net(1))),
            ("must be a torch.nn.Module, but is of type int", ("teacher", 3)),
            ("role 'boss'", ("teacher", make_net(1), "auto", "boss")),
            ("named twice", ("teacher", make_net(1), ["head", "head"])),
            ("No layers given", ("teacher", make_net(1), [])),
            ("no submodules", ("teacher", nn.Linear(2, 2))),
            ("TorchScript", ("teacher", traced)),
            ("lazy layers", ("teacher", nn.Sequential(nn.LazyLinear(3)))),
            ("Unknown pool", ("teacher", make_net(1), "auto", None, "max")),
        ]:
            with pytest.raises(UsageError, match=words):
                kd.watch(*arguments)  # type: ignore[arg-type]
        with pytest.raises(UsageError, match=r"Loss 'task' has shape \(3,\)"):
            kd.step(2, losses={"task": torch.rand(3)})
        kd.step(4)
        with pytest.raises(UsageError, match="comes too late"):
            kd.watch("teacher", make_net(1))
        with pytest.raises(UsageError, match="Step 3 comes after step 4"):
            kd.step(3)
    with pytest.raises(UsageError, match="closed"):
        kd.step(5)


def test_a_probe_that_the_model_cannot_take_is_found_at_the_first_due_step(tmp_path: Path) -> None:
    with DistillationLogger(tmp_path, Probe(torch.rand(SAMPLES, 7)), every=1) as kd:
        kd.watch("student", make_net(0))
        with pytest.raises(UsageError, match="'student' raised RuntimeError when it was run on the probe"):
            kd.step(0)


def test_a_relative_log_dir_stays_where_it_was_when_the_training_changes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with DistillationLogger("runs/kd", make_probe(), every=1, strict=True) as kd:
        kd.watch("student", make_net(1))
        monkeypatch.chdir(tmp_path / "elsewhere")
        kd.step(0)
    assert RunReader(tmp_path / "runs/kd").steps("student") == [0]
    assert list((tmp_path / "runs/kd").glob("*tfevents*"))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_a_teacher_of_any_precision_is_embedded_once_until_its_parameters_change(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    teacher = make_net(1).to(dtype)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("teacher", teacher)
        for step in range(3):
            kd.step(step)
        teacher.head.bias.data.add_(1.0)  # past autograd's version counter: only the norms tell
        kd.step(3)
    assert RunReader(tmp_path).steps("teacher") == [0, 3]


def test_steps_counted_anew_in_each_epoch_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("student", make_net(1))
        kd.step(0)
        kd.step(1)
        with pytest.raises(UsageError, match="Count them over all epochs"):
            kd.step(0)
