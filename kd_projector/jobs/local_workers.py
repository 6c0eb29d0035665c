"""Worker processes on this machine, one thread each: the fastest layout measured."""

from __future__ import annotations

import os
import signal
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from loky import ProcessPoolExecutor, process_executor
from loky.backend import resource_tracker as loky_resource_tracker

from kd_projector.jobs.workers import WorkerDied, call
from kd_projector.version import __version__

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_LEAK_BYTES = 4_000_000_000
_LOOK_FOR_PARENT_S = 2.0
_DIED = "its worker process died (killed, or out of memory?)"


class LocalWorkers:
    """`count` processes of loky, each a pool of its own, so that one which dies or is ended costs its own work only.

    loky starts them afresh, without running the parent's main module again as the standard library's would: a worker of
    TensorBoard must not load TensorBoard (and the tensorflow that it looks for), nor run a user's script a second time.
    A process starts with the first call that finds all others busy.
    """

    alive = True

    def __init__(self, count: int) -> None:
        self._count = count
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future[Any], ProcessPoolExecutor] = {}
        self._ends_with_program = False
        self._killed = False  # at the program's end

    def start(self) -> None:
        """Processes start when there is work. What they inherit is set here.

        A Ctrl-C in a terminal goes to all processes of a command: only its main thread is to answer it. The trackers of
        resources are started first, because whoever starts them unblocks the signal.
        """
        if hasattr(signal, "pthread_sigmask"):
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()
            loky_resource_tracker.ensure_running()
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    @property
    def free(self) -> int:
        for outcome in [outcome for outcome in self._busy if outcome.done()]:
            pool = self._busy.pop(outcome)
            if isinstance(outcome.exception(), WorkerDied):
                pool.shutdown(wait=False)
            else:
                self._idle.append(pool)
        return self._count - len(self._busy)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        while True:
            pool = self._idle.pop() if self._idle else ProcessPoolExecutor(1, initializer=_start, env=_ONE_THREAD)
            try:
                made = pool.submit(call, __version__, function, arguments)
                break
            except BrokenProcessPool:  # its worker was killed while it was idle
                pool.shutdown(wait=False)
            except RuntimeError as error:
                if self._program_is_ending():  # and loky has closed all pools: nobody waits any more
                    return Future()
                with suppress(Exception):  # half started as it is
                    pool.shutdown(wait=False, kill_workers=True)
                raise OSError(str(error)) from error  # no thread left to watch over the worker, for one
        if not self._ends_with_program:
            _before_loky_waits(weakref.WeakMethod(self._kill))
            self._ends_with_program = True
        outcome: Future[Any] = Future()
        self._busy[outcome] = pool
        made.add_done_callback(lambda made: _settle(outcome, made))
        return outcome

    def stop(self, future: Future[Any]) -> None:
        if future in self._busy:
            self._busy[future].shutdown(wait=False, kill_workers=True)

    def _program_is_ending(self) -> bool:
        return self._killed or process_executor._global_shutdown or not threading.main_thread().is_alive()

    def _kill(self) -> None:
        self._killed = True
        for pool in [*self._idle, *self._busy.values()]:
            pool.shutdown(wait=False, kill_workers=True)

    def close(self, *, now: bool) -> None:
        pools = [*self._idle, *self._busy.values()]
        if now:  # no threads: the program may be ending, and could not start any
            for pool in pools:
                pool.shutdown(wait=True, kill_workers=True)
            return
        closing = [threading.Thread(target=pool.shutdown) for pool in pools]  # each takes a while
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()


def _before_loky_waits(kill: Callable[[], Callable[[], None] | None]) -> None:
    """At the program's end loky waits for what its pools are doing: TensorBoard's Ctrl-C would take as long as a frame.

    Its wait is registered with the interpreter when its first pool starts; what is registered later comes before. There
    is no public name for that; where there is none at all, the program ends after the frame.
    """
    register = getattr(threading, "_register_atexit", None)
    if register is not None:
        register(lambda: (method := kill()) and method())


def _start() -> None:
    """In the worker, before its first call."""
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    # loky replaces a worker that has grown by 300 MB since its first job, with a warning. The engines, which load when
    # they are first needed, come to more than that, and so do the arrays of a large map: no leak, and a slow start.
    process_executor._MAX_MEMORY_LEAK_SIZE = _LEAK_BYTES


def _end_with_parent(parent: int) -> None:
    """Otherwise a worker would wait for work for ever after a kill."""
    while os.getppid() == parent:
        time.sleep(_LOOK_FOR_PARENT_S)
    os._exit(1)


def _settle(outcome: Future[Any], made: Future[Any]) -> None:
    error = WorkerDied(_DIED) if made.cancelled() else made.exception()
    if isinstance(error, (BrokenProcessPool, process_executor.ShutdownExecutorError)):
        outcome.set_exception(WorkerDied(_DIED))
    elif error is not None:
        outcome.set_exception(error)
    else:
        outcome.set_result(made.result())
