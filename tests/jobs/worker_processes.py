"""Looking at a queue's worker processes from outside, and waiting for them to come and go (Linux)."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from pathlib import Path

from kd_projector.jobs.queue import ProjectionQueue


def children_of(parent: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended since it was listed
            children += [int(pid) for pid in (task / "children").read_text().split()]
    return children


def workers_of(parent: int) -> list[int]:
    """The worker processes of `parent`: its children that run loky's worker loop."""
    return [pid for pid in children_of(parent) if b"popen_loky" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def next_worker(queue: ProjectionQueue) -> int:
    """Wait until this process's queue has a worker process; its newest one."""
    while not (workers := workers_of(os.getpid())):
        queue.wait(timeout=0.05)
    return workers[-1]


def kill(pid: int) -> None:
    """Kill a process and wait for its end."""
    watcher = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    wait_for_end(watcher)


def wait_for_end(watcher: int, timeout: float = 30) -> None:
    """Wait for the end of the process behind the pidfd `watcher`, and close that."""
    readable, _, _ = select.select([watcher], [], [], timeout)
    os.close(watcher)
    assert readable, "the process has not ended"
