"""What is to be measured of stored runs: what is missing, and what has changed since it was measured."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from kd_projector.errors import StoreError
from kd_projector.jobs.work import absolute_path
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measuring.comparison import Other, compared
from kd_projector.measuring.dependence import key_of
from kd_projector.measuring.logged import places_by_what, possible_places
from kd_projector.measuring.model_outputs import outputs_of, why_not_comparable
from kd_projector.measuring.names import DIVERGENCES, LAST, PREVIOUS
from kd_projector.store import Measured, RunReader, StepDigests
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

    other_run, other_model: as they are stored with the values; None for the model's own other steps. temperature: of a
    divergence; no other measure heeds it.
    """

    measure: str
    against: StepRef | None = None
    other_run: str | None = None
    other_model: str | None = None
    temperature: float = 1.0

    @property
    def what(self) -> tuple[str, str | None, str | None]:
        return self.measure, self.other_run, self.other_model


@dataclass(frozen=True)
class StepTask:
    """All that is wanted of one step, so that a worker reads it once."""

    of: StepRef
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True)
class Plan:
    """tasks: what is to be done. failures: a sentence for each step that cannot be read.

    notes: what was left out, or is at another temperature than before.
    """

    tasks: tuple[StepTask, ...]
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plan_of(reader: RunReader, others: Sequence[Other], measures: Collection[str], temperature: float | None) -> Plan:
    """What of `measures` is missing in a run, and what of all that was measured before is out of date.

    others: whom its models are compared with. What the logger has of all layers is never computed again.
    temperature: of those of `measures` that are divergences; None: each at that at which it was measured before, the
    first time at that of the run's logger. What is not among `measures` stays at its own.
    """
    return _Planner(reader, others, measures, temperature).plan()


class _Planner:
    def __init__(
        self, reader: RunReader, others: Sequence[Other], measures: Collection[str], temperature: float | None
    ) -> None:
        self._reader = reader
        self._run_dir = absolute_path(reader.folder.run_dir)
        self._others = others
        self._measures = measures
        self._temperature = temperature
        self._said: dict[str, dict[str, None]] = {}  # by sentence the measures, each once, in order
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
                    tasks.append(StepTask(StepRef(self._run_dir, model, step), tuple(wanted)))
        notes = tuple(f"{', '.join(measures)} {why}" for why, measures in self._said.items())
        return Plan(tuple(tasks), tuple(failures), notes)

    def _missing(self, model: str, steps: Sequence[int], position: int, others: Sequence[Other]) -> list[Wanted]:
        """What there is to compute of the step at `position`."""
        step = steps[position]
        logged = places_by_what(self._reader.logged_measures(model, step))
        there = {measured.what: measured for measured in self._measured(model, step)}
        own = StepRef(self._run_dir, model, step)
        missing = []
        candidates = {wanted.what: wanted for wanted in self._candidates(model, steps, position, others)}
        for measured in there.values():
            again = self._again(measured, model, steps, position)
            if again is not None:
                candidates.setdefault(again.what, again)
        for candidate in candidates.values():
            wanted = self._at_its_temperature(candidate, there.get(candidate.what))
            try:
                against = None if wanted.against is None else self._digests(wanted.against)
            except StoreError as error:
                if wanted.what not in logged:
                    self._say(wanted.measure, f"of step {step} of {self._name(model)} left out: {error}")
                continue
            if possible_places(wanted.measure, self._digests(own), against) <= logged.get(wanted.what, set()):
                self._say_at_which_temperature(wanted, model)
                continue
            key = key_of(wanted.measure, self._digests(own), against, self._labels, wanted.temperature)
            if wanted.what not in there or there[wanted.what].key != key:
                missing.append(wanted)
                self._say_if_temperature_changes(wanted, there.get(wanted.what), model)
        return missing

    @property
    def _logged_temperature(self) -> float:
        return float(self._reader.manifest.settings.get("temperature", 1.0))

    def _at_its_temperature(self, wanted: Wanted, before: Measured | None) -> Wanted:
        if wanted.measure not in DIVERGENCES:
            return wanted
        if self._temperature is not None and wanted.measure in self._measures:
            return replace(wanted, temperature=self._temperature)
        of_before = None if before is None else before.temperature
        return replace(wanted, temperature=self._logged_temperature if of_before is None else of_before)

    def _say_at_which_temperature(self, wanted: Wanted, model: str) -> None:
        logged_at = self._logged_temperature
        if wanted.measure in DIVERGENCES and logged_at != wanted.temperature:
            why = f"its logger has them at temperature {logged_at:g}, not {wanted.temperature:g}."
            self._say(wanted.measure, f"of {self._name(model)} left as they are: {why}")

    def _say_if_temperature_changes(self, wanted: Wanted, before: Measured | None, model: str) -> None:
        if before is not None and before.temperature not in (None, wanted.temperature):
            now = f"computed anew at temperature {wanted.temperature:g}, before at {before.temperature:g}."
            self._say(wanted.measure, f"of {self._name(model)} {now}")

    def _candidates(self, model: str, steps: Sequence[int], position: int, others: Sequence[Other]) -> Iterator[Wanted]:
        """All of the measures asked for that the step can have, whether or not they are there."""
        for name in self._measures:
            described = CATALOGUE[name]
            if described.needs_labels and self._labels is None:
                self._say(name, f"of {self._reader.folder.run_dir} left out: its probe has no labels.")
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
        try:
            at = other.reader.stored_step(other.model.name, step)
            theirs = outputs_of(other.reader, other.model.name, at) if CATALOGUE[measure].scope == "output" else None
        except StoreError as error:
            self._say(measure, f"of {self._name(model)} left out: {error}")
            return
        if theirs is not None:
            why = why_not_comparable(measure, outputs_of(self._reader, model, step), theirs)
            if why is not None:
                self._say(measure, f"of {self._name(model)} left out: {why}")
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

    def _say(self, measure: str, why: str) -> None:
        self._said.setdefault(why, {})[measure] = None
