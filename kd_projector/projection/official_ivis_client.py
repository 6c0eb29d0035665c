"""The one process in which this process has the ivis package run: started at first use, kept, ended with us.

Importing tensorflow takes seconds, so the process stays. Arrays travel as files of a temporary folder, never pickled.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

import numpy as np

from kd_projector.errors import KDProjectorError

_MODULE = "kd_projector.projection.official_ivis_process"
_ATTEMPTS = 2  # it can be killed from outside (memory, an operator): worth one more try, not endless ones
_SHOWN_LINES = 15  # of what it said, where it failed


@dataclass(frozen=True)
class IvisNetwork:
    """A fitted Keras network as plain data: `architecture` (JSON) and its arrays in Keras's order."""

    architecture: str
    weights: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class IvisFit:
    """What a fit gave. embedding: (N, C) float32. history: `loss_history`, `fit_seconds`, `fit_cpu_seconds`."""

    embedding: np.ndarray
    network: IvisNetwork
    history: dict[str, Any]


def fit(X: np.ndarray, parameters: dict[str, Any], timeout: float | None) -> IvisFit:
    """Fit `ivis.Ivis(**parameters)` to `X` (N, D); `parameters` holds `random_state` too. `timeout` in seconds."""
    with tempfile.TemporaryDirectory(prefix="kd_projector-ivis-") as name:
        folder = Path(name)
        np.save(folder / "X.npy", np.asarray(X, np.float32), allow_pickle=False)
        (folder / "parameters.json").write_text(json.dumps(parameters))
        PROCESS.do("fit", folder, timeout)
        with np.load(folder / "weights.npz", allow_pickle=False) as weights:
            arrays = tuple(weights[f"arr_{i}"] for i in range(len(weights.files)))
        return IvisFit(
            np.load(folder / "embedding.npy", allow_pickle=False),
            IvisNetwork((folder / "network.json").read_text(), arrays),
            json.loads((folder / "history.json").read_text()),
        )


def transform(X: np.ndarray, network: IvisNetwork, timeout: float | None) -> np.ndarray:
    """(M, C) float32 places of the rows of `X` (M, D) by a fitted network. `timeout` in seconds."""
    with tempfile.TemporaryDirectory(prefix="kd_projector-ivis-") as name:
        folder = Path(name)
        np.save(folder / "X.npy", np.asarray(X, np.float32), allow_pickle=False)
        (folder / "network.json").write_text(network.architecture)
        np.savez(folder / "weights.npz", *network.weights)
        PROCESS.do("transform", folder, timeout)
        return np.asarray(np.load(folder / "embedding.npy", allow_pickle=False))


class _ProcessDiedError(Exception):
    """The process ended before it answered."""


class _Process:
    """A running `official_ivis_process` and the two pipes to it."""

    def __init__(self) -> None:
        # A file and not a pipe: nobody has to drain it, and its end can be shown after a death.
        self.log: IO[bytes] = tempfile.TemporaryFile("a+b")  # noqa: SIM115  # closed by `end`
        self.popen = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end it in order
        )
        self._answers: SimpleQueue[str | None] = SimpleQueue()
        # A thread and not `select`, which knows no pipes on Windows.
        threading.Thread(target=self._listen, name="kd_projector ivis", daemon=True).start()

    def ask(self, task: str, folder: Path, timeout: float | None) -> dict[str, str]:
        """The answer to one task. Raises _ProcessDiedError, or queue.Empty after `timeout` seconds."""
        self.log.truncate(0)
        assert self.popen.stdin is not None
        try:
            print(json.dumps({"task": task, "folder": str(folder)}), file=self.popen.stdin, flush=True)
        except OSError:
            raise _ProcessDiedError from None
        answer = self._answers.get(timeout=timeout)
        if answer is None:
            raise _ProcessDiedError
        return dict(json.loads(answer))

    def said(self) -> str:
        """The end of its standard error."""
        self.log.seek(0)
        return _tail(self.log.read().decode(errors="replace"))

    def end(self) -> None:
        self.popen.kill()
        self.popen.wait()
        for pipe in (self.popen.stdin, self.log):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written finds nobody
                    continue

    def _listen(self) -> None:
        assert self.popen.stdout is not None
        with self.popen.stdout as lines:
            for line in lines:
                self._answers.put(line)
        self._answers.put(None)


class _ProcessOfOurs:
    """The process of this process. Thread-safe: tasks of several threads are done one after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closed = False

    def do(self, task: str, folder: Path, timeout: float | None) -> None:
        """Have one task done. Raises KDProjectorError when it fails, dies twice, or takes more than `timeout`."""
        with self._lock:
            answer = self._answer(task, folder, timeout)
        if "error" in answer:
            raise KDProjectorError(f"The ivis package failed. The end of what it said:\n{_tail(answer['error'])}")

    def _answer(self, task: str, folder: Path, timeout: float | None) -> dict[str, str]:
        for attempt in range(1, _ATTEMPTS + 1):
            if self._process is None or self._process.popen.poll() is not None:
                self._end()
                self._process = _Process()
            process = self._process
            try:
                return process.ask(task, folder, timeout)
            except _ProcessDiedError:
                if self._closed:
                    raise KDProjectorError("Python is ending, and the ivis package's process with it.") from None
                process.popen.wait()
                status, said = process.popen.returncode, process.said()
                self._end()
                if attempt == _ATTEMPTS:
                    raise KDProjectorError(
                        f"The process that runs the ivis package ended with status {status}, twice. The end of what "
                        f"it said:\n{said or '(nothing)'}"
                    ) from None
            except Empty:
                self._end()
                raise KDProjectorError(
                    f"The ivis package took more than {timeout:g} seconds and was ended: give it more (timeout=), "
                    f"fewer samples or fewer epochs."
                ) from None
            except BaseException:  # Ctrl-C: whatever it is doing now, nobody waits for it
                self._end()
                raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the process for good, and at once: another thread's fit is not waited for."""
        self._closed = True
        if self._process is not None:
            self._process.popen.kill()

    def pid(self) -> int | None:
        process = self._process
        return process.popen.pid if process is not None and process.popen.poll() is None else None

    def forget(self) -> None:
        """After a fork: the process answers our parent, and our copy of the lock may be held by a thread of its."""
        self._lock, self._process = threading.Lock(), None

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_SHOWN_LINES:])


def _environment() -> dict[str, str]:
    """This process's environment, with the Keras that ivis can use and with this very kd_projector to be found."""
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "TF_USE_LEGACY_KERAS": "1",
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2"),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


PROCESS = _ProcessOfOurs()
atexit.register(PROCESS.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=PROCESS.forget)
