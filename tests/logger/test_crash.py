"""kill -9 at any moment leaves a run that reads wholly, and that the next training goes on with."""

from __future__ import annotations

import multiprocessing
import random
import signal
from itertools import pairwise
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from kd_projector.store import RunReader, tensors
from kd_projector.store.layout import RunFolder
from tests.logger.crashing_training import train_until_killed
from tests.logger.training import SAMPLES, logged_training

KILLS = 16
# Its server imports torch once and forks each training, which then starts within milliseconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.logger.crashing_training"])


def test_a_run_killed_again_and_again_at_random_moments_reads_wholly_and_resumes(tmp_path: Path) -> None:
    moments = random.Random(0)
    resume_at, caught_in_a_write = 0, 0
    for _ in range(KILLS):
        train_and_kill(tmp_path, resume_at, moments)
        caught_in_a_write += any(tmp_path.rglob(".partial-*"))
        steps = require_whole(tmp_path)
        assert steps == list(range(len(steps))), "a step is missing, or a dead branch is still listed"
        # Mostly the training goes on where it was; now and then from an older checkpoint.
        resume_at = max(len(steps) - (moments.randint(0, 5) if moments.random() < 0.3 else 0), 0)
    assert caught_in_a_write, "no kill came while a file was being written: the moments are badly chosen"
    logged_training(tmp_path, steps=1, first_step=resume_at, every=1, net_width=32)
    assert require_whole(tmp_path) == list(range(resume_at + 1))
    assert not any(tmp_path.rglob(".partial-*"))
    events = EventAccumulator(str(tmp_path), size_guidance={"scalars": 0}).Reload()
    curve = [event.step for event in events.Scalars("kd/loss/task")]
    assert all(before < after for before, after in pairwise(curve))
    assert set(curve) <= set(range(resume_at + 1))


def train_and_kill(run: Path, first_step: int, moments: random.Random) -> None:
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=train_until_killed, args=(str(run), first_step, theirs))
    process.start()
    theirs.close()
    for step in range(first_step, first_step + moments.randint(1, 6)):
        assert ours.recv() == step
    process.join(timeout=moments.uniform(0, 0.15))
    if moments.random() < 0.5:  # half of the kills are aimed at the short time in which a step is being written
        steps = RunFolder(run).steps("student")
        any(any(Path(steps).glob(".partial-*")) for _ in range(20_000))
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def require_whole(run: Path) -> list[int]:
    """Every listed step of every model has all that belongs to it. The student's steps."""
    if not RunReader.is_run(run):
        return []
    reader = RunReader(run)
    assert reader.probe.size == SAMPLES
    for model in reader.manifest.models:
        for step in reader.steps(model.name):
            for layer in model.layers:
                embedding = reader.embedding(model.name, layer.name, step)
                assert embedding.shape == (SAMPLES, layer.dim)
                stored = tensors.digest(tensors.half_precision(embedding))
                assert reader.digest(model.name, layer.name, step) == stored
            assert all(len(column) == SAMPLES for column in reader.outputs(model.name, step).values())
            assert len(reader.outputs(model.name, step)) == 4
            assert all(np.isfinite(measure.value) for measure in reader.measures(model.name, step))
            assert {measure.layer for measure in reader.measures(model.name, step)} >= set(reader.layers(model.name))
    return reader.steps("student") if "student" in reader.models else []
