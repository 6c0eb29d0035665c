"""A real Dask cluster for tests: a scheduler and its workers, each a process of its own, on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

_SCHEDULER = re.compile(r"Scheduler at:\s+(\S+)")
_WORKER = re.compile(r"Registered to:")
_QUIET = {"DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__ENABLED": "false"}


class DaskCluster:
    """`with DaskCluster(workers=2, folder=tmp_path) as cluster:` runs one; `cluster.address` is its scheduler's.

    Its processes start in `folder`, so that a path which is relative to the tests' own folder would not be found.
    """

    def __init__(self, *, workers: int, folder: Path, environment: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = {**os.environ, **_QUIET, **(environment or {})}
        self._processes: list[subprocess.Popen[str]] = []
        self.workers: list[subprocess.Popen[str]] = []
        self.scheduler, self.address = self._start(
            ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], _SCHEDULER
        )
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> subprocess.Popen[str]:
        arguments = ["worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        worker, _ = self._start(arguments, _WORKER)
        self.workers.append(worker)
        return worker

    def _start(self, arguments: Sequence[str], sign: re.Pattern[str]) -> tuple[subprocess.Popen[str], str]:
        """The process, once its log has `sign`, and the sign's group."""
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=self._folder,
            env=self._environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self._processes.append(process)
        assert process.stderr is not None
        log = []
        for line in process.stderr:
            log.append(line)
            if found := sign.search(line):
                threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
                return process, found.group(found.lastindex or 0)
        raise RuntimeError(f"dask {arguments[0]} did not start:\n{''.join(log)}")

    def __enter__(self) -> DaskCluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
