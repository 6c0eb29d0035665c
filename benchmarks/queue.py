"""Where projections run: many frames on two cores, a frame asked for while many wait. Real processes, real files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.comparison import Row
from benchmarks.embeddings import distilled
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.store import LayerInfo, Manifest, ModelInfo, ProbeRecord, RunReader, RunWriter

THREADS = WORKERS = 2
METHODS = ("tsne", "ivis", "pca")
_STEPS = 16  # by three methods: 48 frames
_WAITING = 500
_LAYERS = 20
_ASKED = 5  # how often a repeat asks for a frame while so many wait


def throughput_rows(repeats: int) -> list[Row]:
    """48 frames: two worker processes of one thread each, against one process with two threads, in turns.

    Both have loaded their engines and have the three reference maps before the clock runs; the start of the workers is
    a figure of its own. Both go from stored embeddings to stored frames, by the same code (see one_after_the_other).
    """
    mixes = {"t-SNE, IVIS, PCA": METHODS, "t-SNE": ("tsne",)}
    return [_throughput_row(what, methods, repeats) for what, methods in mixes.items()]


def _throughput_row(what: str, methods: Sequence[str], repeats: int) -> Row:
    ours, peers, starts = [], [], []
    steps = 48 // len(methods)
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            run = write_run(Path(folder), steps)
            seconds, start = _by_queue(run, methods)
            ours.append(seconds)
            starts.append(start)
        with tempfile.TemporaryDirectory() as folder:
            peers.append(_one_after_the_other(write_run(Path(folder), steps), methods))
    return Row(
        f"48 frames ({what}) of 1,797 digits on 2 cores",
        f"one after the other, {THREADS} threads: {median(peers):.1f} s",
        f"{WORKERS} processes of 1 thread: {median(ours):.1f} s (their start, not counted: {median(starts):.1f} s)",
        median(peers) / median(ours),
        1.4,
    )


def on_screen_rows(repeats: int) -> list[Row]:
    """How long a frame on screen waits for its turn while 500 others are queued, in units of one frame's time.

    One frame's time is that of the frames before, both workers being busy: what one worker takes for one.
    """
    waits: list[float] = []
    whole: list[float] = []
    frame_times: list[float] = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            jobs = jobs_of(_write_wide_run(Path(folder)), "student", ["tsne"])
            backlog, wanted = jobs[_ASKED:], jobs[:_ASKED]
            queue = ProjectionQueue(WORKERS)
            queue.request(backlog, on_screen=False)
            _until_done(queue, 4)  # the engines are loaded, the reference map is there
            for job in wanted:
                done, began = queue.progress().done, time.perf_counter()
                _until_done(queue, done + 4)
                frame_times.append(WORKERS * (time.perf_counter() - began) / 4)
                wait, until_there = _ask(queue, job)
                waits.append(wait)
                whole.append(until_there)
            assert queue.progress().queued >= _WAITING
            queue.close(now=True)
    frame = median(frame_times)
    return [
        Row(
            f"a frame asked for while {_WAITING} are queued: its wait, in frames' times",
            f"one frame takes {frame:.2f} s",
            f"it starts after {median(waits):.2f} s (at most {max(waits):.2f} s), is there after {median(whole):.2f} s",
            median(waits) / frame,
            1.0,
            better="lower",
        )
    ]


def write_run(folder: Path, steps: int) -> Path:
    """A run on disk: the teacher's last hidden layer, the student's at `steps` steps, and a model to warm up with."""
    trajectory = distilled(steps=steps)
    student = trajectory.embeddings
    noise = np.random.default_rng(0).normal(0, 1e-3, (WORKERS, *student[0].shape)).astype(np.float32)
    return _write(
        folder,
        trajectory.labels,
        {
            "teacher": [{"penultimate": trajectory.teacher}],
            "student": [{"penultimate": embedding} for embedding in student],
            "warm-up": [{"penultimate": embedding} for embedding in student[-1] + noise],
        },
    )


def _write_wide_run(folder: Path) -> Path:
    """A run with more than _WAITING frames of one reference: the student's layer 20 times, each with its own noise."""
    trajectory = distilled()
    rng = np.random.default_rng(0)
    steps = [
        {f"layer {i}": embedding + rng.normal(0, 1e-3, embedding.shape).astype(np.float32) for i in range(_LAYERS)}
        for embedding in trajectory.embeddings + trajectory.embeddings[: (_WAITING + 50) // _LAYERS - 20]
    ]
    return _write(folder, trajectory.labels, {"teacher": [{"penultimate": trajectory.teacher}], "student": steps})


def _write(folder: Path, labels: np.ndarray, models: Mapping[str, Sequence[Mapping[str, np.ndarray]]]) -> Path:
    """A run on disk: by model, the embeddings of its layers at each step."""
    infos = [
        ModelInfo(
            name,
            "teacher" if name == "teacher" else "student",
            name == "teacher",
            tuple(LayerInfo(layer, X.shape[1], X.shape[1:], "mean") for layer, X in steps[0].items()),
        )
        for name, steps in models.items()
    ]
    with RunWriter(folder) as writer:
        writer.write_probe(ProbeRecord("f" * 32, tuple(map(str, range(len(labels)))), labels))
        writer.write_manifest(Manifest("0", "2026-01-01T00:00:00+00:00", "f" * 32, len(labels), tuple(infos)))
        for name, steps in models.items():
            for step, embeddings in enumerate(steps):
                writer.write_step(name, step, embeddings)
    return folder


def jobs_of(run: Path, model: str, methods: Sequence[str]) -> list[FrameJob]:
    jobs = [pin(request) for request in frames_of([RunReader(run)], methods)]
    return [job for job in jobs if job.request.embedding.model == model]


def _by_queue(run: Path, methods: Sequence[str]) -> tuple[float, float]:
    """Seconds for the student's maps; and for all before: starting workers, engines, reference maps, a first map."""
    queue = ProjectionQueue(WORKERS)
    began = time.perf_counter()
    for method in methods:  # as many frames as workers, so that each worker has each engine
        queue.request(jobs_of(run, "warm-up", [method]))
        _until_idle(queue)
    started = time.perf_counter()
    jobs = jobs_of(run, "student", methods)
    queue.request(jobs)
    _until_idle(queue)
    ended = time.perf_counter()
    assert all(job.is_done for job in jobs), queue.failures()
    queue.close()
    return ended - started, started - began


def _one_after_the_other(run: Path, methods: Sequence[str]) -> float:
    environment = dict(os.environ)
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        environment[f"{library}_NUM_THREADS"] = str(THREADS)
    command = [sys.executable, "-m", "benchmarks.one_after_the_other", str(run), *methods]
    root = Path(__file__).resolve().parents[1]
    answer = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return float(answer.stdout)


def _until_idle(queue: ProjectionQueue) -> None:
    while queue.wait():
        pass


def _until_done(queue: ProjectionQueue, frames: int) -> None:
    while queue.progress().done < frames:
        queue.wait()


def _ask(queue: ProjectionQueue, job: FrameJob) -> tuple[float, float]:
    """Seconds until a frame that is asked for is begun, and until it is there."""
    began = time.perf_counter()
    (status,) = queue.request([job])
    wait = None
    while status is not None:
        if status.state == "running" and wait is None:
            wait = time.perf_counter() - began
        queue.wait()
        (status,) = queue.request([job])
    there = time.perf_counter() - began
    return there if wait is None else wait, there
