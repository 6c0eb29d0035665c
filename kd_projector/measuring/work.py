"""Measuring one stored step, in a worker process: read once, everything that is wanted of it computed."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
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
from kd_projector.measuring.model_outputs import logits_layer
from kd_projector.measuring.names import DIVERGENCES
from kd_projector.measuring.outputs import measure_columns
from kd_projector.measuring.plan import StepRef, StepTask, Wanted
from kd_projector.projection.threads import one_thread
from kd_projector.store import Measured, MeasureValue, RunReader, StepDigests, StoredStep

_KEPT = 2  # steps kept prepared in a worker: a teacher's, and a model's last, which all its others compare with


@dataclass(frozen=True)
class Outcome:
    """What was measured of a step, and of which contents; a sentence for each thing that could not be measured."""

    measured: tuple[Measured, ...]
    digests: StepDigests
    failures: tuple[str, ...]


@dataclass(frozen=True)
class _Prepared:
    """One step: as stored, its sound layers, a sentence for each other one, its logits (N, C) where they are stored."""

    stored: StoredStep
    layers: dict[str, PreparedLayer]
    failures: tuple[str, ...]
    logits: Tensor | None


def measure_step(task: StepTask) -> Outcome:
    """Compute all that the task wants. Raises StoreError if the step itself cannot be read; whatever else goes wrong
    costs the measures that it concerns."""
    with one_thread():
        return _Measuring(task).outcome()


class _Measuring:
    def __init__(self, task: StepTask) -> None:
        self._task = task
        self._name = f"step {task.of.step} of {task.of.run_dir}/{task.of.model}"
        self._own = _prepared(task.of)
        self._labels = _labels(task.of.run_dir, RunReader(task.of.run_dir).manifest.probe_fingerprint)
        self._failures = dict.fromkeys(self._own.failures)  # in order, each once
        self._others: dict[StepRef, _Prepared] = {}
        for against in dict.fromkeys(wanted.against for wanted in task.wanted if wanted.against is not None):
            try:
                self._others[against] = _kept(against)
            except StoreError as error:
                self._failures[f"{self._name} could not be compared with {against.model!r}: {error}"] = None
            else:
                self._failures |= dict.fromkeys(self._others[against].failures)
        possible = (wanted for wanted in task.wanted if wanted.against is None or wanted.against in self._others)
        self._values: dict[Wanted, list[MeasureValue]] = {wanted: [] for wanted in possible}
        self._broken: set[Wanted] = set()

    def outcome(self) -> Outcome:
        for name in list(self._own.layers):
            # Out of the mapping, so that what is worked out for one layer goes before the next one's.
            layer = {name: self._own.layers.pop(name)}
            self._measure(lambda wanted, layer=layer: self._of_layer(wanted, layer))  # type: ignore[misc]
        self._measure(self._of_outputs)
        measured = tuple(_measured(self._key(wanted), wanted, v) for wanted, v in self._values.items())
        return Outcome(measured, self._own.stored.digests, tuple(self._failures))

    def _measure(self, of: Callable[[Wanted], list[MeasureValue]]) -> None:
        for wanted, values in self._values.items():
            try:
                values += [value for value in of(wanted) if math.isfinite(value.value)]
            except Exception as error:  # whatever one measure stumbles over, the others need not
                self._failures[f"{wanted.measure} of {self._name}: {error}"] = None
                self._broken.add(wanted)

    def _of_layer(self, wanted: Wanted, layer: dict[str, PreparedLayer]) -> list[MeasureValue]:
        """Nothing for measures of outputs: each function of the suite passes over what is not its own."""
        model = self._task.of.model
        if wanted.against is None:
            return measure_layers(layer, self._labels, [wanted.measure], model)
        others = self._others[wanted.against].layers
        if wanted.other_model is None:
            return measure_change(layer, others, [wanted.measure], model)
        return measure_pairs(layer, others, wanted.other_model, [wanted.measure], wanted.other_run, model)

    def _of_outputs(self, wanted: Wanted) -> list[MeasureValue]:
        if CATALOGUE[wanted.measure].scope != "output":
            return []
        other = None if wanted.against is None else self._others[wanted.against]
        if wanted.measure not in DIVERGENCES:
            theirs = None if other is None else other.stored.outputs
            value = measure_columns(wanted.measure, self._own.stored.outputs, self._labels, theirs)
            return [MeasureValue(wanted.measure, value, None, wanted.other_model, None, wanted.other_run)]
        if self._own.logits is None or other is None or other.logits is None or wanted.other_model is None:
            return []
        return measure_outputs(
            self._own.logits,
            None,
            {wanted.other_model: other.logits},
            [wanted.measure],
            wanted.temperature,
            wanted.other_run,
            self._task.of.model,
        )

    def _key(self, wanted: Wanted) -> str:
        """Empty, so that it is tried and named again each time, where something could not be measured."""
        other = None if wanted.against is None else self._others[wanted.against]
        if wanted in self._broken or self._own.failures or (other is not None and other.failures):
            return ""
        labels = None if self._labels is None else self._labels.numpy()
        digests = None if other is None else other.stored.digests
        return key_of(wanted.measure, self._own.stored.digests, digests, labels, wanted.temperature)


def _measured(key: str, wanted: Wanted, values: list[MeasureValue]) -> Measured:
    temperature = wanted.temperature if wanted.measure in DIVERGENCES else None
    return Measured(key, *wanted.what, tuple(values), temperature)


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
