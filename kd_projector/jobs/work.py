"""One frame from store to store: what identifies it (cheap, anywhere) and making it (in a worker process)."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kd_projector.errors import StoreError, UsageError
from kd_projector.projection.request import EmbeddingRef, FrameRequest
from kd_projector.store import FrameStore, RunReader


@dataclass(frozen=True)
class FrameJob:
    """A frame request with all that its outcome depends on pinned down; `reference` has to be made before it."""

    key: str
    request: FrameRequest
    embedding_digest: str
    reference: FrameJob | None
    previous_digest: str | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Where its frame goes: the run and the key. Equal embeddings of two runs have one key and two places."""
        return self.request.embedding.run_dir, self.key

    @property
    def is_done(self) -> bool:
        return FrameStore(self.request.embedding.run_dir).has(self.key)

    def look_again(self) -> bool:
        """As `is_done`, once a worker says so that may be on another machine."""
        for folder in FrameStore(self.request.embedding.run_dir).homes:
            with suppress(OSError):  # what cannot be listed may still be read
                # A network file system looks anew when a folder is listed.
                folder.names(folder.projections(), ".safetensors")
        return self.is_done

    def absolute(self) -> FrameJob:
        """The same with absolute paths: workers may have been started in other folders."""
        embeddings: dict[str, Any] = {
            name: replace(value, run_dir=absolute_path(value.run_dir))
            for name, value in vars(self.request).items()
            if isinstance(value, EmbeddingRef)
        }
        reference = None if self.reference is None else self.reference.absolute()
        return replace(self, request=replace(self.request, **embeddings), reference=reference)


def pin(request: FrameRequest) -> FrameJob:
    """The job for `request`, from the headers of the stored files alone.

    Raises StoreError if an embedding is not there, UsageError if it and its reference are not of the same samples.
    """
    of_reference = request.of_reference()
    reference = pin(of_reference) if of_reference is not None else None
    if reference is not None:
        _require_same_probe(request.embedding, reference.request.embedding)
    embedding_digest = _digest(request.embedding)
    previous_digest = _digest_of_previous(request)
    key = request.key(embedding_digest, reference.key if reference else None, previous_digest)
    return FrameJob(key, request, embedding_digest, reference, previous_digest)


def make_frame(job: FrameJob, twin_run: str | None = None) -> None:
    """Make and store one frame (in a worker process). Does nothing if it is there already.

    twin_run: a run that has the very same frame, to copy it from: runs of one teacher share all of its maps.
    """
    from kd_projector.projection.frame import project_frame  # the engines load here, in the worker

    request, embedding = job.request, job.request.embedding
    store = FrameStore(embedding.run_dir)
    if store.has(job.key):
        return
    twin = FrameStore(twin_run).get(job.key) if twin_run is not None else None
    if twin is not None:
        store.put(job.key, twin)
        return
    # First read, then looked at for what has been read: the other way round, it could be written anew in between.
    matrix, previous = _matrix(embedding), _previous_matrix(request)
    if _digest(embedding) != job.embedding_digest:
        raise _written_anew(embedding)
    if request.previous is not None and _digest_of_previous(request) != job.previous_digest:
        raise _written_anew(request.previous)
    reference = None
    if job.reference is not None:
        reference_frame = FrameStore(job.reference.request.embedding.run_dir).get(job.reference.key)
        if reference_frame is None:
            raise StoreError(f"The reference map {job.reference.key} of frame {job.key} is not there.")
        reference = reference_frame.coordinates
    frame = project_frame(
        matrix,
        reference,
        request.method,
        request.mode,
        previous=previous,
        components=request.components,
        **request.params,
    )
    store.put(job.key, frame)


def absolute_path(run_dir: str) -> str:
    """`run_dir` for a process that was started in another folder."""
    return run_dir if "://" in run_dir else os.path.abspath(run_dir)


def _digest(embedding: EmbeddingRef) -> str:
    return RunReader(embedding.run_dir).digest(embedding.model, embedding.layer, embedding.step)


def _digest_of_previous(request: FrameRequest) -> str | None:
    """None also where the step before cannot be read: a damaged step costs its own maps, not the next step's."""
    try:
        return None if request.previous is None else _digest(request.previous)
    except StoreError:
        return None


def _written_anew(embedding: EmbeddingRef) -> StoreError:
    return StoreError(f"Step {embedding.step} of {embedding.model!r} was written anew meanwhile; ask again.")


def _matrix(embedding: EmbeddingRef) -> np.ndarray:
    return RunReader(embedding.run_dir).embedding(embedding.model, embedding.layer, embedding.step)


def _previous_matrix(request: FrameRequest) -> np.ndarray | None:
    """None where there is no step before, or none that a change could be measured against (damaged, NaN)."""
    try:
        matrix = None if request.previous is None else _matrix(request.previous)
    except StoreError:
        return None
    return matrix if matrix is not None and np.isfinite(matrix).all() else None


def _require_same_probe(embedding: EmbeddingRef, reference: EmbeddingRef) -> None:
    own, other = RunReader(embedding.run_dir), RunReader(reference.run_dir)
    if own.manifest.probe_fingerprint != other.manifest.probe_fingerprint:
        raise UsageError(
            f"{embedding.run_dir} and the reference's run {reference.run_dir} embed different probes "
            f"({own.manifest.probe_fingerprint[:8]}, {other.manifest.probe_fingerprint[:8]}): choose a reference from "
            f"a run with the same probe."
        )
