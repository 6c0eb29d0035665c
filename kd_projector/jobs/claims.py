"""Claims: one process at a time makes a frame, among all processes that share its run's folder or this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from kd_projector.jobs.work import FrameJob
from kd_projector.store import FrameStore
from kd_projector.store.layout import RunFolder


@contextmanager
def claimed(job: FrameJob, *, wait: bool) -> Iterator[bool]:
    """Hold the claim on a frame inside the block; False if another process holds it (and `wait` is not set).

    The claim is a file that the operating system locks, so it ends with the process that holds it, however that ends.
    It lies beside the run's frames; where nothing can be written there (or the run is not on a file system), in the
    user's cache folder. Where there is not even that, the frame is made without a claim: made twice, it is the same.
    """
    for folder in FrameStore(job.request.embedding.run_dir).homes:
        if not folder.is_local:
            continue
        path = Path(folder.projections()) / f".claim-{job.key}.lock"
        lock = FileLock(path, timeout=-1 if wait else 0, fallback_to_soft=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            yield False
            return
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


def sweep(job: FrameJob) -> None:
    """Remove what a killed worker left of a frame, unless another process is making it."""
    with claimed(job, wait=False):
        pass


def _remove_partial_files(folder: RunFolder, key: str) -> None:
    """What a killed process has left of this frame: only who holds the claim writes it."""
    for partial in Path(folder.projections()).glob(f".partial-*-{key}.safetensors"):
        with suppress(OSError):
            partial.unlink()
