"""What the finished cells have to say, read back from their runs and records as tidy rows; and the CSV file of them."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from kd_projector.errors import StoreError
from kd_projector.store import RunReader

from .cell import is_done, read_teacher
from .networks import Architecture, architecture, teacher_architecture
from .settings import BASELINE, BUDGET_LABELS, Cell, Folder, Settings, TeacherKey

LAYER_MEASURES = ("silhouette", "scatter_ratio", "knn_accuracy")
TEST_ACCURACY = "test_accuracy"
TEACHER = "teacher"


@dataclass(frozen=True)
class Row:
    """One number. layer and relative_depth are empty where it is the network's; a teacher's method is `teacher`."""

    network: str
    depth: int
    width: int
    method: str
    budget: str
    seed: int
    role: str
    layer: str
    relative_depth: float | None
    measure: str
    value: float


@dataclass(frozen=True)
class Evidence:
    """All rows, and the study's coordinates that have any, in the order asked for."""

    rows: tuple[Row, ...]
    students: tuple[Architecture, ...]
    teacher: Architecture
    methods: tuple[str, ...]
    budgets: tuple[str, ...]  # all labels first, the control
    seconds: float  # of training, over all cells
    asked_seeds: int
    missing: tuple[str, ...] = ()  # names of the cells asked for that are not trained

    def __post_init__(self) -> None:
        index = {(r.network, r.method, r.budget, r.seed, r.layer, r.measure): r.value for r in self.rows}
        seeds: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for row in self.rows:
            if row.measure == TEST_ACCURACY:
                seeds[row.network, row.method, row.budget].append(row.seed)
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_seeds", {key: tuple(sorted(found)) for key, found in seeds.items()})

    def value(self, network: str, method: str, budget: str, seed: int, layer: str, measure: str) -> float:
        """nan where the measure is missing, as that of a layer which has collapsed to a point is."""
        index: dict[tuple[str, str, str, int, str, str], float] = self._index  # type: ignore[attr-defined]
        return index.get((network, method, budget, seed, layer, measure), math.nan)

    def seeds(self, network: str, method: str, budget: str) -> tuple[int, ...]:
        found: dict[tuple[str, str, str], tuple[int, ...]] = self._seeds  # type: ignore[attr-defined]
        return found.get((network, method, budget), ())

    def paired_seeds(self, student: str, method: str, budget: str) -> tuple[int, ...]:
        """Seeds that have both the distilled student and its baseline."""
        baselines = self.seeds(student, BASELINE, budget)
        return tuple(seed for seed in self.seeds(student, method, budget) if seed in baselines)


def gather(folder: Folder, settings: Settings, cells: Sequence[Cell]) -> Evidence:
    """Rows of all `cells` that are finished. Raises StoreError where a run is gone or ends before its training did, or
    where pairs are none."""
    finished = [cell for cell in cells if is_done(folder, cell)]
    records = {cell: json.loads(folder.record(cell).read_text()) for cell in finished}
    _require_pairs(records)
    teacher = teacher_architecture(settings)
    students = {cell.student: architecture(settings.family, cell.student) for cell in finished}
    rows: list[Row] = []
    teachers: set[int] = set()
    for cell in finished:
        reader = RunReader(folder.run(cell))
        _require_end(reader, cell, settings.steps)
        rows += _rows(reader, students[cell.student], cell, cell.role, records[cell][TEST_ACCURACY])
        if cell.seed not in teachers:
            teachers.add(cell.seed)
            kept = read_teacher(folder, TeacherKey(cell.seed))
            guide = Cell(teacher.name, TEACHER, "full", cell.seed)
            rows += _rows(reader, teacher, guide, TEACHER, kept[TEST_ACCURACY])
    return Evidence(
        rows=tuple(rows),
        students=tuple(students.values()),
        teacher=teacher,
        methods=tuple(dict.fromkeys(cell.method for cell in finished if cell.method != BASELINE)),
        budgets=tuple(budget for budget in BUDGET_LABELS if any(cell.budget == budget for cell in finished)),
        seconds=sum(record["seconds"] for record in records.values()),
        asked_seeds=len({cell.seed for cell in cells}),
        missing=tuple(cell.name for cell in cells if cell not in records),
    )


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """One row per cell, layer and measure; numbers in full."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _rows(reader: RunReader, plan: Architecture, cell: Cell, role: str, test_accuracy: float) -> list[Row]:
    def row(layer: str, relative_depth: float | None, measure: str, value: float) -> Row:
        return Row(
            plan.name,
            plan.depth,
            plan.width,
            cell.method,
            cell.budget,
            cell.seed,
            role,
            layer,
            relative_depth,
            measure,
            value,
        )

    last = reader.steps(role)[-1]
    found = [
        row(value.layer, plan.relative_depth(value.layer), value.measure, value.value)
        for value in reader.measures(role, last)
        if value.layer in plan.layers and value.measure in LAYER_MEASURES
    ]
    return [*found, row("", None, TEST_ACCURACY, test_accuracy)]


def _require_end(reader: RunReader, cell: Cell, steps: int) -> None:
    """What is judged is the network at the end of its training, and nothing that is logged before."""
    stored = reader.steps(cell.role)
    if not stored or stored[-1] != steps:
        raise StoreError(
            f"{cell.name} was trained for {steps} steps, but the last that its run holds is "
            f"{stored[-1] if stored else 'none'}: delete its record below cells/ to train it anew."
        )


def _require_pairs(records: dict[Cell, dict[str, Any]]) -> None:
    """Students that are compared began as the same network, saw the same labelled batches, had the same teacher beside
    them and ran on the same kind of device with the same torch, or are not compared.

    The last three are not in the records of the first version; they are compared where both have them.
    """
    seen: dict[tuple[object, ...], tuple[str, str]] = {}
    for cell, record in records.items():
        pair = (cell.student, cell.budget, cell.seed)
        shared_by = {
            "initial_weights": (cell.student, cell.seed),
            "labelled_batches": (cell.budget, cell.seed),
            "teacher": (cell.seed,),
            "torch": pair,
            "device": pair,
        }
        for what, shared in shared_by.items():
            if what not in record:
                continue
            other, value = seen.setdefault((what, *shared), (cell.name, record[what]))
            if record[what] != value:
                raise StoreError(
                    f"{cell.name} and {other} do not have the same {what.replace('_', ' ')} ({record[what]}, {value}), "
                    f"so their difference says nothing: were they trained by different versions or on different "
                    f"machines? Begin a new --out."
                )
