"""What the queue asks of workers, wherever they run, and what each of them runs."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from kd_projector.errors import StoreError
from kd_projector.jobs.claims import claimed
from kd_projector.jobs.work import FrameJob, make_frame
from kd_projector.version import __version__


class WorkerDied(Exception):  # noqa: N818  # an event, as concurrent.futures' own CancelledError is not always an error
    """The process that made a frame is gone. The message says what happened, without a full stop."""


class Workers(Protocol):
    """Processes that make one frame each at a time. All methods are called from the queue's own thread."""

    def start(self) -> None:
        """Be ready to take frames; may take seconds. Raises UsageError, saying what is wrong and what to do."""

    @property
    def alive(self) -> bool:
        """False once these workers can make nothing more, and new ones have to be started."""

    @property
    def free(self) -> int:
        """How many frames can be handed over just now."""

    def submit(self, job: FrameJob, twin_run: str | None, patient: bool) -> Future[bool]:
        """`work` for `job` on a free worker. If the worker dies, the future ends with WorkerDied."""

    def stop(self, future: Future[bool]) -> None:
        """End the worker that makes this frame, if it is ours to end; its future then ends with WorkerDied."""

    def close(self, *, now: bool) -> None:
        """End the workers, `now` in the middle of their frames. Otherwise there are none in the making any more."""


def work(job: FrameJob, twin_run: str | None, patient: bool, version: str) -> bool:
    """In a worker process: make one frame, unless another process is just making it; whether it is there now.

    patient: rather wait for the other process than come back without the frame.
    version: the asker's. Another version's maps may differ, and would be stored under the wrong key.
    """
    if version != __version__:
        raise StoreError(
            f"This worker has kd_projector {__version__}, whoever asked for the frame has {version}: install the same "
            f"version everywhere."
        )
    with claimed(job, wait=patient) as mine:
        if mine:
            make_frame(job, twin_run)
        return mine
