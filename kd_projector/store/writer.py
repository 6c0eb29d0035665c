"""RunWriter: the one writer of a run. It knows nothing of training; it is given numpy arrays and puts them in place."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from kd_projector.errors import StoreError
from kd_projector.store import tensors
from kd_projector.store.layout import RunFolder
from kd_projector.store.schema import Manifest, MeasureValue, ProbeRecord

_LOOK_S = 0.25  # whoever only looks whether a run is being written has the lock for an instant


class RunWriter:
    """Write one run; hold its lock from the start to `close()`.

    A second writer on the same run gets a StoreError. The lock is the operating system's, so it goes with the
    process that holds it, however that ends. (Object stores have no locks: there, two writers are the user's to avoid.)
    """

    def __init__(self, run_dir: str | os.PathLike[str]) -> None:
        self.folder = RunFolder(run_dir)
        self.folder.make(self.folder.root)
        self._lock = FileLock(self.folder.lock_file(), thread_local=False) if self.folder.is_local else None
        if self._lock is not None:
            try:
                self._lock.acquire(timeout=_LOOK_S, poll_interval=_LOOK_S / 5)
            except Timeout:
                raise StoreError(
                    f"Another logger is writing to {self.folder.run_dir}: close it first, or give this one "
                    f"its own log_dir."
                ) from None
        self.folder.remove_partial_files()

    def close(self) -> None:
        """Release the lock. Harmless when called again."""
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def write_manifest(self, manifest: Manifest) -> None:
        self._write_json(self.folder.manifest(), manifest.to_json())

    def write_probe(self, probe: ProbeRecord) -> None:
        """Write the fixed samples. `probe.json` comes last: a reader that sees it finds the rest."""
        numeric, text = _split_metadata(probe.metadata)
        arrays = {f"metadata/{name}": column for name, column in numeric.items()}
        if probe.labels is not None:
            arrays["labels"] = np.asarray(probe.labels, dtype=np.int64)
        self.folder.write(self.folder.probe_tensors(), tensors.encode(arrays))
        sheets: Sequence[bytes] = probe.thumbnails.sheets if probe.thumbnails else ()
        for index, sheet in enumerate(sheets):
            self.folder.write(self.folder.thumbnails(index), sheet)
        index_of_thumbnails = None
        if probe.thumbnails is not None:
            index_of_thumbnails = asdict(probe.thumbnails) | {"sheets": len(sheets)}
        self._write_json(
            self.folder.probe_json(),
            {
                "fingerprint": probe.fingerprint,
                "ids": list(probe.ids),
                "class_names": list(probe.class_names) if probe.class_names is not None else None,
                "metadata": text,
                "metadata_order": list(probe.metadata),
                "thumbnails": index_of_thumbnails,
            },
        )

    def write_step(
        self,
        model: str,
        step: int,
        embeddings: Mapping[str, np.ndarray],
        outputs: Mapping[str, np.ndarray] | None = None,
        measures: Sequence[MeasureValue] = (),
        classes: int | None = None,
    ) -> None:
        """Write one model's step: `embeddings` of its layers, each (N, D), and per-sample `outputs`, each (N,).

        classes: how many classes the model tells apart, where its outputs are logits (N, classes).
        The measures go first, so that a step that is listed has them.
        """
        stored = {name: tensors.half_precision(embedding) for name, embedding in embeddings.items()}
        self._write_json(self.folder.measures_file(model, step), [asdict(measure) for measure in measures])
        arrays = {f"embedding/{name}": array for name, array in stored.items()}
        columns = {name: np.asarray(array) for name, array in (outputs or {}).items()}
        arrays |= {f"output/{name}": array for name, array in columns.items()}
        metadata: dict[str, Any] = {
            "digests": {name: tensors.digest(array) for name, array in stored.items()},
            "output_digests": {name: tensors.digest(array) for name, array in columns.items()},
        }
        if classes is not None:
            metadata["classes"] = classes
        self.folder.write(self.folder.step_file(model, step), tensors.encode(arrays, metadata))

    def supersede_from(self, model: str, step: int) -> list[int]:
        """Move a model's steps >= `step` to `superseded/`: training went back to a checkpoint and writes them anew.

        Their measures go with them, also those computed afterwards. Returns the steps moved, which are no longer
        listed; nothing is deleted.
        """
        steps = self.folder.step_numbers(self.folder.steps(model), ".safetensors")
        moved = [old for old in steps if old >= step]
        if not moved:
            return []
        taken = self.folder.names(self.folder.superseded(), "")
        branch = f"{self.folder.superseded()}/{len(taken):04d}"
        # The last first: if this is interrupted, what is left is still the beginning of one branch.
        for old in reversed(moved):
            for kind, path in (
                ("steps", self.folder.step_file(model, old)),
                ("measures", self.folder.measures_file(model, old)),
                ("measured", self.folder.measured_file(model, old)),
            ):
                if self.folder.exists(path):
                    self.folder.move(path, f"{branch}/{kind}-{path.rsplit('/', 2)[-2]}/{path.rsplit('/', 1)[-1]}")
        return moved

    def _write_json(self, path: str, value: Any) -> None:
        self.folder.write(path, json.dumps(value, indent=1, allow_nan=False).encode())


def is_being_written(run_dir: str | os.PathLike[str]) -> bool:
    """Whether a RunWriter holds the run just now. Not known, so False, on object stores, which have no locks."""
    folder = RunFolder(run_dir)
    if not folder.is_local or not folder.exists(folder.lock_file()):
        return False
    lock = FileLock(folder.lock_file(), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # not ours to lock: whoever writes there, we cannot know
        return False
    lock.release()
    return False


def _split_metadata(metadata: Mapping[str, list[Any]]) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Numeric columns as arrays, all others as text."""
    numeric: dict[str, np.ndarray] = {}
    text: dict[str, list[str]] = {}
    for name, column in metadata.items():
        try:
            array = np.asarray(column)
        except ValueError:  # lists of different lengths (a sample's boxes, say) have no array: text
            array = np.empty(0, object)
        if array.dtype.kind in "biuf" and array.ndim == 1:
            numeric[name] = array
        else:
            text[name] = [str(value) for value in column]
    return numeric, text
