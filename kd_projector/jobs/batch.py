"""Making all frames of some runs ahead of time, with a progress bar: `kd-projector project`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tqdm.auto import tqdm

from kd_projector.errors import StoreError, UsageError
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.projection.methods import METHODS, MODES, Mode, require_dimensions
from kd_projector.projection.request import EmbeddingRef
from kd_projector.store import RunReader

DEFAULT_METHODS = ("tsne", "ivis", "pca")


def methods_for(methods: Sequence[str] | None, mode: str | None, components: int = 2) -> tuple[list[str], Mode | None]:
    """What to project by: `methods` (None: the default ones, as far as they have `mode`), and the mode itself.

    Raises UsageError for a method or mode that there is not, listing those that there are, and for a method that makes
    no maps of so many `components`.
    """
    names = list(methods or DEFAULT_METHODS)
    if unknown := [name for name in names if name not in METHODS]:
        raise UsageError(f"No projection method {unknown[0]!r}; there are {', '.join(METHODS)}.")
    for name in names:
        require_dimensions(METHODS[name], components)
    if mode is None:
        return names, None
    known = next((known for known in MODES if known == mode), None)
    if known is None:
        raise UsageError(f"No mode {mode!r}; there are {', '.join(MODES)}.")
    lacking = [METHODS[name] for name in names if known not in METHODS[name].modes]
    if lacking and methods:
        raise UsageError(f"Method {lacking[0].name!r} has no mode {mode!r}; it has {', '.join(lacking[0].modes)}.")
    return [name for name in names if METHODS[name] not in lacking], known


def project_runs(
    readers: Sequence[RunReader],
    methods: Sequence[str],
    *,
    mode: Mode | None = None,
    references: Mapping[str, EmbeddingRef] | None = None,
    components: int = 2,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: bool = True,
) -> list[str]:
    """Make every frame of `readers` by `methods` that is not there yet; returns a sentence for each that failed.

    mode, references, components: as in `frames_of`. workers, scheduler: as in ProjectionQueue. Raises UsageError if the
    scheduler cannot be reached. If it is broken off (Ctrl-C), the workers are ended at once and nothing half-made is
    left.
    """
    queue = ProjectionQueue(workers, scheduler=scheduler)
    failures: list[str] = []
    try:
        queue.start()
        for method in methods:
            jobs: list[FrameJob] = []
            for request in frames_of(readers, [method], mode, references, components):
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
    except BaseException:
        queue.close(now=True)
        raise
    queue.close()
    return failures
