"""Background: one thread that works through jobs in order, with few of them unfinished at any time."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Background(Generic[Job]):
    """Calls `work(job)` for each submitted job on a thread of its own.

    capacity: jobs unfinished at most. Each holds the embeddings of a whole step, so a slow disk must not pile them up.
    A daemon thread: Python joins others before it runs exit handlers, and so would wait for ever for one that is not
    told to stop. `stop`, which the logger calls at exit too, lets every submitted job finish.
    """

    def __init__(self, work: Callable[[Job], None], capacity: int = 2) -> None:
        self._work = work
        self._free = threading.Semaphore(capacity)
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._errors: deque[BaseException] = deque()
        self._thread = threading.Thread(target=self._run, name="kd_projector-writer", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether `submit` would have to wait."""
        if self._free.acquire(blocking=False):
            self._free.release()
            return False
        return True

    @property
    def has_errors(self) -> bool:
        return bool(self._errors)

    def take_errors(self) -> list[BaseException]:
        """What `work` has raised since last asked."""
        errors = []
        while self._errors:
            errors.append(self._errors.popleft())
        return errors

    def submit(self, job: Job) -> None:
        """Hand over a job; waits while there are `capacity` unfinished."""
        self._free.acquire()
        self._jobs.put(job)

    def wait(self) -> None:
        """Until every submitted job is finished."""
        self._jobs.join()

    def stop(self) -> None:
        """Finish every submitted job and end the thread. Harmless when called again."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                if job is None:
                    return
                self._work(job)
            except BaseException as error:  # a dead thread would leave submit() waiting for ever
                self._errors.append(error)
            finally:
                if job is not None:
                    del job  # its tensors must be free before the next one is let in
                    self._free.release()
                self._jobs.task_done()
