"""What each route answers, as pure functions of readers and parameters. http_api.md says the same in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from kd_projector.errors import StoreError, UsageError
from kd_projector.jobs.plan import default_references
from kd_projector.measures.catalogue import CATALOGUE, GROUPS
from kd_projector.plugin.versions import installed_versions
from kd_projector.projection.methods import METHODS, MODE_NOTES
from kd_projector.projection.request import EmbeddingRef
from kd_projector.store import MeasureValue, ModelInfo, RunReader, tensors
from kd_projector.store.other_run import located, place
from kd_projector.store.sample_history import COLUMNS, SampleHistories, SampleHistory
from kd_projector.version import __version__

Json = dict[str, Any]


def overview(folders: Mapping[str, str]) -> Json:
    """What there is in the runs' `folders`; a run that cannot be read is listed with the reason."""
    readers: dict[str, RunReader] = {}
    errors: dict[str, str] = {}
    for name, folder in folders.items():
        try:
            readers[name] = RunReader(folder)
        except StoreError as error:
            errors[name] = str(error)
    return {
        "version": __version__,
        "versions": dict(installed_versions()),
        "runs": [_run(name, readers[name]) if name in readers else _unreadable(name, errors[name]) for name in folders],
        "methods": [
            {
                "name": method.name,
                "label": method.label,
                "mode": method.default_mode,
                "modes": [{"name": mode, "note": MODE_NOTES[mode]} for mode in method.modes],
                "note": method.note,
                "loss": method.loss,
                "params": dict(method.defaults),
                "dimensions": list(method.dimensions),
            }
            for method in METHODS.values()
            if method.available
        ],
        "references": {
            fingerprint: named(reference, folders)
            for fingerprint, reference in default_references(list(readers.values())).items()
        },
        "measures": {
            measure.name: {key: value for key, value in asdict(measure).items() if key != "name"}
            for measure in CATALOGUE.values()
        },
        "measure_groups": [asdict(group) for group in GROUPS],
    }


def named(embedding: EmbeddingRef, folders: Mapping[str, str]) -> list[str | int]:
    """An embedding as the panel names it: `[run, model, layer, step]`."""
    run = next(name for name, folder in folders.items() if folder == embedding.run_dir)
    return [run, embedding.model, embedding.layer, embedding.step]


def _run(name: str, reader: RunReader) -> Json:
    manifest = reader.manifest
    return {
        "name": name,
        "error": None,
        "fingerprint": manifest.probe_fingerprint,
        "size": manifest.probe_size,
        "created": manifest.created,
        "package_version": manifest.package_version,
        "settings": dict(manifest.settings),
        "warnings": dict(manifest.warnings),
        "revision": reader.revision(),
        "models": [_model(model, reader.steps(model.name)) for model in manifest.models],
    }


def _unreadable(name: str, error: str) -> Json:
    return {
        "name": name,
        "error": error,
        "fingerprint": None,
        "size": 0,
        "created": None,
        "package_version": None,
        "settings": {},
        "warnings": {},
        "revision": 0,
        "models": [],
    }


def _model(model: ModelInfo, steps: Sequence[int]) -> Json:
    return asdict(model) | {"steps": list(steps)}


def probe(reader: RunReader) -> Json:
    """The fixed samples of a run, without their thumbnails' pixels."""
    record = reader.probe
    thumbnails = None
    if record.thumbnails is not None:
        thumbnails = asdict(record.thumbnails) | {"sheets": len(record.thumbnails.sheets)}
    return {
        "fingerprint": record.fingerprint,
        "size": record.size,
        "ids": list(record.ids),
        "labels": None if record.labels is None else record.labels.tolist(),
        "class_names": None if record.class_names is None else list(record.class_names),
        "metadata": {name: [_finite(value) for value in column] for name, column in record.metadata.items()},
        "thumbnails": thumbnails,
    }


def outputs(items: Sequence[tuple[RunReader, str, int]]) -> bytes:
    """Per-sample columns of `(reader, model, step)` items: `<column>/<item>`, integers as int32, others as float32."""
    arrays: dict[str, np.ndarray] = {}
    for i, (reader, model, step) in enumerate(items):
        for name, column in reader.outputs(model, step).items():
            arrays[f"{name}/{i}"] = column.astype(np.int32 if column.dtype.kind in "iu" else np.float32)
    return tensors.encode(arrays)


def sample(reader: RunReader, sample: int, histories: SampleHistories) -> Json:
    """What each model of a run put out for one sample over its steps; a column that no step has is null.

    Raises UsageError if the run's probe has no such sample.
    """
    size = reader.manifest.probe_size
    if not 0 <= sample < size:
        raise UsageError(f"sample={sample} is not one of the probe's {size} samples: they are 0 to {size - 1}.")
    return {model: _history(histories.history(reader, model, sample)) for model in reader.models}


def _history(history: SampleHistory) -> Json:
    return {"steps": list(history.steps)} | {
        name: None if name not in history.columns else [_of_column(name, value) for value in history.columns[name]]
        for name in COLUMNS
    }


def _of_column(name: str, value: np.floating[Any]) -> int | float | None:
    if not np.isfinite(value):
        return None
    return int(value) if name == "prediction" else float(value)


def measures(reader: RunReader, folders: Mapping[str, str]) -> Json:
    """All measures of a run over its steps, by model; `folders` of all listed runs, to call other runs by their names.

    Comparisons with a run that TensorBoard does not list are left out: the panel would know none of its layers.
    """
    names = {place(folder): name for name, folder in folders.items()}
    return {model: _series(reader, model, names) for model in reader.models}


def _series(reader: RunReader, model: str, names: Mapping[str, str]) -> Json:
    steps = reader.steps(model)
    values: dict[MeasureValue, list[float | None]] = {}
    for position, step in enumerate(steps):
        for value in _measures_or_none(reader, model, step):
            values.setdefault(value.what, [None] * len(steps))[position] = _finite(value.value)
    places = {what.other_run: None for what in values if what.other_run is not None}
    other_runs = {run: names.get(located(reader.folder.run_dir, run)) for run in places}
    return {
        "steps": steps,
        "series": [
            {
                "measure": what.measure,
                "layer": what.layer,
                "other_run": what.other_run and other_runs[what.other_run],
                "other_model": what.other_model,
                "other_layer": what.other_layer,
                "values": column,
            }
            for what, column in values.items()
            if what.other_run is None or other_runs[what.other_run] is not None
        ],
    }


def _measures_or_none(reader: RunReader, model: str, step: int) -> list[MeasureValue]:
    """A damaged file is a gap in the curves, not the end of them."""
    try:
        return reader.measures(model, step)
    except StoreError:
        return []


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: null stands for them."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
