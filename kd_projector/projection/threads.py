"""One thread for a map: small maps are faster so, and the number of cores cannot change a map's last digit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS, OpenMP and (where it is loaded) torch use one thread inside the block; afterwards as before."""
    torch = sys.modules.get("torch")  # never imported for the sake of its thread count
    before = torch.get_num_threads() if torch is not None else 1
    with threadpool_limits(limits=1):
        if torch is not None:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            if torch is not None:
                torch.set_num_threads(before)
