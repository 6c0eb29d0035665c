"""One thread for a map: small maps are faster so, and the number of cores cannot change a map's last digit."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

# These counts are partly the process's and partly the calling thread's (OpenMP's): of blocks that overlap in several
# threads none could put them back. So one thread at a time; work side by side is for processes.
_one_at_a_time = threading.RLock()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS, OpenMP and (where it is loaded) torch use one thread inside the block; afterwards as before.

    A second thread that comes to such a block waits until the first has left its own.
    """
    with _one_at_a_time, threadpool_limits(limits=1):
        torch = sys.modules.get("torch")  # never imported for the sake of its thread count
        before = torch.get_num_threads() if torch is not None else 1
        if torch is not None:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            if torch is not None:
                torch.set_num_threads(before)
