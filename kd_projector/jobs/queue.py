"""ProjectionQueue: frames waiting to be made, what is on screen first, each made once, in worker processes."""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Literal, cast

from loky import ProcessPoolExecutor

from kd_projector.jobs.work import FrameJob, make_frame, start_worker

logger = logging.getLogger(__name__)

Place = tuple[str, str]  # FrameJob.place
Rank = tuple[int, int, int]  # less is sooner: on screen or not, which request, which place in it
State = Literal["queued", "running", "failed"]
_ATTEMPTS = 2  # a worker can be killed from outside (memory, an operator): worth one more try, not endless ones


@dataclass(frozen=True)
class Status:
    """Where a frame that is not there yet stands; `message` says why it failed."""

    state: State
    message: str | None = None


@dataclass(frozen=True)
class Progress:
    """The queue at a glance; `done` and `failed` count since it was last empty. `seconds_left`: None while unknown."""

    queued: int
    running: int
    done: int
    failed: int
    seconds_left: float | None


@dataclass
class _Entry:
    job: FrameJob
    state: State = "queued"
    rank: Rank = (0, 0, 0)
    message: str | None = None
    attempts: int = 0
    told: bool = False  # of a failure: whether whoever asked for the frame has heard of it
    dependents: list[Place] = field(default_factory=list)
    waits_for: FrameJob | None = None


def local_workers(workers: int) -> Executor:
    """Worker processes on this machine, one thread each: the fastest layout measured.

    loky starts them afresh, without running the parent's main module again as the standard library's would: a worker of
    TensorBoard must not load TensorBoard (and the tensorflow that it looks for), nor run a user's script a second time.
    """
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return cast("Executor", ProcessPoolExecutor(workers, initializer=start_worker, env=one_thread))


