"""Measures computed afterwards, from stored embeddings: files of their own beside the logger's, which never change."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from filelock import FileLock, Timeout

from kd_projector.errors import StoreError
from kd_projector.store.layout import RunFolder
from kd_projector.store.schema import MeasureValue


@dataclass(frozen=True)
class Measured:
    """What `measure` gave for all layers of a model at a step, against `other_model` (of `other_run`) if it compares.

    key: what it depends on, hashed: where that has changed since, the values are out of date.
    values: all of this measure and comparison. Empty where the measure is undefined, which is an outcome too.
    temperature: what divided the logits in a divergence; None for all other measures.
    """

    key: str
    measure: str
    other_run: str | None
    other_model: str | None
    values: tuple[MeasureValue, ...]
    temperature: float | None = None

    @property
    def what(self) -> tuple[str, str | None, str | None]:
        return self.measure, self.other_run, self.other_model


def read_measured(folder: RunFolder, model: str, step: int) -> list[Measured]:
    """What is stored for a step; empty if nothing is. Raises StoreError if the file is damaged."""
    path = folder.measured_file(model, step)
    try:
        return [
            Measured(
                entry["key"],
                entry["measure"],
                entry["other_run"],
                entry["other_model"],
                tuple(
                    MeasureValue(
                        entry["measure"],
                        float(value["value"]),
                        value["layer"],
                        entry["other_model"],
                        value["other_layer"],
                        entry["other_run"],
                    )
                    for value in entry["values"]
                ),
                entry.get("temperature"),
            )
            for entry in json.loads(folder.read(path))
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"{path} is damaged: {error!r}. Delete it, and run `kd-projector measure` once more."
        ) from error


class MeasuredWriter:
    """The one process that measures a run; holds a lock of its own, so that the run's logger may go on writing.

    Raises StoreError where another process measures the run, or where the run's folder cannot be written to.
    """

    def __init__(self, run_dir: str | os.PathLike[str]) -> None:
        self.folder = RunFolder(run_dir)
        self._lock = FileLock(self.folder.measure_lock_file(), thread_local=False) if self.folder.is_local else None
        try:
            if self._lock is not None:
                self._lock.acquire(timeout=0)
            self.folder.remove_partial_measured()
        except Timeout:
            raise StoreError(
                f"Another process is measuring {self.folder.run_dir}: wait until it has finished, then measure again."
            ) from None
        except OSError as error:
            raise StoreError(
                f"{self.folder.run_dir} cannot be written to ({error}): measures are stored beside the run, so copy "
                f"the run to where you may write, and measure that."
            ) from error

    def close(self) -> None:
        """Release the lock. Harmless when called again."""
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> MeasuredWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def write(self, model: str, step: int, measured: Sequence[Measured]) -> None:
        """Replace what is stored for a step. Raises StoreError where it cannot be written."""
        entries = [
            {
                "measure": entry.measure,
                "other_run": entry.other_run,
                "other_model": entry.other_model,
                "key": entry.key,
                **({} if entry.temperature is None else {"temperature": entry.temperature}),
                "values": [
                    {"layer": value.layer, "other_layer": value.other_layer, "value": value.value}
                    for value in entry.values
                ],
            }
            for entry in measured
        ]
        path = self.folder.measured_file(model, step)
        try:
            self.folder.write(path, json.dumps(entries, indent=1, allow_nan=False).encode())
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error}. Measure again once it can.") from error
