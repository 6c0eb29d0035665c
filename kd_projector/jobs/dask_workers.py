"""The workers of a Dask cluster, by its scheduler's address. Only this module imports `distributed`, when it starts.

The log directory must have the same path on every worker, and the same version of kd_projector must be installed on the
workers and where the scheduler runs. Of each worker process one thing at a time is asked, whatever its threads:
`dask worker tcp://… --nworkers 8 --nthreads 1` does eight at a time.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kd_projector.errors import UsageError
from kd_projector.jobs.workers import WorkerDied, call
from kd_projector.version import __version__

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d+")
_WORKER_LOST = "its Dask worker was lost (killed, or out of memory?)"
_CONNECT_S = 5.0
_FIRST_WORKER_S = 10.0
_RESULT_S = 10.0
_LOOK_S = 0.5  # how often to look which workers there are
_NO_WORKERS_S = 30.0  # a killed worker's nanny starts a new one in some seconds; a cluster without any is given up


def checked_address(address: str) -> str:
    """`address`, if it can be a scheduler's. Raises UsageError."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"{address!r} is not the address of a Dask scheduler: give it as tcp://host:8786.")
    return address


@dataclass(frozen=True)
class _Call:
    """What the worker at `address` is at; `task` is distributed's future, `outcome` ours."""

    address: str
    task: Any
    outcome: Future[Any]


class DaskWorkers:
    """Each call is a task for one named worker, so that the order stays ours and a lost worker is noticed by us.

    (The scheduler would move the task of a lost worker on to three others before it says so.)
    `on_change` is called, on any thread, when workers have come or gone.
    """

    def __init__(self, address: str, on_change: Callable[[], None]) -> None:
        self._address = checked_address(address)
        self._on_change = on_change
        self._client: Any = None
        self._lock = threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._calls: dict[str, _Call] = {}  # by worker
        self._ending = threading.Event()
        self.alive = False

    def start(self) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise UsageError(
                f"The Dask scheduler {self._address} needs the package distributed, not installed here: "
                f"pip install 'kd_projector[dask]'."
            ) from error
        try:
            self._client = distributed.Client(
                self._address, timeout=_CONNECT_S, set_as_default=False, name="kd_projector"
            )
        except (OSError, asyncio.TimeoutError, ValueError, ImportError, RuntimeError) as error:
            raise UsageError(
                f"The Dask scheduler {self._address} cannot be reached ({_one_line(error)}): check the address, and "
                f"that `dask scheduler` runs there."
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER_S)
            self._known = frozenset(self._client.nthreads())
        except (OSError, asyncio.TimeoutError) as error:
            self._client.close(timeout=1)
            raise UsageError(
                f"The Dask scheduler {self._address} has no workers: start some with `dask worker {self._address}`."
            ) from error
        self.alive = True
        threading.Thread(target=self._watch, name="kd_projector Dask workers", daemon=True).start()

    @property
    def free(self) -> int:
        with self._lock:
            return len(self._known - self._calls.keys()) if self.alive else 0

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        outcome: Future[Any] = Future()
        with self._lock:
            idle = self._known - self._calls.keys()
            if not idle:  # the last one has gone since the owner asked how many are free
                outcome.set_exception(WorkerDied(_WORKER_LOST))
                return outcome
            address = min(idle)
            try:
                task = self._client.submit(
                    call,
                    __version__,
                    function,
                    arguments,
                    key=f"{getattr(function, '__name__', 'call')}-{secrets.token_hex(8)}",
                    workers=[address],
                    allow_other_workers=False,
                    pure=False,
                )
            except (OSError, RuntimeError, ValueError):  # the client has been closed by a lost connection
                self.alive = False
                outcome.set_exception(self._connection_lost())
                return outcome
            begun = self._calls[address] = _Call(address, task, outcome)
        task.add_done_callback(lambda task: self._settle(begun))
        return outcome

    def stop(self, future: Future[Any]) -> None:
        """A thread of a worker that others may use too cannot be ended: it finishes what it is at."""

    def close(self, *, now: bool) -> None:
        self._ending.set()
        self.alive = False
        with self._lock:
            calls, self._calls = list(self._calls.values()), {}
        for begun in calls:
            _end(begun, self._connection_lost())
            _cancel(begun)
        with suppress(Exception):  # a broken connection cannot be closed in good order
            self._client.close(timeout=1)

    # -- on other threads --------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Look which workers there are; end what was with those that are gone."""
        seen_at = time.monotonic()
        while not self._ending.wait(_LOOK_S):
            try:
                known = frozenset(self._client.nthreads())
                connected = self._client.status == "running"
            except Exception:  # whatever a broken connection breaks on: it is the same news
                known, connected = frozenset(), False
            if known:
                seen_at = time.monotonic()
            with self._lock:
                changed, self._known = known != self._known, known
                gone = [self._calls.pop(address) for address in self._calls.keys() - known]
                self.alive = not self._ending.is_set() and connected and time.monotonic() - seen_at < _NO_WORKERS_S
            for begun in gone:
                _end(begun, WorkerDied(_WORKER_LOST) if connected else self._connection_lost())
                if connected:
                    _cancel(begun)
            if changed or not self.alive:
                try:
                    self._on_change()
                except Exception:  # this thread goes on: without it nobody notices a lost worker
                    logger.exception("That the Dask workers at %s have changed could not be passed on", self._address)
            if not self.alive:
                return

    def _settle(self, ended: _Call) -> None:
        with self._lock:
            if self._calls.get(ended.address) is ended:
                del self._calls[ended.address]
        try:
            result = self._result(ended)
        except Exception as error:
            _end(ended, error)
        else:
            with suppress(InvalidStateError):  # as in _end
                ended.outcome.set_result(result)

    def _result(self, ended: _Call) -> Any:
        """What the function has returned; raises what the call is to fail with."""
        try:
            return ended.task.result(timeout=_RESULT_S)
        except CancelledError as error:
            if self._client.status == "running":
                raise WorkerDied(f"its task was cancelled at the Dask scheduler {self._address}") from error
            self.alive = False
            raise self._connection_lost() from error
        except (OSError, asyncio.TimeoutError) as error:
            raise WorkerDied(_WORKER_LOST) from error
        except Exception as error:
            raise _explained(error) from error

    def _connection_lost(self) -> WorkerDied:
        return WorkerDied(f"the connection to the Dask scheduler {self._address} was lost")


def _end(begun: _Call, error: Exception) -> None:
    """Let it fail, unless another thread was first: a lost worker's task may end at the same moment."""
    with suppress(InvalidStateError):
        begun.outcome.set_exception(error)


def _cancel(begun: _Call) -> None:
    with suppress(Exception):  # over a broken connection: then its task is lost anyway
        begun.task.cancel()


def _explained(error: Exception) -> Exception:
    """`error`, or what it means: the cluster does not know our classes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ModuleNotFoundError) or "No module named" in str(cause):
            return UsageError(
                f"The Dask cluster lacks a package ({_one_line(cause)}): install kd_projector {__version__} and what "
                f"it needs where the scheduler and its workers run."
            )
        cause = cause.__cause__ or cause.__context__
    return error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
