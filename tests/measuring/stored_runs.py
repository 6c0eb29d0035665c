"""Log directories to measure, and what is in their files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from kd_projector.measuring.batch import Report, measure_runs
from kd_projector.measuring.names import measures_named
from kd_projector.store import MeasureValue, RunReader, RunWriter
from kd_projector.store.discovery import open_runs
from tests.conftest import digits_embedding


def measure(logdir: Path, *words: str, **options: Any) -> Report:
    """Have the runs below `logdir` measured, in this process unless told otherwise."""
    readers, unreadable = open_runs(logdir)
    assert unreadable == []
    options.setdefault("workers", 0)
    return measure_runs(readers, measures_named(words or None), progress=False, **options)


def add_step(run: Path, model: str, step: int, seed: int = 7) -> None:
    """One more step of a run of tests.conftest, with outputs that belong together."""
    with RunWriter(run) as writer:
        writer.write_step(model, step, {n: digits_embedding(120, (seed, step, i)) for i, n in enumerate(LAYERS)}, {})


LAYERS = ("early", "late")


def value_of(run: Path, model: str, step: int, measure: str, *of: str | None) -> float:
    """The one value of a measure; `of`: layer, other model, other layer and other run, as far as it takes to tell."""
    (found,) = [v.value for v in values_of(run, model, step, measure) if _place(v)[: len(of)] == of]
    return found


def values_of(run: Path, model: str, step: int, measure: str) -> list[MeasureValue]:
    return [value for value in RunReader(run).measures(model, step) if value.measure == measure]


def _place(value: MeasureValue) -> tuple[str | None, ...]:
    return value.layer, value.other_model, value.other_layer, value.other_run


def tensor(run: Path, model: str, layer: str, step: int) -> torch.Tensor:
    return torch.from_numpy(np.asarray(RunReader(run).embedding(model, layer, step)))


def keys(run: Path, model: str, step: int) -> dict[tuple[Any, ...], str]:
    """What the measured values of a step depended on, as it is on disk."""
    return {
        (entry["measure"], entry["other_run"], entry["other_model"]): entry["key"]
        for entry in json.loads(measured_file(run, model, step).read_text())
    }


def measured_file(run: Path, model: str, step: int) -> Path:
    return run / f"plugins/kd_projector/measured/{model}/{step:012d}.json"


def step_file(run: Path, model: str, step: int) -> Path:
    return run / f"plugins/kd_projector/steps/{model}/{step:012d}.safetensors"


def event_files(run: Path) -> Sequence[Path]:
    return sorted(run.glob("*tfevents*"))
