"""StepMeasures: the chosen measures of each captured model, against the teachers as they were last embedded."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from torch import Tensor

from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.prepared import KnownNeighbours, PreparedLayer, prepare_sound
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs
from kd_projector.probing.capture import Captured
from kd_projector.store.schema import MeasureValue

Result = TypeVar("Result")


@dataclass
class StepOutcome:
    """What could be measured of one model at one step, and what went wrong, each thing once."""

    values: list[MeasureValue] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def add(self, measure: Callable[..., list[MeasureValue]], *arguments: object) -> None:
        """The values of `measure(*arguments)`, or its failure."""
        found = self.attempt(measure, *arguments)
        self.values += [value for value in found or () if math.isfinite(value.value)]

    def attempt(self, work: Callable[..., Result], *arguments: object) -> Result | None:
        """`work(*arguments)`; None where that raised, which is then a failure of this step."""
        try:
            return work(*arguments)
        except Exception as error:
            self.fail(error)
            return None

    def fail(self, error: Exception) -> None:
        # Where memory ran out, the tensors of the calls that failed must not live as long as the error does.
        traceback.clear_frames(error.__traceback__)
        if not any(str(error) == str(other) for other in self.failures):
            self.failures.append(error)


class StepMeasures:
    """Remembers the teachers, since a static one is embedded once and every later step of a student compares with that,
    and of each model's last written step what the measures of change need: for `neighbour_overlap_previous` the
    neighbours (N, 10) of each layer, for `linear_cka_previous` its embedding and what was worked out from it.

    A measure that fails costs no other its value, and so does whatever has to be ready for it (memory, a transfer): of
    a broken layer, the other layers and the outputs are measured.
    """

    def __init__(self, labels: Tensor | None, chosen: Collection[str], temperature: float) -> None:
        self._labels = labels
        self._temperature = temperature
        self._of_outputs, self._of_layers, self._of_pairs, self._of_changes = (
            [name for name in chosen if CATALOGUE[name].scope == scope]
            for scope in ("output", "layer", "pair", "change")
        )
        self._teachers: dict[str, dict[str, PreparedLayer]] = {}
        self._teachers_elsewhere: dict[tuple[str, torch.device], dict[str, PreparedLayer]] = {}
        self._logits: dict[str, Tensor] = {}
        self._before: dict[str, dict[str, PreparedLayer | KnownNeighbours]] = {}
        self._unwritten: dict[str, dict[str, PreparedLayer | KnownNeighbours]] = {}

    def tensors(self) -> list[Tensor]:
        """What is remembered of earlier steps' captures."""
        layers: list[Mapping[str, PreparedLayer | KnownNeighbours]] = [*self._teachers.values(), *self._before.values()]
        embeddings = [layer.X for of_model in layers for layer in of_model.values() if isinstance(layer, PreparedLayer)]
        return [*self._logits.values(), *embeddings]

    def of(self, name: str, captured: Captured, is_teacher: bool) -> StepOutcome:
        """Each layer by itself, against each teacher's layers and against itself before; then the outputs.

        A teacher is compared with no teacher; from now on, others are compared with it as it is here. A later step of
        this model is compared with it as it is here once `written` says that this one is in the store.
        """
        outcome = StepOutcome()
        self._unwritten.pop(name, None)
        if self._of_layers or self._of_pairs or self._of_changes:
            layers, broken = prepare_sound(captured.embeddings, name)
            for error in broken:
                outcome.fail(error)
            if is_teacher:
                self._remember_teacher(name, layers if self._of_pairs else {})
            self._measure_layers(outcome, name, layers, is_teacher)
        if is_teacher:
            self._logits.pop(name, None)
            if captured.logits is not None and self._of_outputs:
                self._logits[name] = captured.logits
        if captured.logits is not None:
            self._measure_outputs(outcome, name, captured.logits, is_teacher)
        return outcome

    def written(self, name: str) -> None:
        """The step of which `of` was asked last is in the store: it is what this model's next one comes after."""
        self._before[name] = self._unwritten.pop(name, {})

    def _measure_layers(
        self, outcome: StepOutcome, name: str, layers: dict[str, PreparedLayer], is_teacher: bool
    ) -> None:
        before = self._before.get(name, {})
        kept: dict[str, PreparedLayer | KnownNeighbours] = {}
        for layer_name in list(layers):
            # Out of the mapping, so that what is worked out for it goes with it before the next one's.
            layer = layers[layer_name] if is_teacher else layers.pop(layer_name)
            one, labels = {layer_name: layer}, outcome.attempt(self._labels_on, layer.device)
            for measure in self._of_layers:
                outcome.add(measure_layers, one, labels, [measure], name)
            for teacher in self._teachers if self._of_pairs and not is_teacher else ():
                theirs = outcome.attempt(self._teacher_on, teacher, layer.device)
                for measure in self._of_pairs if theirs is not None else ():
                    outcome.add(measure_pairs, one, theirs, teacher, [measure], None, name)
            for measure in self._of_changes:
                outcome.add(measure_change, one, before, [measure], name)
            to_keep = outcome.attempt(self._to_keep, layer) if self._of_changes else None
            if to_keep is not None:
                kept[layer_name] = to_keep
        if self._of_changes:
            self._unwritten[name] = kept

    def _to_keep(self, layer: PreparedLayer) -> PreparedLayer | KnownNeighbours:
        if "linear_cka_previous" in self._of_changes:
            return layer
        return KnownNeighbours(layer.neighbours, layer.name)

    def _measure_outputs(self, outcome: StepOutcome, name: str, logits: Tensor, is_teacher: bool) -> None:
        labels = outcome.attempt(self._labels_on, logits.device)
        theirs = {}
        for teacher, there in self._logits.items() if not is_teacher else ():
            here = outcome.attempt(_brought, there, logits.device)
            if here is not None:
                theirs[teacher] = here
        for measure in self._of_outputs:
            outcome.add(measure_outputs, logits, labels, theirs, [measure], self._temperature, None, name)

    def _labels_on(self, device: torch.device) -> Tensor | None:
        return None if self._labels is None else _brought(self._labels, device)

    def _remember_teacher(self, name: str, layers: dict[str, PreparedLayer]) -> None:
        self._teachers[name] = layers
        for key in [key for key in self._teachers_elsewhere if key[0] == name]:
            del self._teachers_elsewhere[key]

    def _teacher_on(self, name: str, device: torch.device) -> dict[str, PreparedLayer]:
        """Its layers, on a student's device: brought there once."""
        layers = self._teachers[name]
        if all(_is_on(layer, device) for layer in layers.values()):
            return layers
        if (name, device) not in self._teachers_elsewhere:
            self._teachers_elsewhere[name, device] = {
                layer_name: PreparedLayer(_brought(layer.X, device), layer.name) for layer_name, layer in layers.items()
            }
        return self._teachers_elsewhere[name, device]


def _brought(tensor: Tensor, device: torch.device) -> Tensor:
    return tensor.to(device)


def _is_on(layer: PreparedLayer, device: torch.device) -> bool:
    return layer.device == device
