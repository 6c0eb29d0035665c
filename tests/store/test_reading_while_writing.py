"""Readers beside a writer: nothing half-written is listed, one writer a run, a sentence for what cannot be read."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from kd_projector.errors import StoreError
from kd_projector.store import LayerInfo, Manifest, ModelInfo, RunReader, RunWriter
from kd_projector.store.layout import RunFolder
from tests.conftest import RunRecipe, write_run

MODEL = ModelInfo("student", "student", False, (LayerInfo("layer", 64, (64,), "mean"),))
MANIFEST = Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "f" * 32, 50, (MODEL,))
FOLDER = Path("plugins", "kd_projector")


def write_steps(run: Path, steps: range) -> None:
    with RunWriter(run) as writer:
        writer.write_manifest(MANIFEST)
        for step in steps:
            writer.write_step("student", step, {"layer": np.full((50, 64), step % 100)})


def test_every_listed_step_loads_wholly_while_others_are_being_written(tmp_path: Path) -> None:
    write_steps(tmp_path, range(1))
    writing = threading.Thread(target=write_steps, args=(tmp_path, range(1, 150)))
    writing.start()
    reader, seen = RunReader(tmp_path), 0
    while writing.is_alive():
        for step in reader.steps("student")[seen:]:
            assert (reader.embedding("student", "layer", step) == step % 100).all()
            seen += 1
    writing.join()
    assert reader.steps("student") == list(range(150))


def test_a_file_that_a_killed_writer_left_half_is_not_listed_and_is_gone_with_the_next_writer(tmp_path: Path) -> None:
    write_steps(tmp_path, range(2))
    half = tmp_path / FOLDER / "steps" / "student" / ".partial-0123456789ab-000000000002.safetensors"
    half.write_bytes(b"half a")
    in_use = tmp_path / FOLDER / "projections" / f".partial-0123456789ab-{'a' * 32}.safetensors"
    in_use.parent.mkdir()
    in_use.write_bytes(b"half a frame of a projection that is running just now")
    assert RunReader(tmp_path).steps("student") == [0, 1]
    RunWriter(tmp_path).close()
    assert not half.exists()
    assert in_use.exists()


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path)
    folder.write(folder.manifest(), b"before")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        folder.write(folder.manifest(), b"after")
    assert folder.read(folder.manifest()) == b"before"
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["manifest.json"]


def test_a_run_has_one_writer_at_a_time(tmp_path: Path) -> None:
    with RunWriter(tmp_path), pytest.raises(StoreError, match="Another logger is writing"):
        RunWriter(tmp_path)
    RunWriter(tmp_path).close()


def hold_lock_and_fork(run: str, told: object) -> None:
    writer = RunWriter(run)
    if os.fork() == 0:  # as a DataLoader forks its workers
        told.send(os.getpid())  # type: ignore[attr-defined]
        threading.Event().wait(30)
        os._exit(0)
    threading.Event().wait(30)
    writer.close()


def test_a_killed_training_frees_its_run_though_its_forked_workers_live_on(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=hold_lock_and_fork, args=(str(tmp_path), theirs))
    process.start()
    worker = ours.recv()
    with pytest.raises(StoreError, match="Another logger is writing"):
        RunWriter(tmp_path)
    process.kill()
    process.join()
    os.kill(worker, 0)  # it lives
    RunWriter(tmp_path).close()
    os.kill(worker, 9)


def test_superseded_steps_are_kept_out_of_sight_branch_by_branch(tmp_path: Path) -> None:
    write_steps(tmp_path, range(6))
    with RunWriter(tmp_path) as writer:
        assert writer.supersede_from("student", 6) == []
        assert writer.supersede_from("student", 4) == [4, 5]
        writer.write_step("student", 4, {"layer": np.zeros((50, 64))})
        assert writer.supersede_from("student", 2) == [2, 3, 4]
    assert RunReader(tmp_path).steps("student") == [0, 1]
    branches = tmp_path / FOLDER / "superseded"
    assert sorted(int(path.stem) for path in branches.glob("0000/steps-student/*")) == [4, 5]
    assert sorted(int(path.stem) for path in branches.glob("0001/steps-student/*")) == [2, 3, 4]
    assert sorted(int(path.stem) for path in branches.glob("0001/measures-student/*")) == [2, 3, 4]


def test_a_step_between_two_stored_ones_is_shown_by_the_one_before(tmp_path: Path) -> None:
    write_steps(tmp_path, range(10, 40, 10))
    reader = RunReader(tmp_path)
    assert [reader.stored_step("student", step) for step in (0, 10, 19, 20, 99)] == [10, 10, 10, 20, 30]


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no kd_projector data"):
        RunReader(tmp_path)
    write_steps(tmp_path, range(1))
    reader = RunReader(tmp_path)
    for words, wrong in [
        ("No model 'teacher'.*it has student", lambda: reader.steps("teacher")),
        ("No layer 'fc' of model 'student'.*it has layer", lambda: reader.embedding("student", "fc", 0)),
        ("was not embedded at step 7", lambda: reader.embedding("student", "layer", 7)),
    ]:
        with pytest.raises(StoreError, match=words):
            wrong()
    (tmp_path / FOLDER / "steps/student/000000000000.safetensors").write_bytes(b"rubbish")
    with pytest.raises(StoreError, match=r"000000000000\.safetensors is damaged"):
        reader.embedding("student", "layer", 0)
    with pytest.raises(StoreError, match=r"000000000000\.safetensors is damaged"):
        reader.digest("student", "layer", 0)
    manifest = tmp_path / FOLDER / "manifest.json"
    for content, words in [
        ("{", "is damaged"),
        ("{}", "no schema_version"),
        ("[]", "is damaged|no schema_version|not a kd_projector manifest"),
        (json.dumps({"schema_version": 1, "models": []}), "is damaged"),
        (json.dumps({"schema_version": 2, "package_version": "9.0"}), r"9\.0 with schema 2.*Upgrade"),
    ]:
        manifest.write_text(content)
        with pytest.raises(StoreError, match=words):
            RunReader(tmp_path)
    manifest.unlink()
    manifest.mkdir()  # as unreadable as a file of somebody else's, also for root
    with pytest.raises(StoreError, match="cannot be read"):
        RunReader(tmp_path)


def test_a_damaged_probe_or_measure_is_said_in_a_sentence(tmp_path: Path) -> None:
    write_run(tmp_path, RunRecipe((("student", "student", (0, 1)),)))
    reader = RunReader(tmp_path)
    (tmp_path / FOLDER / "probe.json").write_text("{")
    with pytest.raises(StoreError, match=r"probe\.json\) cannot be read"):
        reader.probe  # noqa: B018
    (tmp_path / FOLDER / "measures/student/000000000001.json").write_text("[{")
    with pytest.raises(StoreError, match=r"000000000001\.json is damaged"):
        reader.measures("student", 1)


def test_a_step_that_goes_while_it_is_read_is_no_longer_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path, RunRecipe((("student", "student", (0,)),)))
    reader = RunReader(tmp_path)
    monkeypatch.setattr(reader.folder, "exists", lambda path: True)
    next(tmp_path.rglob("steps/student/*.safetensors")).unlink()
    for read in (lambda: reader.digest("student", "early", 0), lambda: reader.outputs("student", 0)):
        with pytest.raises(StoreError, match="was not embedded at step 0"):
            read()
