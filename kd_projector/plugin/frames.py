"""The work of `/frames`, `/neighbours` and `/cancel`: what is there as one binary answer, the rest queued elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from kd_projector.errors import StoreError, UsageError
from kd_projector.jobs.line import Status
from kd_projector.jobs.plan import default_references, step_before
from kd_projector.jobs.queue import ProjectionQueue
from kd_projector.jobs.work import FrameJob, pin
from kd_projector.projection.methods import Mode, method_named, require_dimensions
from kd_projector.projection.request import EmbeddingRef, FrameRequest
from kd_projector.store import Frame, FrameStore, RunReader, tensors

# A grid has tens of panels; a request for more frames than this is a mistake, and would keep the server busy.
MOST_FRAMES = 512


@dataclass(frozen=True)
class FramesQuery:
    """A parsed `/frames` request; embeddings are `(run, model, layer, step)`."""

    method: str
    mode: Mode
    reference: tuple[str, str, str, int] | None
    frames: tuple[tuple[str, str, str, int], ...]
    prefetch: bool
    viewer: str = ""
    dimensions: int = 2

    @staticmethod
    def from_json(data: Any) -> FramesQuery:
        """Raises UsageError saying what is wrong with `data`."""
        if not isinstance(data, dict):
            raise UsageError("The request must be a JSON object with 'method' and 'frames'.")
        method = method_named(str(data.get("method")))
        mode = data.get("mode") or method.default_mode
        if mode not in method.modes:
            raise UsageError(f"Method {method.name!r} has no mode {mode!r}; it has {', '.join(method.modes)}.")
        frames = data.get("frames")
        if not isinstance(frames, list) or len(frames) > MOST_FRAMES:
            raise UsageError(f"'frames' must be a list of at most {MOST_FRAMES} embeddings.")
        reference = data.get("reference")
        return FramesQuery(
            method.name,
            mode,
            None if reference is None else embedding_from_json(reference),
            tuple(embedding_from_json(frame) for frame in frames),
            bool(data.get("prefetch", False)),
            str(data.get("viewer", "")),
            require_dimensions(method, data.get("dimensions", 2)),
        )


def embedding_from_json(value: Any) -> tuple[str, str, str, int]:
    match value:
        case [str(run), str(model), str(layer), int(step)]:
            return run, model, layer, step
        case _:
            raise UsageError(f"{value!r} is not an embedding: [run, model, layer, step] is.")


def frames(query: FramesQuery, folders: Mapping[str, str], queue: ProjectionQueue) -> bytes:
    """The answer to a `/frames` request. Raises UsageError or StoreError if it makes no sense as a whole."""
    reference = _reference(query, folders)
    jobs: list[FrameJob | str] = [_job(query, frame, reference, folders) for frame in query.frames]
    found = [None if isinstance(job, str) else FrameStore(job.request.embedding.run_dir).get(job.key) for job in jobs]
    wanted = [job for job, frame in zip(jobs, found, strict=True) if frame is None and isinstance(job, FrameJob)]
    statuses_of_wanted = queue.request(wanted, on_screen=not query.prefetch, viewer=query.viewer)
    waiting = dict(zip((job.place for job in wanted), statuses_of_wanted, strict=True))
    arrays: dict[str, np.ndarray] = {}
    statuses: list[dict[str, Any]] = []
    for i, (job, frame) in enumerate(zip(jobs, found, strict=True)):
        if isinstance(job, str):
            statuses.append({"status": "failed", "message": job})
        elif frame is None:
            statuses.append(_waiting(waiting[job.place]))
        else:
            arrays[f"coordinates/{i}"] = frame.coordinates
            arrays[f"kept/{i}"] = frame.kept
            if frame.changed is not None:
                arrays[f"changed/{i}"] = frame.changed
            statuses.append(_ready(job, frame))
    return tensors.encode(arrays, {"frames": statuses})


def neighbours(query: FramesQuery, folders: Mapping[str, str]) -> bytes:
    """The answer to a `/neighbours` request: the true neighbours kept with those of the frames that are there.

    Nothing is queued. Raises UsageError or StoreError if the request makes no sense as a whole.
    """
    reference = _reference(query, folders)
    arrays: dict[str, np.ndarray] = {}
    for i, job in enumerate(_job(query, frame, reference, folders) for frame in query.frames):
        frame = None if isinstance(job, str) else FrameStore(job.request.embedding.run_dir).get(job.key)
        if frame is not None and frame.neighbours is not None and frame.tied is not None:
            arrays[f"neighbours/{i}"] = frame.neighbours.astype(np.int32)
            arrays[f"tied/{i}"] = frame.tied.astype(np.uint8)
    return tensors.encode(arrays)


def cancel(data: Any, folders: Mapping[str, str], queue: ProjectionQueue) -> None:
    """A viewer wants the frames of an earlier `/frames` request no more; without `frames` in it, none of its frames.

    Raises UsageError or StoreError if `data` makes no sense.
    """
    if not isinstance(data, dict) or not isinstance(data.get("viewer"), str):
        raise UsageError("The body must be a JSON object with the name of the 'viewer' that its /frames requests had.")
    if "frames" not in data:
        queue.cancel_all(viewer=data["viewer"])
        return
    query = FramesQuery.from_json(data)
    reference = _reference(query, folders)
    jobs = [_job(query, frame, reference, folders) for frame in query.frames]
    queue.cancel([job for job in jobs if isinstance(job, FrameJob)], viewer=query.viewer)


def _job(
    query: FramesQuery,
    frame: tuple[str, str, str, int],
    reference: EmbeddingRef | None,
    folders: Mapping[str, str],
) -> FrameJob | str:
    """The frame's job, or the sentence that says why there can be none: one bad panel does not spoil the others."""
    try:
        params = method_named(query.method).defaults
        embedding = _embedding(frame, folders)
        previous = step_before(embedding, RunReader(embedding.run_dir))
        return pin(FrameRequest(embedding, query.method, query.mode, reference, params, previous, query.dimensions))
    except (StoreError, UsageError) as error:
        return str(error)


def _reference(query: FramesQuery, folders: Mapping[str, str]) -> EmbeddingRef | None:
    if query.reference is not None:
        return _embedding(query.reference, folders)
    readers: list[RunReader] = []
    for folder in folders.values():
        try:
            readers.append(RunReader(folder))
        except StoreError:
            continue  # an unreadable run cannot be anybody's reference; /overview tells what is wrong with it
    if not query.frames:
        return None
    own = RunReader(_embedding(query.frames[0], folders).run_dir)
    return default_references(readers).get(own.manifest.probe_fingerprint)


def _embedding(embedding: tuple[str, str, str, int], folders: Mapping[str, str]) -> EmbeddingRef:
    run, model, layer, step = embedding
    if run not in folders:
        raise StoreError(f"TensorBoard lists no run {run!r} with kd_projector data.")
    return EmbeddingRef(folders[run], model, layer, step)


def _ready(job: FrameJob, frame: Frame) -> dict[str, Any]:
    made = {"mode": frame.mode, "params": dict(frame.params), "reference": frame.reference}
    return {"status": "ready", "key": job.key, "quality": dict(frame.quality), **made}


def _waiting(status: Status | None) -> dict[str, Any]:
    if status is None:  # finished between our look and the queue's: the panel gets it when it asks again
        return {"status": "running"}
    return {"status": status.state} | ({"message": status.message} if status.message else {})


def progress(queue: ProjectionQueue) -> dict[str, Any]:
    return asdict(queue.progress())
