"""Jobs for a queue, waiting for them, and what they have made."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.projection.request import FrameRequest
from kd_projector.store import FrameStore, RunReader
from tests.conftest import RunRecipe, write_run


def jobs_of(run: Path, method: str) -> list[FrameJob]:
    return [pin(frame) for frame in frames_of([RunReader(run)], [method])]


def long_jobs(folder: Path) -> list[FrameJob]:
    """Two frames that take a second or more each, and need no reference."""
    run = write_run(folder / "long", RunRecipe((("teacher", "teacher", (0,)),), samples=1700))
    return [
        pin(FrameRequest(frame.embedding, "tsne", "independent")) for frame in frames_of([RunReader(run)], ["tsne"])
    ]


def drain(queue: ProjectionQueue) -> None:
    while queue.wait(timeout=60):
        pass


def frame_of(job: FrameJob) -> np.ndarray:
    frame = FrameStore(job.request.embedding.run_dir).get(job.key)
    assert frame is not None
    return frame.coordinates
