"""RunReader: read a run, also while it is being written. Each call looks at the disk; what never changes is kept."""

from __future__ import annotations

import bisect
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from kd_projector.errors import StoreError
from kd_projector.store import tensors
from kd_projector.store.layout import RunFolder
from kd_projector.store.measured import Measured, read_measured
from kd_projector.store.schema import (
    Manifest,
    MeasureValue,
    ModelInfo,
    ProbeRecord,
    StepDigests,
    StoredStep,
    Thumbnails,
)


class RunReader:
    """Read access to one run.

    Raises StoreError when there is no kd_projector data in `run_dir` or a newer version wrote it.
    """

    def __init__(self, run_dir: str | os.PathLike[str]) -> None:
        self.folder = RunFolder(run_dir)
        self._probe: ProbeRecord | None = None
        self.manifest = self._read_manifest()

    @staticmethod
    def is_run(run_dir: str | os.PathLike[str]) -> bool:
        """Whether `run_dir` holds kd_projector data (of whatever schema)."""
        folder = RunFolder(run_dir)
        return folder.exists(folder.manifest())

    def refresh(self) -> None:
        """Read the manifest again: a model may have been added since."""
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        path = self.folder.manifest()
        try:
            data = json.loads(self.folder.read(path))
        except FileNotFoundError:
            raise StoreError(
                f"There is no kd_projector data in {self.folder.run_dir} (no {path}): give the folder of a run that "
                f"DistillationLogger wrote."
            ) from None
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error}.") from error
        except ValueError as error:
            raise StoreError(f"{path} is damaged: {error}.") from error
        return Manifest.from_json(data, path)

    @property
    def models(self) -> list[str]:
        return [model.name for model in self.manifest.models]

    def model(self, name: str) -> ModelInfo:
        for model in self.manifest.models:
            if model.name == name:
                return model
        raise StoreError(f"No model {name!r} in {self.folder.run_dir}; it has {', '.join(self.models)}.")

    def layers(self, model: str) -> list[str]:
        return [layer.name for layer in self.model(model).layers]

    def steps(self, model: str) -> list[int]:
        """The steps at which `model` was embedded, ascending; each is complete on disk."""
        self.model(model)
        return self.folder.step_numbers(self.folder.steps(model), ".safetensors")

    def revision(self) -> int:
        """How often training went back to a checkpoint: what was read at a lower revision may be superseded."""
        return len(self.folder.names(self.folder.superseded(), ""))

    def stored_step(self, model: str, step: int) -> int:
        """The stored step that shows `model` at `step`: the last one not after it, else the first."""
        steps = self.steps(model)
        if not steps:
            raise StoreError(f"Model {model!r} in {self.folder.run_dir} has no embedded step yet.")
        return steps[max(bisect.bisect_right(steps, step) - 1, 0)]

    def embedding(self, model: str, layer: str, step: int) -> np.ndarray:
        """The embedding (N, D) float32 of the probe at `layer` of `model` at exactly `step`."""
        self._require_layer(model, layer)
        arrays = self._step_arrays(model, step)
        if f"embedding/{layer}" not in arrays:
            raise self._without_layer(model, layer, step)
        return arrays[f"embedding/{layer}"].astype(np.float32)

    def stored(self, model: str, step: int) -> StoredStep:
        """All that a step was stored with, in one reading of its file."""
        with self._step_file(model, step) as path:
            arrays, metadata = tensors.decode(self.folder.read(path), path)
        return StoredStep(
            {name.removeprefix("embedding/"): a for name, a in arrays.items() if name.startswith("embedding/")},
            {name.removeprefix("output/"): a for name, a in arrays.items() if name.startswith("output/")},
            StepDigests.of(metadata),
        )

    def outputs(self, model: str, step: int) -> dict[str, np.ndarray]:
        """Per-sample columns, each (N,): prediction, confidence, entropy, loss, as far as they were logged."""
        arrays = self._step_arrays(model, step)
        return {name.removeprefix("output/"): array for name, array in arrays.items() if name.startswith("output/")}

    def digest(self, model: str, layer: str, step: int) -> str:
        """What identifies the stored embedding, read from the file's header alone."""
        self._require_layer(model, layer)
        digests = self.digests(model, step).layers
        if layer not in digests:
            raise self._without_layer(model, layer, step)
        return digests[layer]

    def digests(self, model: str, step: int) -> StepDigests:
        """What identifies all that the step was stored with, read from the file's header alone."""
        self.model(model)
        with self._step_file(model, step) as path:
            return StepDigests.of(tensors.read_metadata(self.folder, path))

    def classes(self, model: str, step: int) -> int | None:
        """How many classes the model tells apart, read from the file's header alone; None where that is not stored."""
        self.model(model)
        with self._step_file(model, step) as path:
            classes = tensors.read_metadata(self.folder, path).get("classes")
        return classes if isinstance(classes, int) else None

    def measures(self, model: str, step: int) -> list[MeasureValue]:
        """The measures of a step, those of the logger, then those computed afterwards that it has not.

        Empty if there are none. Raises StoreError if a file of them is damaged.
        """
        logged = self.logged_measures(model, step)
        there = {value.what for value in logged}
        afterwards = [value for measured in self.measured(model, step) for value in measured.values]
        return logged + [value for value in afterwards if value.what not in there]

    def measured(self, model: str, step: int) -> list[Measured]:
        """What `kd-projector measure` has stored for a step. Raises StoreError if that file is damaged."""
        self.model(model)
        return read_measured(self.folder, model, step)

    def logged_measures(self, model: str, step: int) -> list[MeasureValue]:
        """The measures that the logger stored with a step. Raises StoreError if their file is damaged."""
        self.model(model)
        try:
            values: list[dict[str, Any]] = json.loads(self.folder.read(self.folder.measures_file(model, step)))
            return [MeasureValue(**value) for value in values]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            path = self.folder.measures_file(model, step)
            raise StoreError(
                f"{path} is damaged: {error}. Delete it; the rest of the run can still be read."
            ) from error

    @property
    def probe(self) -> ProbeRecord:
        """The fixed samples. They never change within a run, so they are read once."""
        if self._probe is None:
            try:
                self._probe = self._read_probe()
            except (OSError, ValueError, KeyError, TypeError) as error:
                path = self.folder.probe_json()
                raise StoreError(f"The probe of {self.folder.run_dir} ({path}) cannot be read: {error!r}.") from error
        return self._probe

    def thumbnail_sheet(self, sheet: int) -> bytes:
        """One sprite sheet, WebP."""
        thumbnails = self.probe.thumbnails
        if thumbnails is None or not 0 <= sheet < len(thumbnails.sheets):
            raise StoreError(f"No thumbnail sheet {sheet} in {self.folder.run_dir}.")
        return thumbnails.sheets[sheet]

    def _read_probe(self) -> ProbeRecord:
        data = json.loads(self.folder.read(self.folder.probe_json()))
        arrays, _ = tensors.decode(self.folder.read(self.folder.probe_tensors()), self.folder.probe_tensors())
        columns: dict[str, list[Any]] = dict(data["metadata"])
        columns |= {
            name.removeprefix("metadata/"): array.tolist()
            for name, array in arrays.items()
            if name.startswith("metadata/")
        }
        thumbnails = data["thumbnails"]
        if thumbnails is not None:
            sheets = tuple(self.folder.read(self.folder.thumbnails(i)) for i in range(thumbnails["sheets"]))
            thumbnails = Thumbnails(**(thumbnails | {"sheets": sheets}))
        return ProbeRecord(
            fingerprint=data["fingerprint"],
            ids=tuple(data["ids"]),
            labels=arrays.get("labels"),
            class_names=tuple(data["class_names"]) if data["class_names"] is not None else None,
            metadata={name: columns[name] for name in data["metadata_order"]},
            thumbnails=thumbnails,
        )

    def _without_layer(self, model: str, layer: str, step: int) -> StoreError:
        return StoreError(
            f"Step {step} of model {model!r} in {self.folder.run_dir} was stored without layer {layer!r}."
        )

    def _require_layer(self, model: str, layer: str) -> None:
        if layer not in self.layers(model):
            raise StoreError(
                f"No layer {layer!r} of model {model!r} in {self.folder.run_dir}; it has "
                f"{', '.join(self.layers(model))}."
            )

    @contextmanager
    def _step_file(self, model: str, step: int) -> Iterator[str]:
        """The path of a step's file, to be read inside; it may go at any moment, superseded or deleted by the user."""
        try:
            yield self.folder.step_file(model, step)
        except (FileNotFoundError, NotADirectoryError):
            raise StoreError(f"Model {model!r} in {self.folder.run_dir} was not embedded at step {step}.") from None

    def _step_arrays(self, model: str, step: int) -> dict[str, np.ndarray]:
        with self._step_file(model, step) as path:
            return tensors.decode(self.folder.read(path), path)[0]
