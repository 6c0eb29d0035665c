"""The peer of the queue: one process that makes frames one after the other, with two threads in everything it calls.

    python -m benchmarks.one_after_the_other RUN METHOD...

prints the seconds that the student's maps took; see benchmarks/queue.py. A frame limits itself to one thread, so that
limit is lifted here: two threads for openTSNE's gradient and neighbour search, for BLAS and OpenMP, and for torch.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openTSNE
import openTSNE.affinity
import torch
from threadpoolctl import threadpool_limits

from benchmarks.queue import THREADS, jobs_of
from kd_projector.jobs.work import make_frame
from kd_projector.projection import frame, ivis


@contextmanager
def all_threads() -> Iterator[None]:
    torch.set_num_threads(THREADS)
    with threadpool_limits(limits=THREADS):
        yield


def with_all_threads(engine: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments, **named: engine(*arguments, **{**named, "n_jobs": THREADS})


def lift_the_limit() -> None:
    openTSNE.TSNEEmbedding = with_all_threads(openTSNE.TSNEEmbedding)
    openTSNE.affinity.PerplexityBasedNN = with_all_threads(openTSNE.affinity.PerplexityBasedNN)
    for module in (frame, ivis):
        assert "one_thread" in vars(module)
        vars(module)["one_thread"] = all_threads


def main() -> None:
    run, methods = Path(sys.argv[1]), sys.argv[2:]
    lift_the_limit()
    for job in jobs_of(run, "warm-up", methods):
        if job.reference is not None:
            make_frame(job.reference)
        make_frame(job)
    jobs = jobs_of(run, "student", methods)
    began = time.perf_counter()
    for job in jobs:
        make_frame(job)
    print(time.perf_counter() - began)
    assert all(job.is_done for job in jobs)


if __name__ == "__main__":
    main()
