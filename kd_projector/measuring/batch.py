"""Having stored runs measured, with a progress bar, and what comes of it written: `kd-projector measure`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from tqdm.auto import tqdm

from kd_projector.errors import StoreError
from kd_projector.jobs.tasks import run_tasks
from kd_projector.jobs.work import absolute_path
from kd_projector.measuring.comparison import Comparisons, own_or_default_teachers
from kd_projector.measuring.plan import StepTask, plan_of
from kd_projector.measuring.scalars import scalars_are_current, update_scalars
from kd_projector.measuring.work import Outcome, measure_step
from kd_projector.store import Measured, MeasuredWriter, RunReader


@dataclass(frozen=True)
class Report:
    """steps: how many were due. failures, notes: a sentence for each thing that failed, and that was left out."""

    steps: int
    failures: tuple[str, ...]
    notes: tuple[str, ...]


def measure_runs(
    readers: Sequence[RunReader],
    measures: Collection[str],
    *,
    comparisons: Comparisons | None = None,
    temperature: float | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: bool = True,
) -> Report:
    """Compute what of `measures` the runs do not have yet or what is out of date, and store it beside them.

    comparisons: whom models are compared with (None: `own_or_default_teachers`). temperature: of those of
    `measures` that are divergences, for whatever was measured at another one before, too; None: as in `plan_of`.
    workers, scheduler: as in `run_tasks`. A run that another process measures or that cannot be written to, and a step
    that cannot be read, cost themselves only. Raises UsageError if the scheduler cannot be reached. If it is broken off
    (Ctrl-C), what is finished is stored.
    """
    comparisons = own_or_default_teachers(readers) if comparisons is None else comparisons
    failures: list[str] = []
    notes = list(comparisons.notes)
    with ExitStack() as locks:
        tasks: list[StepTask] = []
        writers: dict[str, MeasuredWriter] = {}
        measured_readers: list[RunReader] = []
        for reader in readers:
            others = comparisons.others.get(reader.folder.run_dir, ())
            try:
                plan = plan_of(reader, others, measures, temperature)
                if plan.tasks or not scalars_are_current(reader):
                    writer = locks.enter_context(MeasuredWriter(reader.folder.run_dir))
                    plan = plan_of(reader, others, measures, temperature)  # another process may just have finished
                    writers[absolute_path(reader.folder.run_dir)] = writer
                    measured_readers.append(reader)
            except StoreError as error:
                failures.append(str(error))
                continue
            tasks += plan.tasks
            failures += plan.failures
            notes += plan.notes
        for task, outcome in tqdm(
            run_tasks(measure_step, tasks, workers=workers, scheduler=scheduler),
            total=len(tasks),
            desc="measuring",
            unit="step",
            disable=not progress or not tasks,
        ):
            failures += _store(writers[task.of.run_dir], task, outcome)
        for reader in measured_readers:
            try:
                update_scalars(reader)
            except OSError as error:
                failures.append(f"{reader.folder.run_dir}: its event file could not be written: {error}.")
    return Report(len(tasks), tuple(failures), tuple(dict.fromkeys(notes)))


def _store(writer: MeasuredWriter, task: StepTask, outcome: Outcome | Exception) -> Sequence[str]:
    """Put what was measured of one step with what is there of it; returns a sentence for each thing that failed."""
    name = f"step {task.of.step} of {task.of.run_dir}/{task.of.model}"
    if isinstance(outcome, Exception):
        return [f"{name} was not measured: {str(outcome) or repr(outcome)}"]
    try:
        reader = RunReader(task.of.run_dir)
        if reader.digests(task.of.model, task.of.step) != outcome.digests:
            return [f"{name} was written anew meanwhile: measure again."]
        there = {measured.what: measured for measured in _there(reader, task)}
        there |= {measured.what: measured for measured in outcome.measured}
        writer.write(task.of.model, task.of.step, list(there.values()))
    except StoreError as error:
        return [f"{name}: {error}"]
    return outcome.failures


def _there(reader: RunReader, task: StepTask) -> list[Measured]:
    try:
        return reader.measured(task.of.model, task.of.step)
    except StoreError:  # damaged: all of it has been measured anew
        return []
