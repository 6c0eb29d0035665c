"""ProjectionQueue: frames made in the background by workers, each once, what is on screen first."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue

from kd_projector.errors import UsageError
from kd_projector.jobs.claims import make_claimed_frame, outcome_of, sweep
from kd_projector.jobs.line import Line, Place, Progress, Status
from kd_projector.jobs.local_workers import LocalWorkers
from kd_projector.jobs.work import FrameJob, absolute_path
from kd_projector.jobs.workers import WorkerDied, Workers

logger = logging.getLogger(__name__)

# A frame in the making that nobody wants any more may end by itself, and goes into the cache: to end its worker costs
# the next frame the start of a new one, some seconds. So that is done only to a frame that takes longer than this.
_LET_IT_FINISH_S = 5.0
_CLOSED = "The projection queue has been closed: make another one."


@dataclass
class _Running:
    job: FrameJob
    future: Future[bool]
    stop_at: float | None = None  # set while nobody wants it
    stopped: bool = False  # its worker has been ended by us


class ProjectionQueue:
    """Make frames in the background, in `workers` processes here (None: one a core) or on the Dask cluster `scheduler`.

    Only as many jobs as there are workers are handed over at a time, so that a frame that comes on screen overtakes all
    that wait. Thread-safe. One thread of the queue's own talks to the workers: their futures' callbacks may run while
    locks are held elsewhere, so those only leave a message.
    """

    def __init__(self, workers: int | None = None, *, scheduler: str | None = None) -> None:
        self._count = workers or os.cpu_count() or 1
        self._scheduler = scheduler
        self._changed = threading.Condition(threading.RLock())
        self._line = Line()
        self._running: dict[Place, _Running] = {}
        self._workers: Workers | None = None
        self._messages: SimpleQueue[tuple[Place, Future[bool]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy_since = 0.0
        self._start_asked = False
        self._start_error: str | None = None
        self._closing = self._closing_now = False

    def start(self) -> None:
        """Start the workers now rather than with the first request; raises UsageError if they cannot be reached.

        Without this, frames that are asked for while there are no workers fail with that sentence.
        """
        with self._changed:
            if self._closing:
                raise UsageError(_CLOSED)
            self._start_thread()
            self._start_asked = True
            self._messages.put(None)
            while self._start_asked:
                self._changed.wait()
            if self._start_error is not None:
                raise UsageError(self._start_error)

    def request(self, jobs: Sequence[FrameJob], *, on_screen: bool = True, viewer: str = "") -> list[Status | None]:
        """Have `jobs` made, in this order; None stands for one that is there already.

        On screen: before all that waits. Otherwise: behind all that waits. Asking again only moves a frame forward,
        or has it tried again where it was said to have failed: the disk may have space now, the file be whole again.
        viewer: whoever asks, for `cancel`.
        """
        references = {job.reference.place: job.reference for job in jobs if job.reference is not None}
        there = {job.place for job in (*jobs, *references.values()) if job.is_done}
        with self._changed:
            if not self._pending():
                self._busy_since = time.monotonic()
            statuses = self._line.request(jobs, there, on_screen=on_screen, viewer=viewer)
            self._stop_what_nobody_wants()  # or no longer, where it is wanted again
            if self._closing:
                self._line.fail_waiting(_CLOSED)
            else:
                self._start_thread()
        self._messages.put(None)
        return statuses

    def cancel(self, jobs: Sequence[FrameJob], *, viewer: str = "") -> None:
        """`viewer` wants these frames no more. What no other viewer has asked for either is dropped, if it waits.

        A frame in the making that nobody wants is left to end for 5 s, and kept if it does. Then its worker process is
        ended; a Dask worker, which is not ours to end, finishes it.
        """
        self._cancel(viewer, {job.place for job in jobs})

    def cancel_all(self, *, viewer: str | None = None) -> None:
        """As `cancel`, for all that `viewer` has asked for; without one, for all that anybody has asked for."""
        self._cancel(viewer, None)

    def progress(self) -> Progress:
        with self._changed:
            return self._line.progress(time.monotonic() - self._busy_since)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the queue moves on or is empty; False when it is empty."""
        with self._changed:
            if self._pending():
                self._changed.wait(timeout)
            return self._pending()

    def failures(self) -> list[tuple[FrameJob, str]]:
        with self._changed:
            return self._line.failures()

    def close(self, *, now: bool = False) -> None:
        """Drop what waits and end the workers.

        A frame that is being made is finished first; `now`: it is broken off, and nothing of it is left.
        """
        with self._changed:
            self._line.cancel(None, None)
            self._closing, self._closing_now = True, now
            thread = self._thread
        self._messages.put(None)
        if thread is not None:
            thread.join()

    # -- the queue's own thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        going_on = True
        while going_on:
            try:
                going_on = self._turn()
            except Exception as error:  # a thread that died silently would have everybody wait for ever
                logger.exception("The projection queue broke off")
                self._let_go(f"the queue broke off on an unforeseen error ({error!r}): ask for it again", now=True)
                going_on = not self._closing
        self._let_go(_CLOSED, now=self._closing_now)

    def _turn(self) -> bool:
        """Wait for news and do what it asks for; False once the queue is closed and all has come to its end."""
        message = self._next_message()
        outcome = self._outcome(*message) if message is not None else None
        with self._changed:
            if message is not None and outcome is not None:
                self._finished(*message, outcome)
            self._stop_overdue()
            if self._closing and (self._closing_now or not self._running):
                return False
            needed = self._start_asked or self._line.waiting > 0
        if needed:
            self._have_workers()
        with self._changed:
            self._dispatch()
            self._changed.notify_all()
        return True

    def _let_go(self, why: str, *, now: bool) -> None:
        """End the workers, and fail with `why` all that is not made."""
        workers, self._workers = self._workers, None
        try:
            if workers is not None:
                workers.close(now=now)
        except Exception:
            logger.exception("The workers of the projection queue could not be ended")
        with self._changed:
            left = [running.job for running in self._running.values()]
            self._running.clear()
            self._line.fail_unfinished(why)
            if self._start_asked:
                self._start_asked, self._start_error = False, why
            self._changed.notify_all()
        for job in left:
            sweep(job)

    def _next_message(self) -> tuple[Place, Future[bool]] | None:
        with self._changed:
            due = [r.stop_at for r in self._running.values() if r.stop_at is not None and not r.stopped]
        try:
            return self._messages.get(timeout=max(0.0, min(due) - time.monotonic()) if due else None)
        except Empty:
            return None

    def _outcome(self, place: Place, future: Future[bool]) -> bool | Exception:
        """Without the lock, because it looks at the disk."""
        with self._changed:
            running = self._running.get(place)
        return False if running is None else outcome_of(running.job, future)

    def _have_workers(self) -> None:
        """Without the lock: to reach a cluster may take seconds, and nobody who asks how things stand waits for it."""
        if self._workers is not None and self._workers.alive:
            self._start_asked = False
            return
        if self._workers is not None:
            self._workers.close(now=True)
        self._workers = None
        workers = self._new_workers()
        error = None
        try:
            workers.start()
            self._workers = workers
        except UsageError as unreachable:
            error = str(unreachable)
        with self._changed:
            if error is not None and self._line.waiting:
                self._line.fail_waiting(error)
                logger.warning("%s", error)
            self._start_asked, self._start_error = False, error

    def _new_workers(self) -> Workers:
        if self._scheduler is None:
            return LocalWorkers(self._count)
        from kd_projector.jobs.dask_workers import DaskWorkers

        return DaskWorkers(self._scheduler, on_change=lambda: self._messages.put(None))

    def _dispatch(self) -> None:
        if self._workers is None or self._closing:
            return
        while self._workers.free > 0:  # still so after one that could not be handed over
            turn = self._line.take()
            if turn is None:
                return
            place = turn.job.place
            try:
                twin_run = None if turn.twin_run is None else absolute_path(turn.twin_run)
                future = self._workers.submit(make_claimed_frame, turn.job.absolute(), twin_run, turn.patient)
            except OSError as error:  # no memory or no process left for a worker
                self._fail(turn.job, f"its worker could not be started: {error}")
                continue
            self._running[place] = _Running(turn.job, future)
            future.add_done_callback(partial(self._report, place))

    def _report(self, place: Place, future: Future[bool]) -> None:
        self._messages.put((place, future))

    def _finished(self, place: Place, future: Future[bool], outcome: bool | Exception) -> None:
        running = self._running.get(place)
        if running is None or running.future is not future:  # given up meanwhile
            return
        del self._running[place]
        if outcome is True:
            self._line.made(place)
        elif outcome is False:
            self._line.put_back(place, last=True)  # another process is making it: not now, then
        elif not isinstance(outcome, WorkerDied):
            self._fail(running.job, str(outcome) or repr(outcome))
        else:
            sweep(running.job)
            if running.stopped:
                self._line.put_back(place)
            elif why := self._line.lost(place, str(outcome)):
                self._fail(running.job, why)

    def _fail(self, job: FrameJob, why: str) -> None:
        self._line.fail(job.place, why)
        logger.warning("Frame %s of %s failed: %s", job.key, job.request.embedding, why)

    def _stop_overdue(self) -> None:
        for running in self._running.values():
            overdue = running.stop_at is not None and time.monotonic() >= running.stop_at
            if overdue and not running.stopped and self._workers is not None:
                self._workers.stop(running.future)
                running.stopped = True

    # -- under the lock ----------------------------------------------------------------------------------------------

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="kd_projector queue", daemon=True)
            self._thread.start()

    def _pending(self) -> bool:
        return self._line.running > 0 or self._line.waiting > 0

    def _cancel(self, viewer: str | None, places: set[Place] | None) -> None:
        with self._changed:
            self._line.cancel(viewer, places)
            self._stop_what_nobody_wants()
            self._changed.notify_all()
        self._messages.put(None)

    def _stop_what_nobody_wants(self) -> None:
        for place, running in self._running.items():
            if self._line.is_wanted(place):
                running.stop_at = None
            elif running.stop_at is None:
                running.stop_at = time.monotonic() + _LET_IT_FINISH_S
