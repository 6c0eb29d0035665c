"""The grid: which cells there are, and the training of those that are not done, in processes here or on a cluster."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from tqdm.auto import tqdm

from kd_projector.jobs.tasks import run_tasks

from .cell import Task, is_done, run_task
from .settings import BASELINE, Budget, Cell, Folder, Settings, TeacherKey


@dataclass(frozen=True)
class Grid:
    """The coordinates that are asked for. methods: without the baseline, which always is there."""

    students: tuple[str, ...]
    methods: tuple[str, ...]
    budgets: tuple[Budget, ...]
    seeds: int

    def cells(self) -> list[Cell]:
        """Seed by seed, so that a study that is cut short has whole seeds to report."""
        return [
            Cell(student, method, budget, seed)
            for seed, student, budget, method in itertools.product(
                range(self.seeds), self.students, self.budgets, (BASELINE, *self.methods)
            )
        ]

    def teachers(self) -> list[TeacherKey]:
        return [TeacherKey(seed) for seed in range(self.seeds)]


def train(folder: Folder, settings: Settings, grid: Grid, workers: int | None, scheduler: str | None) -> list[str]:
    """Train what is not done, teachers first, with a progress bar. Returns what failed, one sentence each."""
    works: list[Cell | TeacherKey] = [*grid.teachers(), *grid.cells()]
    tasks = [Task(folder, settings, work) for work in works if not is_done(folder, work)]
    if len(tasks) < len(works):
        print(f"{len(works) - len(tasks)} of {len(works)} networks are trained already.")
    failures = []
    ended = run_tasks(run_task, tasks, workers=workers, scheduler=scheduler)
    for task, result in tqdm(ended, desc="training", total=len(tasks), unit="network", disable=not tasks):
        if isinstance(result, Exception):
            name = task.work.name if isinstance(task.work, Cell) else f"the teacher of seed {task.work.seed}"
            why = str(result).splitlines() or [""]  # some exceptions explain themselves at length
            failures.append(f"{name} failed: {type(result).__name__}: {why[0]}")
    return failures
