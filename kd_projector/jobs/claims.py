"""Claims: one process at a time makes a frame, among all processes that share its run's folder or this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from kd_projector.errors import StoreError
from kd_projector.jobs.work import FrameJob, make_frame
from kd_projector.store import FrameStore
from kd_projector.store.layout import RunFolder

_LOOK_S = 0.05  # how often to look whether a claim has been given back


@contextmanager
def claimed(job: FrameJob, *, wait: bool) -> Iterator[bool]:
    """Hold the claim on a frame inside the block; False if another process holds it (and `wait` is not set).

    The claim is a file that the operating system locks, so it ends with the process that holds it, however that ends.
    It lies beside the run's frames; where nothing can be written there (or the run is not on a file system), in the
    user's cache folder. Where there is not even that, the frame is made without a claim: made twice, it is the same.
    """
    beside_run, user_cache = FrameStore(job.request.embedding.run_dir).homes
    for folder in (beside_run, user_cache):
        if not folder.is_local:
            continue
        path = Path(folder.projections()) / f".claim-{job.key}.lock"
        lock = FileLock(path, timeout=0, fallback_to_soft=False)
        try:
            if folder is user_cache:
                Path(folder.root).mkdir(parents=True, exist_ok=True)
            while not _acquired(lock, path):
                if not wait:
                    yield False
                    return
                time.sleep(_LOOK_S)
        except OSError:
            continue
        try:
            _remove_partial_files(folder, job.key)
            yield True
        finally:
            # While it is held: whoever waits for it notices that the file is no longer the one at that path.
            with suppress(OSError):
                path.unlink()
            lock.release()
        return
    yield True


def _acquired(lock: FileLock, path: Path) -> bool:
    """Try once to get the lock. Raises OSError where there is no run: a deleted one must not come back as a folder.

    FileLock, which would wait by itself, makes all folders above its file anew at each try.
    """
    path.parent.mkdir(exist_ok=True)
    try:
        lock.acquire()
    except Timeout:
        return False
    return True


def make_claimed_frame(job: FrameJob, twin_run: str | None, patient: bool) -> bool:
    """In a worker process: make one frame, unless another process is just making it; whether it is there now.

    patient: rather wait for the other process than come back without the frame.
    """
    with claimed(job, wait=patient) as mine:
        if mine:
            make_frame(job, twin_run)
        return mine


def outcome_of(job: FrameJob, made: Future[bool]) -> bool | Exception:
    """Of a `make_claimed_frame` that has ended: whether the frame is there now, or what it is to fail with."""
    try:
        if job.is_done:  # also where its worker was lost after that
            return True
        error = made.exception()
        if isinstance(error, Exception):
            return error
        if made.result() and not job.look_again():
            return StoreError(
                "Its worker has made it, but not where it can be read here: the log directory must be the same folder, "
                "which can be written to, on all machines."
            )
        return made.result()
    except Exception as error:
        return error


def sweep(job: FrameJob) -> None:
    """Remove what a killed worker left of a frame, unless another process is making it."""
    with claimed(job, wait=False):
        pass


def _remove_partial_files(folder: RunFolder, key: str) -> None:
    """What a killed process has left of this frame: only who holds the claim writes it."""
    for partial in Path(folder.projections()).glob(f".partial-*-{key}.safetensors"):
        with suppress(OSError):
            partial.unlink()
