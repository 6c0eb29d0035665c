"""One thread for a map: small maps are faster so, and the number of cores cannot change a map's last digit."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

_lock = threading.Lock()
_inside = 0
_undo: list[Callable[[], None]] = []


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS, OpenMP and (where it is loaded) torch use one thread inside the block; afterwards as before.

    These counts belong to the process: of blocks in several threads the last one out restores them. An inner block also
    limits what has been loaded since the outer one began.
    """
    global _inside
    with _lock:
        _undo.extend([_limit_pools(), _limit_torch()])
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            while _inside == 0 and _undo:
                _undo.pop()()


def _limit_pools() -> Callable[[], None]:
    limits = threadpool_limits(limits=1)
    return lambda: limits.restore_original_limits()


def _limit_torch() -> Callable[[], None]:
    torch = sys.modules.get("torch")  # never imported for the sake of its thread count
    if torch is None:
        return lambda: None
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    return lambda: torch.set_num_threads(before)
