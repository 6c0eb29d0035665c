"""Measuring one stored step, in a worker process: read once, everything that is wanted of it computed."""

from __future__ import annotations

import math
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from kd_projector.errors import StoreError
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.prepared import PreparedLayer, prepare_sound
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs
from kd_projector.measuring.dependence import key_of
from kd_projector.measuring.names import DIVERGENCES
from kd_projector.measuring.outputs import measure_columns
from kd_projector.measuring.plan import StepRef, StepTask, Wanted, logits_layer
from kd_projector.projection.threads import one_thread
from kd_projector.store import Measured, MeasureValue, RunReader, StepDigests, StoredStep

_KEPT = 2  # steps kept prepared in a worker: a teacher's, and a model's last, which all its others compare with


@dataclass(frozen=True)
class Outcome:
    """What was measured of a step, and of which contents; a sentence for each layer that cannot be measured."""

    measured: tuple[Measured, ...]
    digests: StepDigests
    failures: tuple[str, ...]


@dataclass(frozen=True)
class _Prepared:
    stored: StoredStep
    layers: dict[str, PreparedLayer]
    failures: tuple[str, ...]
    logits: Tensor | None


def measure_step(task: StepTask) -> Outcome:
    """Compute all that the task wants. Raises StoreError if a step cannot be read, UsageError if it makes no sense."""
    with one_thread():
        own = _prepared(task.of)
        labels = _labels(task.of.run_dir, RunReader(task.of.run_dir).manifest.probe_fingerprint)
        failures = list(own.failures)
        measured: list[Measured] = []
        by_side: dict[StepRef | None, list[Wanted]] = defaultdict(list)
        for wanted in task.wanted:
            by_side[wanted.against].append(wanted)
        for against, of_side in by_side.items():
            other = None if against is None else _kept(against)
            values = _values(own, other, of_side, labels, task.temperature)
            if other is not None and task.of != against:
                failures += other.failures
            # A layer that cannot be measured is tried, and named, each time: its measures are never up to date.
            sound = not own.failures and not (other and other.failures)
            for wanted in of_side:
                digests = None if other is None else other.stored.digests
                numbers = None if labels is None else labels.numpy()
                key = key_of(wanted.measure, own.stored.digests, digests, numbers, task.temperature) if sound else ""
                fitting = tuple(v for v in values if (v.measure, v.other_run, v.other_model) == wanted.what)
                measured.append(Measured(key, *wanted.what, fitting))
        return Outcome(tuple(measured), own.stored.digests, tuple(dict.fromkeys(failures)))


def _values(
    own: _Prepared, other: _Prepared | None, wanted: Sequence[Wanted], labels: Tensor | None, temperature: float
) -> list[MeasureValue]:
    """The values of measures that all compare with the same step, or with none."""
    names = [one.measure for one in wanted]
    run, model = wanted[0].other_run, wanted[0].other_model
    values: list[MeasureValue] = []
    if other is None:
        values += measure_layers(own.layers, labels, names)
    elif model is None:
        values += measure_change(own.layers, other.layers, names)
    else:
        values += measure_pairs(own.layers, other.layers, model, names, run)
        divergences = [name for name in names if name in DIVERGENCES]
        if divergences and own.logits is not None and other.logits is not None:
            values += measure_outputs(own.logits, None, {model: other.logits}, divergences, temperature, run)
    for name in names:
        if CATALOGUE[name].scope == "output" and name not in DIVERGENCES:
            columns = measure_columns(name, own.stored.outputs, labels, None if other is None else other.stored.outputs)
            values.append(MeasureValue(name, columns, None, model, None, run))
    return [value for value in values if math.isfinite(value.value)]


_cache: OrderedDict[tuple[StepRef, str], _Prepared] = OrderedDict()


def _kept(ref: StepRef) -> _Prepared:
    """`_prepared`, kept for the next tasks as long as the step's contents are the same."""
    digests = RunReader(ref.run_dir).digests(ref.model, ref.step)
    key = ref, repr(digests)
    if key not in _cache:
        _cache[key] = _prepared(ref)
    _cache.move_to_end(key)
    while len(_cache) > _KEPT:
        _cache.popitem(last=False)
    return _cache[key]


def _prepared(ref: StepRef) -> _Prepared:
    reader = RunReader(ref.run_dir)
    stored = reader.stored(ref.model, ref.step)
    model = reader.model(ref.model)
    order = [layer.name for layer in model.layers if layer.name in stored.embeddings]
    # The store's float16 as float32: what RunReader.embedding gives, and what all kernels are fast in.
    tensors = {name: torch.from_numpy(stored.embeddings[name].astype(np.float32)) for name in order}
    layers, errors = prepare_sound(tensors, ref.model)
    logits = logits_layer(model.layers)
    sound = layers.get(logits.name) if logits is not None else None
    failures = tuple(f"step {ref.step} of {ref.run_dir}/{ref.model}: {error}" for error in errors)
    return _Prepared(stored, layers, failures, None if sound is None else sound.X)


@lru_cache(maxsize=4)
def _labels(run_dir: str, fingerprint: str) -> Tensor | None:
    """The probe's labels (N,) int64; a run with another fingerprint has another probe."""
    labels = RunReader(run_dir).probe.labels
    if labels is not None and labels.dtype.kind not in "iu":
        raise StoreError(f"The probe of {run_dir} has labels of type {labels.dtype}: they have to be whole numbers.")
    return None if labels is None else torch.from_numpy(np.asarray(labels, np.int64))
