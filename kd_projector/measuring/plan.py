"""What is to be measured of stored runs: what is missing, and what has changed since it was measured."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from kd_projector.errors import StoreError
from kd_projector.jobs.work import absolute_path
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measuring.comparison import Other, compared
from kd_projector.measuring.dependence import key_of
from kd_projector.measuring.names import DIVERGENCES, LAST, PREVIOUS
from kd_projector.store import LayerInfo, Measured, RunReader, StepDigests
from kd_projector.store.other_run import located


@dataclass(frozen=True)
class StepRef:
    """One stored step of one model; `run_dir` absolute."""

    run_dir: str
    model: str
    step: int


@dataclass(frozen=True)
class Wanted:
    """One measure to be computed, of all layers, and against which stored step, if it compares with one.

    other_run, other_model: as they are stored with the values; None for the model's own other steps.
    """

    measure: str
    against: StepRef | None = None
    other_run: str | None = None
    other_model: str | None = None

    @property
    def what(self) -> tuple[str, str | None, str | None]:
        return self.measure, self.other_run, self.other_model


@dataclass(frozen=True)
class StepTask:
    """All that is wanted of one step, so that a worker reads it once."""

    of: StepRef
    wanted: tuple[Wanted, ...]
    temperature: float


@dataclass(frozen=True)
class Plan:
    """tasks: what is to be done. failures: a sentence for each step that cannot be read. notes: what was left out."""

    tasks: tuple[StepTask, ...]
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plan_of(reader: RunReader, others: Sequence[Other], measures: Collection[str], temperature: float) -> Plan:
    """What of `measures` is missing in a run, and what of all that was measured before is out of date.

    others: whom its models are compared with. What the logger computed itself is never computed again.
    """
    return _Planner(reader, others, measures, temperature).plan()


class _Planner:
    def __init__(
        self, reader: RunReader, others: Sequence[Other], measures: Collection[str], temperature: float
    ) -> None:
        self._reader = reader
        self._run_dir = absolute_path(reader.folder.run_dir)
        self._others = others
        self._measures = measures
        self._temperature = temperature
        self._left_out: dict[str, dict[str, None]] = {}  # by reason the measures, each once, in order
        self._digests = cache(self._read_digests)
        self._opened = cache(RunReader)

    @cached_property
    def _labels(self) -> np.ndarray | None:
        return self._reader.probe.labels

    def plan(self) -> Plan:
        tasks: list[StepTask] = []
        failures: list[str] = []
        for model in self._reader.models:
            others = [other for other in self._others if model in compared(self._reader, other)]
            steps = self._reader.steps(model)
            for position, step in enumerate(steps):
                try:
                    wanted = self._missing(model, steps, position, others)
                except StoreError as error:  # a damaged step costs its own measures only
                    failures.append(f"step {step} of {self._reader.folder.run_dir}/{model} was not measured: {error}")
                    continue
                if wanted:
                    tasks.append(StepTask(StepRef(self._run_dir, model, step), tuple(wanted), self._temperature))
        notes = tuple(f"{', '.join(measures)} {why}" for why, measures in self._left_out.items())
        return Plan(tuple(tasks), tuple(failures), notes)

    def _missing(self, model: str, steps: Sequence[int], position: int, others: Sequence[Other]) -> list[Wanted]:
        """What there is to compute of the step at `position`."""
        step = steps[position]
        logged = {(v.measure, v.other_run, v.other_model) for v in self._reader.logged_measures(model, step)}
        there = {measured.what: measured for measured in self._measured(model, step)}
        own = StepRef(self._run_dir, model, step)
        missing = []
        candidates = {wanted.what: wanted for wanted in self._candidates(model, steps, position, others)}
        for measured in there.values():
            again = self._again(measured, model, steps, position)
            if again is not None:
                candidates.setdefault(again.what, again)
        for wanted in candidates.values():
            if wanted.what in logged:
                self._say_at_which_temperature(wanted.measure, model)
                continue
            try:
                against = None if wanted.against is None else self._digests(wanted.against)
            except StoreError as error:
                self._leave_out(wanted.measure, f"of step {step} of {self._name(model)} left out: {error}")
                continue
            key = key_of(wanted.measure, self._digests(own), against, self._labels, self._temperature)
            if wanted.what not in there or there[wanted.what].key != key:
                missing.append(wanted)
        return missing

    def _say_at_which_temperature(self, measure: str, model: str) -> None:
        logged_at = self._reader.manifest.settings.get("temperature", 1.0)
        if measure in DIVERGENCES and logged_at != self._temperature:
            why = f"its logger has them at temperature {logged_at:g}, not {self._temperature:g}."
            self._leave_out(measure, f"of {self._name(model)} left as they are: {why}")

    def _candidates(self, model: str, steps: Sequence[int], position: int, others: Sequence[Other]) -> Iterator[Wanted]:
        """All of the measures asked for that the step can have, whether or not they are there."""
        for name in self._measures:
            described = CATALOGUE[name]
            if described.needs_labels and self._labels is None:
                self._leave_out(name, f"of {self._reader.folder.run_dir} left out: its probe has no labels.")
            elif described.scope == "change":
                yield from self._change(name, model, steps, position)
            elif described.scope == "pair" or described.needs_teacher:
                for other in others:
                    yield from self._comparison(name, model, steps[position], other)
            else:
                yield Wanted(name)

    def _change(self, measure: str, model: str, steps: Sequence[int], position: int) -> Iterator[Wanted]:
        """Nothing at a first step, which has none before it, and for the only step, which is its own last."""
        if measure.endswith(PREVIOUS) and position > 0:
            yield Wanted(measure, StepRef(self._run_dir, model, steps[position - 1]))
        elif measure.endswith(LAST) and len(steps) > 1:
            yield Wanted(measure, StepRef(self._run_dir, model, steps[-1]))

    def _comparison(self, measure: str, model: str, step: int, other: Other) -> Iterator[Wanted]:
        if measure in DIVERGENCES:
            other_name = f"{other.reader.folder.run_dir}/{other.model.name}"
            for layers, name in (
                (self._reader.model(model).layers, self._name(model)),
                (other.model.layers, other_name),
            ):
                if logits_layer(layers) is None:
                    self._leave_out(
                        measure,
                        f"of {self._name(model)} left out: the output layer of {name} is not stored (name it in "
                        f"watch(layers=…) to have its logits).",
                    )
                    return
        ours, theirs = (logits_layer(layers) for layers in (self._reader.model(model).layers, other.model.layers))
        if CATALOGUE[measure].scope == "output" and ours and theirs and ours.dim != theirs.dim:
            why = f"it has {ours.dim} outputs, {other.model.name} has {theirs.dim}."
            self._leave_out(measure, f"of {self._name(model)} left out: {why}")
            return
        try:
            at = other.reader.stored_step(other.model.name, step)
        except StoreError as error:
            self._leave_out(measure, f"of {self._name(model)} left out: {error}")
            return
        against = StepRef(absolute_path(other.reader.folder.run_dir), other.model.name, at)
        yield Wanted(measure, against, other.other_run, other.model.name)

    def _again(self, measured: Measured, model: str, steps: Sequence[int], position: int) -> Wanted | None:
        """What was measured before, as it would be now; None where that cannot be: the other run is gone."""
        if measured.measure not in CATALOGUE:  # a newer version's
            return None
        if measured.other_model is None:
            if CATALOGUE[measured.measure].scope == "change":
                return next(self._change(measured.measure, model, steps, position), None)
            return Wanted(measured.measure)
        try:
            reader = self._reader
            if measured.other_run is not None:
                reader = self._opened(located(self._reader.folder.run_dir, measured.other_run))
            other = Other(reader, reader.model(measured.other_model), measured.other_run)
            return next(self._comparison(measured.measure, model, steps[position], other), None)
        except StoreError:
            return None

    def _measured(self, model: str, step: int) -> list[Measured]:
        """Nothing where the file is damaged: then all of it is missing, and written anew."""
        try:
            return self._reader.measured(model, step)
        except StoreError:
            return []

    def _read_digests(self, ref: StepRef) -> StepDigests:
        reader = self._reader if ref.run_dir == self._run_dir else self._opened(ref.run_dir)
        return reader.digests(ref.model, ref.step)

    def _name(self, model: str) -> str:
        return f"{self._reader.folder.run_dir}/{model}"

    def _leave_out(self, measure: str, why: str) -> None:
        self._left_out.setdefault(why, {})[measure] = None


def logits_layer(layers: Sequence[LayerInfo]) -> LayerInfo | None:
    """The stored layer that holds the model's logits (N, C) as they were; None where there is none."""
    for layer in layers:
        if layer.output and layer.shape == (layer.dim,) and layer.pool in ("mean", "flatten", "cls"):
            return layer
    return None
