"""One sample's outputs over all steps of a model, value by value: a step's file holds megabytes, its values bytes."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kd_projector.store import tensors
from kd_projector.store.layout import RunFolder, step_name
from kd_projector.store.reader import RunReader

COLUMNS = ("prediction", "confidence", "entropy", "loss")

_LENGTH_BYTES = 8
_FIRST_READ = 8192  # bytes: a file's header, unless it has some sixty layers
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


@dataclass(frozen=True)
class SampleHistory:
    """A model's `steps`, and by name each column's value at each of them; NaN where that step has none."""

    steps: Sequence[int]
    columns: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class _Column:
    """Where in a file a column of `samples` values begins."""

    dtype: np.dtype
    start: int
    samples: int

    def part(self, sample: int) -> tuple[int, int]:
        at = self.start + sample * self.dtype.itemsize
        return at, at + self.dtype.itemsize


_Index = Mapping[str, _Column]


class SampleHistories:
    """Reads them, from several threads if need be, and keeps where in which file the columns begin.

    That never changes while a file is the same one; no values are kept. most_files: for how many files it is kept
    (about 1 kB each); those used longest ago are forgotten first.
    """

    def __init__(self, most_files: int = 20_000) -> None:
        self._most_files = most_files
        self._known: OrderedDict[tuple[str, str], _Index] = (
            OrderedDict()
        )  # by path and by what tells its versions apart
        self._lock = threading.Lock()

    def history(self, reader: RunReader, model: str, sample: int) -> SampleHistory:
        """All that the steps of `model` have stored of sample number `sample`, 0 <= sample < the probe's size.

        A damaged file costs its own step's values. Raises StoreError if there is no such model.
        """
        reader.model(model)
        folder = reader.folder
        versions = folder.versions(folder.steps(model), ".safetensors")
        steps = sorted(int(name) for name in versions if name.isdecimal() and name == step_name(int(name)))
        files = [(folder.step_file(model, step), versions[step_name(step)]) for step in steps]
        wanted = [
            (position, name, path, column)
            for position, ((path, _), index) in enumerate(zip(files, self._indices(folder, files), strict=True))
            for name, column in index.items()
            if sample < column.samples
        ]
        read = folder.read_parts([(path, *column.part(sample)) for _, _, path, column in wanted])
        columns: dict[str, np.ndarray] = {}
        for (position, name, _, column), data in zip(wanted, read, strict=True):
            if data is not None and len(data) == column.dtype.itemsize:
                values = columns.setdefault(name, np.full(len(steps), np.nan))
                values[position] = np.frombuffer(data, column.dtype)[0]
        return SampleHistory(steps, columns)

    def _indices(self, folder: RunFolder, files: Sequence[tuple[str, str]]) -> list[_Index]:
        with self._lock:
            known = {file: self._known[file] for file in files if file in self._known}
            for file in known:
                self._known.move_to_end(file)
        new = [file for file in files if file not in known]
        for file, index in zip(new, _read_indices(folder, [path for path, _ in new]), strict=True):
            known[file] = index
        with self._lock:
            self._known.update((file, known[file]) for file in new)
            while len(self._known) > self._most_files:
                self._known.popitem(last=False)
        return [known[file] for file in files]


def _read_indices(folder: RunFolder, paths: Sequence[str]) -> Iterator[_Index]:
    beginnings = folder.read_parts([(path, 0, _FIRST_READ) for path in paths])
    for path, beginning in zip(paths, beginnings, strict=True):
        length = 0 if beginning is None else int.from_bytes(beginning[:_LENGTH_BYTES], "little")
        if beginning is not None and len(beginning) < _LENGTH_BYTES + length <= tensors.MAX_HEADER:
            (beginning,) = folder.read_parts([(path, 0, _LENGTH_BYTES + length)])
        yield {} if beginning is None else _index(beginning[_LENGTH_BYTES:][:length], _LENGTH_BYTES + length)


def _index(header: bytes, start: int) -> _Index:
    """Where the columns are, by a file's header; nothing of a file that is damaged. start: of its data."""
    try:
        entries = json.loads(header)
        found = {name: entries[f"output/{name}"] for name in COLUMNS if f"output/{name}" in entries}
        return {
            name: _Column(np.dtype(_DTYPES[entry["dtype"]]), start + int(entry["data_offsets"][0]), *entry["shape"])
            for name, entry in found.items()
        }
    except (ValueError, KeyError, TypeError):
        return {}
