"""What is asked of workers, wherever they run, and what each of them runs: any function with its arguments."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from kd_projector.errors import StoreError
from kd_projector.version import __version__

ATTEMPTS = 2  # a worker can be killed from outside (memory, an operator): worth one more try, not endless ones


class WorkerDied(Exception):  # noqa: N818  # an event, as concurrent.futures' own CancelledError is not always an error
    """The process that was at work is gone. The message says what happened, without a full stop."""


def given_up(why: object) -> str:
    """What to say of work whose worker died at each attempt."""
    return f"tried twice, and each time {why}"


class Workers(Protocol):
    """Processes that do one thing each at a time. All methods are called from one thread of the owner's own."""

    def start(self) -> None:
        """Be ready to work; may take seconds. Raises UsageError, saying what is wrong and what to do."""

    @property
    def alive(self) -> bool:
        """False once these workers can do nothing more, and new ones have to be started."""

    @property
    def free(self) -> int:
        """How many calls can be handed over just now."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """`function(*arguments)` on a free worker, which must be able to import it. If the worker dies, the future ends
        with WorkerDied. Raises OSError where no worker can be started."""

    def stop(self, future: Future[Any]) -> None:
        """End the worker that is at this, if it is ours to end; the future then ends with WorkerDied."""

    def close(self, *, now: bool) -> None:
        """End the workers, `now` in the middle of what they do. Otherwise they are all free."""


def call(version: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """In a worker process: do what is asked.

    version: the asker's. What another version makes may differ, and would be stored under the wrong key.
    """
    if version != __version__:
        raise StoreError(
            f"This worker has kd_projector {__version__}, whoever asks has {version}: install the same version "
            f"everywhere."
        )
    return function(*arguments)
