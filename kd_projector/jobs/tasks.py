"""run_tasks: one function over many tasks, in worker processes here or on a Dask cluster."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

from kd_projector.errors import UsageError
from kd_projector.jobs.local_workers import LocalWorkers
from kd_projector.jobs.workers import ATTEMPTS, WorkerDied, Workers, given_up

Task = TypeVar("Task")
Result = TypeVar("Result")


def run_tasks(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[Task, Result | Exception]]:
    """Yield `(task, function(task))` for every task, in the order in which they end; an Exception in the result's place
    where one failed, which costs that task alone.

    function: must be importable in the workers (they have this process's sys.path; a Dask worker its own), its task and
    result picklable. It runs with one thread for BLAS, OpenMP and torch in the processes here.
    workers: processes on this machine (None: one a core; 0: none, the tasks run here one after the other, with as many
    threads as this process uses). scheduler: a Dask scheduler's address instead.

    A task whose worker process dies is tried once more, then yields WorkerDied. Raises UsageError where the scheduler
    cannot be reached; should that happen later, the tasks that are left yield it. Leaving the loop early, as Ctrl-C
    does, ends the processes at once (a Dask worker finishes its task): let `function` write files under a temporary
    name and rename them.

        for task, result in tqdm(run_tasks(train, grid, workers=2), total=len(grid)):
            if isinstance(result, Exception):
                ...
    """
    if workers == 0 and scheduler is None:
        return _run_here(function, tasks)
    run = _Run(function, tasks, workers or os.cpu_count() or 1, scheduler)
    return run.results()


def _run_here(function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Exception]]:
    for task in tasks:
        try:
            result: Result | Exception = function(task)
        except Exception as error:
            result = error
        yield task, result


class _Run(Generic[Task, Result]):
    """The tasks of one call. A thread of its own talks to the workers, and so they inherit its blocked Ctrl-C."""

    def __init__(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], count: int, scheduler: str | None
    ) -> None:
        self._function = function
        self._count = count
        self._scheduler = scheduler
        self._waiting = deque((task, 1) for task in tasks)  # with the number of its attempt
        self._running: dict[Future[Result], tuple[Task, int]] = {}
        self._news: SimpleQueue[Future[Result] | None] = SimpleQueue()
        self._ended: SimpleQueue[tuple[Task, Result | Exception] | BaseException] = SimpleQueue()
        self._breaking_off = False
        self._unreachable: UsageError | None = None
        self._workers: Workers | None = None

    def results(self) -> Iterator[tuple[Task, Result | Exception]]:
        left = len(self._waiting)
        if left == 0:
            return
        thread = threading.Thread(target=self._run, name="kd_projector tasks", daemon=True)
        thread.start()
        try:
            while left:
                ended = self._ended.get()
                if isinstance(ended, BaseException):
                    raise ended
                yield ended
                left -= 1
        except BaseException:  # GeneratorExit too: the caller has left its loop
            self._breaking_off = True
            self._news.put(None)
            raise
        finally:
            thread.join()

    # -- the thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._have_workers()
            if self._unreachable is not None:
                raise self._unreachable
            while (self._waiting or self._running) and not self._breaking_off:
                self._hand_over()
                if self._running or (self._waiting and self._unreachable is None):
                    self._settle(self._news.get())
        except BaseException as error:  # whatever it is, the caller is waiting for it
            self._breaking_off = True
            self._ended.put(error)
        finally:
            if self._workers is not None:
                self._workers.close(now=self._breaking_off)

    def _hand_over(self) -> None:
        self._have_workers()
        while self._waiting and self._unreachable is not None:
            self._ended.put((self._waiting.popleft()[0], self._unreachable))
        assert self._workers is not None or not self._waiting
        while self._waiting and self._workers is not None and self._workers.free > 0:
            task, attempt = self._waiting.popleft()
            try:
                future = self._workers.submit(self._function, task)
            except OSError as error:  # no memory or no process left for a worker
                self._ended.put((task, error))
                continue
            self._running[future] = task, attempt
            future.add_done_callback(self._news.put)

    def _settle(self, future: Future[Result] | None) -> None:
        """None: workers have come or gone, or the caller has left."""
        if future is None or future not in self._running:
            return
        task, attempt = self._running.pop(future)
        error = future.exception()
        if isinstance(error, WorkerDied) and attempt < ATTEMPTS:
            self._waiting.appendleft((task, attempt + 1))
        elif isinstance(error, WorkerDied):
            self._ended.put((task, WorkerDied(given_up(error))))
        elif isinstance(error, Exception):
            self._ended.put((task, error))
        elif error is not None:
            raise error
        else:
            self._ended.put((task, future.result()))

    def _have_workers(self) -> None:
        if self._unreachable is not None or (self._workers is not None and self._workers.alive):
            return
        if self._workers is not None:
            self._workers.close(now=True)
        self._workers = None
        workers = self._new_workers()
        try:
            workers.start()
            self._workers = workers
        except UsageError as error:
            self._unreachable = error

    def _new_workers(self) -> Workers:
        if self._scheduler is None:
            return LocalWorkers(self._count)
        from kd_projector.jobs.dask_workers import DaskWorkers

        return DaskWorkers(self._scheduler, on_change=lambda: self._news.put(None))
