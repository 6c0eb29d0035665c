"""The whole demo in order: train, project, measure, print the table, serve."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from kd_projector.demo import digits, report
from kd_projector.demo.serve import serve_tensorboard
from kd_projector.demo.training import BASELINE_RUN, DISTILLED_RUN, Length, train_all
from kd_projector.errors import UsageError
from kd_projector.jobs.batch import DEFAULT_METHODS, project_runs
from kd_projector.measuring.batch import measure_runs
from kd_projector.measuring.names import measures_named
from kd_projector.store.discovery import open_runs


def run_demo(logdir: Path, *, serve: bool, length: Length, port: int | None = None, workers: int | None = None) -> int:
    """Run the demo into `logdir`; with `serve`, stay until TensorBoard is stopped. Returns the exit status."""
    _clear(logdir)
    started = time.monotonic()
    accuracies = train_all(digits.load(), logdir, length)
    trained = time.monotonic()
    readers, unreadable = open_runs(logdir)
    failures = unreadable + project_runs(readers, DEFAULT_METHODS, workers=workers)
    projected = time.monotonic()
    # The baseline's layers against the teacher of the distilled run, and how far each layer is from what it becomes.
    failures += measure_runs(readers, measures_named(None), workers=workers).failures
    measured = time.monotonic()
    for failure in failures:
        print(failure)
    print(f"\n{report.table(logdir, accuracies)}\n")
    print(
        f"Trained in {trained - started:.0f} s, projected in {projected - trained:.0f} s, measured in "
        f"{measured - projected:.0f} s. The runs are in {logdir}."
    )
    if failures:
        return 1
    return serve_tensorboard(logdir, port) if serve else 0


def _clear(logdir: Path) -> None:
    """Remove an earlier demo's runs, and nothing that is not one."""
    for run in (logdir / DISTILLED_RUN, logdir / BASELINE_RUN):
        if run.exists() and not (run / "plugins" / "kd_projector").is_dir():
            raise UsageError(f"{run} is in the way and not a run of this demo: give another LOGDIR.")
    for run in (logdir / DISTILLED_RUN, logdir / BASELINE_RUN):
        shutil.rmtree(run, ignore_errors=True)