class ProjectionQueue:
    """Make frames in the background.

    Only as many jobs as there are workers are handed to the executor at a time, so that a frame that comes on screen
    overtakes all that wait. Thread-safe. One thread of the queue's own talks to the executor: an executor may run a
    future's callbacks while it holds locks of its own, so the callbacks only leave a message.
    """

    def __init__(self, workers: int | None = None, make_executor: Callable[[int], Executor] = local_workers) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._make_executor = make_executor
        self._executor: Executor | None = None
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._entries: dict[Place, _Entry] = {}
        self._heap: list[tuple[Rank, Place]] = []
        self._makers: dict[str, Place] = {}  # by key: the first to ask for a frame, from which its twins copy it
        self._requests = itertools.count(1)
        self._running: set[Place] = set()
        self._messages: SimpleQueue[tuple[Place, Future[None], Executor] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._done = self._failed = 0
        self._busy_since = 0.0
        self._closed = False

    def request(self, jobs: Sequence[FrameJob], *, on_screen: bool = True) -> list[Status | None]:
        """Have `jobs` made, in this order; None stands for one that is there already.

        On screen: before all that waits. Otherwise: behind all that waits. Asking again only moves a frame forward,
        or has it tried again where it was said to have failed: the disk may have space now, the file be whole again.
        """
        number = next(self._requests)
        with self._lock:
            if on_screen:
                for job in jobs:
                    self._forget_failure(job)
            statuses = [
                None if job.is_done else self._enqueue(job, (0, -number, i) if on_screen else (1, number, i))
                for i, job in enumerate(jobs)
            ]
            for job, status in zip(jobs, statuses, strict=True):
                if status is not None and status.state == "failed":
                    self._entries[job.place].told = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="kd_projector queue", daemon=True)
                self._thread.start()
        self._messages.put(None)
        return statuses

    def progress(self) -> Progress:
        with self._lock:
            waiting = sum(entry.state == "queued" for entry in self._entries.values())
            running = len(self._running)
            left = None
            if self._done:
                left = (waiting + running) * (time.monotonic() - self._busy_since) / self._done
            return Progress(waiting, running, self._done, self._failed, left if waiting or running else None)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the queue moves on or is empty; False when it is empty."""
        with self._changed:
            if self._pending():
                self._changed.wait(timeout)
            return self._pending()

    def failures(self) -> list[tuple[FrameJob, str]]:
        with self._lock:
            return [(e.job, e.message or "") for e in self._entries.values() if e.state == "failed"]

    def close(self) -> None:
        """Drop what waits and end the workers; a frame that is being made is finished first."""
        with self._changed:
            self._closed = True
            self._heap.clear()
            self._entries = {place: e for place, e in self._entries.items() if e.state != "queued"}
            executor, thread = self._executor, self._thread
        if executor is not None:
            executor.shutdown(wait=True)
        self._messages.put(None)
        if thread is not None:
            thread.join()

    # -- the queue's own thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            message = self._messages.get()
            with self._changed:
                if message is not None:
                    self._finished(*message)
                if self._closed and not self._running:
                    self._changed.notify_all()
                    return
                self._dispatch()
                self._changed.notify_all()

    def _dispatch(self) -> None:
        while self._heap and len(self._running) < self.workers and not self._closed:
            rank, place = heapq.heappop(self._heap)
            entry = self._entries.get(place)
            if entry is None or entry.state != "queued" or entry.rank != rank:
                continue  # an older place in the queue of a job that has moved since
            if self._executor is None:
                self._executor = self._make_executor(self.workers)
            executor = self._executor
            maker = self._makers[entry.job.key]
            try:
                future = executor.submit(make_frame, entry.job, maker[0] if maker != place else None)
            except BrokenProcessPool:  # broken by an earlier job, which will say so; this one has not been tried
                self._executor = None
                heapq.heappush(self._heap, (rank, place))
                continue
            entry.state = "running"
            entry.attempts += 1
            self._running.add(place)
            future.add_done_callback(partial(self._report, place, executor))

    def _report(self, place: Place, executor: Executor, future: Future[None]) -> None:
        self._messages.put((place, future, executor))

    def _finished(self, place: Place, future: Future[None], executor: Executor) -> None:
        self._running.discard(place)
        entry = self._entries[place]
        error = CancelledError() if future.cancelled() else future.exception()
        if isinstance(error, BrokenProcessPool) and self._executor is executor:
            self._executor = None  # its workers are gone; the next dispatch starts new ones
            executor.shutdown(wait=False)
        if error is None:
            self._done += 1
            del self._entries[place]
            for dependent in entry.dependents:
                if dependent in self._entries:
                    self._ready_or_wait(self._entries[dependent])
        elif isinstance(error, CancelledError):
            del self._entries[place]
        elif isinstance(error, BrokenProcessPool) and entry.attempts < _ATTEMPTS and not self._closed:
            entry.state = "queued"
            heapq.heappush(self._heap, (entry.rank, place))
        else:
            self._fail(entry, str(error) or repr(error))
            if not self._closed:  # then whoever ended the queue ended its workers too
                logger.warning("Frame %s of %s failed: %s", entry.job.key, entry.job.request.embedding, entry.message)

    # -- under the lock ----------------------------------------------------------------------------------------------

    def _pending(self) -> bool:
        return bool(self._running) or any(entry.state == "queued" for entry in self._entries.values())

    def _enqueue(self, job: FrameJob, rank: Rank) -> Status:
        entry = self._entries.get(job.place)
        if entry is None:
            if not self._pending():
                self._done = self._failed = 0
                self._busy_since = time.monotonic()
            self._makers.setdefault(job.key, job.place)
            entry = self._entries[job.place] = _Entry(job, rank=rank)
            self._ready_or_wait(entry)
        elif entry.state == "queued" and rank < entry.rank:
            entry.rank = rank
            if entry.waits_for is not None:
                self._enqueue(entry.waits_for, _just_before(rank))
            else:
                heapq.heappush(self._heap, (rank, job.place))  # its older place is passed over when it comes up
        return Status(entry.state, entry.message)

    def _ready_or_wait(self, entry: _Entry) -> None:
        """Put the job in line, or let it wait for the one that has to be done before it."""
        if entry.state != "queued":
            return
        entry.waits_for = self._prerequisite(entry.job)
        if entry.waits_for is None:
            heapq.heappush(self._heap, (entry.rank, entry.job.place))
            return
        status = self._enqueue(entry.waits_for, _just_before(entry.rank))
        if status.state == "failed":
            self._fail(entry, _consequence(status.message))
        else:
            self._entries[entry.waits_for.place].dependents.append(entry.job.place)

    def _prerequisite(self, job: FrameJob) -> FrameJob | None:
        """The reference map, if it is not there; or the job of another run that will make the very same frame."""
        if job.reference is not None and not job.reference.is_done:
            return job.reference
        maker = self._entries.get(self._makers[job.key])
        if maker is None or maker.job.place == job.place:
            return None
        if maker.state == "failed":  # its run may be gone, while this one's is there
            self._makers[job.key] = job.place
            return None
        return maker.job

    def _forget_failure(self, job: FrameJob) -> None:
        """Drop a failure that has been told of, and that of the reference map behind it."""
        entry = self._entries.get(job.place)
        if entry is not None and entry.told:
            del self._entries[job.place]
            if job.reference is not None:
                reference = self._entries.get(job.reference.place)
                if reference is not None and reference.state == "failed":
                    del self._entries[job.reference.place]

    def _fail(self, entry: _Entry, message: str) -> None:
        entry.state, entry.message = "failed", message
        self._failed += 1
        for place in entry.dependents:
            dependent = self._entries.get(place)
            if dependent is None or dependent.state != "queued":
                continue
            if dependent.job.key == entry.job.key:  # the same frame for another run, which has its own embedding
                self._ready_or_wait(dependent)
            else:
                self._fail(dependent, _consequence(message))


def _just_before(rank: Rank) -> Rank:
    return rank[0], rank[1], -1


def _consequence(message: str | None) -> str:
    return f"its reference map failed: {message}"
