"""Making all frames of some runs ahead of time, with a progress bar: `kd-projector project`."""

from __future__ import annotations

from collections.abc import Sequence

from tqdm.auto import tqdm

from kd_projector.errors import StoreError
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.projection.methods import METHODS
from kd_projector.store import RunReader

DEFAULT_METHODS = ("tsne", "ivis", "pca")


def project_runs(
    readers: Sequence[RunReader], methods: Sequence[str], *, workers: int | None = None, progress: bool = True
) -> list[str]:
    """Make every frame of `readers` by `methods` that is not there yet; returns a sentence for each that failed."""
    queue = ProjectionQueue(workers)
    failures: list[str] = []
    try:
        for method in methods:
            jobs: list[FrameJob] = []
            for request in frames_of(readers, [method]):
                try:
                    jobs.append(pin(request))
                except StoreError as error:  # a damaged step costs its own maps only
                    failures.append(f"the {method} map of {request.embedding} failed: {error}")
            jobs = [job for job in jobs if not job.is_done]
            label = f"projecting {METHODS[method].label:5}"
            with tqdm(total=len(jobs), desc=label, unit="map", disable=not progress) as bar:
                queue.request(jobs)
                pending = bool(jobs)
                while pending:
                    pending = queue.wait()
                    state = queue.progress()
                    bar.total = state.queued + state.running + state.done + state.failed  # with the reference maps
                    bar.update(state.done + state.failed - bar.n)
        failures += [
            f"the {job.request.method} map of {job.request.embedding} failed: {why}" for job, why in queue.failures()
        ]
    finally:
        queue.close()
    return failures
