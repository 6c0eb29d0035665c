"""The workers of a Dask cluster, by its scheduler's address. Only this module imports `distributed`, when it starts.

The log directory must have the same path on every worker, and the same version of kd_projector must be installed on the
workers and where the scheduler runs. Of each worker process one frame at a time is asked, whatever its threads:
`dask worker tcp://… --nworkers 8 --nthreads 1` makes eight at a time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from kd_projector.errors import StoreError, UsageError
from kd_projector.jobs.work import FrameJob
from kd_projector.jobs.workers import WorkerDied, work
from kd_projector.projection.request import EmbeddingRef
from kd_projector.store import FrameStore
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
class _Frame:
    """A frame in the making on the worker at `address`; `task` is distributed's future, `outcome` ours."""

    job: FrameJob
    address: str
    task: Any
    outcome: Future[bool]


class DaskWorkers:
    """Each frame is a task for one named worker, so that the order stays ours and a lost worker is noticed by us.

    (The scheduler would move the task of a lost worker on to three others before it says so.)
    `on_change` is called, on any thread, when workers have come or gone.
    """

    def __init__(self, address: str, on_change: Callable[[], None]) -> None:
        self._address = checked_address(address)
        self._on_change = on_change
        self._client: Any = None
        self._lock = threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._frames: dict[str, _Frame] = {}  # by worker
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
            return len(self._known - self._frames.keys()) if self.alive else 0

    def submit(self, job: FrameJob, twin_run: str | None, patient: bool) -> Future[bool]:
        outcome: Future[bool] = Future()
        with self._lock:
            idle = self._known - self._frames.keys()
            if not idle:  # the last one has gone since the queue asked how many are free
                outcome.set_exception(WorkerDied(_WORKER_LOST))
                return outcome
            address = min(idle)
            try:
                task = self._client.submit(
                    work,
                    _absolute(job),
                    None if twin_run is None else _absolute_path(twin_run),
                    patient,
                    __version__,
                    key=f"kd_projector-{job.key}-{secrets.token_hex(4)}",
                    workers=[address],
                    allow_other_workers=False,
                    pure=False,
                )
            except (OSError, RuntimeError, ValueError):  # the client has been closed by a lost connection
                self.alive = False
                outcome.set_exception(self._connection_lost())
                return outcome
            frame = self._frames[address] = _Frame(job, address, task, outcome)
        task.add_done_callback(lambda task: self._settle(frame))
        return outcome

    def stop(self, future: Future[bool]) -> None:
        """A thread of a worker that others may use too cannot be ended: it finishes its frame."""

    def close(self, *, now: bool) -> None:
        self._ending.set()
        self.alive = False
        with self._lock:
            frames, self._frames = list(self._frames.values()), {}
        for frame in frames:
            _end(frame, self._connection_lost())
            _cancel(frame)
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
                gone = [self._frames.pop(address) for address in self._frames.keys() - known]
                self.alive = not self._ending.is_set() and connected and time.monotonic() - seen_at < _NO_WORKERS_S
            for frame in gone:
                _end(frame, WorkerDied(_WORKER_LOST) if connected else self._connection_lost())
                if connected:
                    _cancel(frame)
            if changed or not self.alive:
                try:
                    self._on_change()
                except Exception:  # this thread goes on: without it nobody notices a lost worker
                    logger.exception("That the Dask workers at %s have changed could not be passed on", self._address)
            if not self.alive:
                return

    def _settle(self, frame: _Frame) -> None:
        with self._lock:
            if self._frames.get(frame.address) is frame:
                del self._frames[frame.address]
        try:
            outcome: bool | Exception = self._made(frame)
        except Exception as error:
            outcome = error
        _end(frame, outcome)

    def _made(self, frame: _Frame) -> bool:
        """What `work` has returned; raises what the frame is to fail with."""
        try:
            made = _is_visible(frame.job) or bool(frame.task.result(timeout=_RESULT_S))
        except CancelledError as error:
            if self._client.status == "running":
                raise WorkerDied(f"its task was cancelled at the Dask scheduler {self._address}") from error
            self.alive = False
            raise self._connection_lost() from error
        except (OSError, asyncio.TimeoutError) as error:
            raise WorkerDied(_WORKER_LOST) from error
        except Exception as error:
            raise _explained(error) from error
        if made and not _is_visible(frame.job):
            raise _not_visible(frame)
        return made

    def _connection_lost(self) -> WorkerDied:
        return WorkerDied(f"the connection to the Dask scheduler {self._address} was lost")


def _end(frame: _Frame, outcome: bool | Exception) -> None:
    """Set the frame's outcome, unless another thread was first: a lost worker's task may end at the same moment."""
    with suppress(InvalidStateError):
        if isinstance(outcome, Exception):
            frame.outcome.set_exception(outcome)
        else:
            frame.outcome.set_result(outcome)


def _cancel(frame: _Frame) -> None:
    with suppress(Exception):  # over a broken connection: then its task is lost anyway
        frame.task.cancel()


def _is_visible(job: FrameJob) -> bool:
    """Whether the frame that another machine says to have stored is there for us."""
    for folder in FrameStore(job.request.embedding.run_dir).homes:
        with suppress(OSError):  # what cannot be listed may still be read
            # A network file system looks anew when a folder is listed.
            folder.names(folder.projections(), ".safetensors")
    return job.is_done


def _not_visible(frame: _Frame) -> StoreError:
    return StoreError(
        f"The Dask worker {frame.address} has made it, but not where it can be read here: the log directory must be "
        f"the same folder, which can be written to, on all machines."
    )


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


def _absolute(job: FrameJob) -> FrameJob:
    """`job` with absolute paths: the workers were started in other folders."""
    request = job.request
    embeddings: dict[str, Any] = {
        name: replace(value, run_dir=_absolute_path(value.run_dir))
        for name, value in vars(request).items()
        if isinstance(value, EmbeddingRef)
    }
    reference = None if job.reference is None else _absolute(job.reference)
    return replace(job, request=replace(request, **embeddings), reference=reference)


def _absolute_path(run_dir: str) -> str:
    return run_dir if "://" in run_dir else os.path.abspath(run_dir)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
