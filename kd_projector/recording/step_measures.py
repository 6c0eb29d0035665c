"""StepMeasures: the chosen measures of each captured model, against the teachers as they were last embedded."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.prepared import KnownNeighbours, PreparedLayer, prepare_sound
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs
from kd_projector.probing.capture import Captured
from kd_projector.store.schema import MeasureValue


@dataclass
class Measured:
    """What could be measured of one model at one step, and what went wrong, each thing once."""

    values: list[MeasureValue] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def add(self, measure: Callable[..., list[MeasureValue]], *arguments: object) -> None:
        """The values of `measure(*arguments)`, or its failure."""
        try:
            self.values += [value for value in measure(*arguments) if math.isfinite(value.value)]
        except Exception as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        if not any(str(error) == str(other) for other in self.failures):
            self.failures.append(error)


class StepMeasures:
    """Remembers the teachers, since a static one is embedded once and every later step of a student compares with that,
    and of each model's step before what the measures of change need: for `neighbour_overlap_previous` the neighbours
    (N, 10) of each layer, for `linear_cka_previous` its embedding and what was worked out from it.

    A measure that fails costs no other its value: of a broken layer, the other layers and the outputs are measured.
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
        self._before: dict[str, tuple[weakref.ref[Captured], Mapping[str, PreparedLayer | KnownNeighbours]]] = {}

    def tensors(self) -> list[Tensor]:
        """What is remembered of earlier steps' captures."""
        layers = [*self._teachers.values(), *(layers for _, layers in self._before.values())]
        embeddings = [layer.X for of_model in layers for layer in of_model.values() if isinstance(layer, PreparedLayer)]
        return [*self._logits.values(), *embeddings]

    def of(self, name: str, captured: Captured, is_teacher: bool) -> Measured:
        """Each layer by itself, against each teacher's layers and against itself before; then the outputs.

        A teacher is compared with no teacher; from now on, others are compared with it as it is here.
        """
        measured = Measured()
        if self._of_layers or self._of_pairs or self._of_changes:
            layers, broken = prepare_sound(captured.embeddings, name)
            for error in broken:
                measured.fail(error)
            if is_teacher:
                self._remember_teacher(name, layers if self._of_pairs else {})
            self._measure_layers(measured, name, captured, layers, is_teacher)
        if is_teacher:
            self._logits.pop(name, None)
            if captured.logits is not None and self._of_outputs:
                self._logits[name] = captured.logits
        if captured.logits is not None:
            self._measure_outputs(measured, name, captured.logits, is_teacher)
        return measured

    def _measure_layers(
        self, measured: Measured, name: str, captured: Captured, layers: dict[str, PreparedLayer], is_teacher: bool
    ) -> None:
        measured_before, before = self._before.pop(name, (None, {}))
        if measured_before is not None and measured_before() is captured:
            before = {}  # a static model that could not be written comes again: that is no change
        kept: dict[str, PreparedLayer | KnownNeighbours] = {}
        for layer_name in list(layers):
            # Out of the mapping, so that what is worked out for it goes with it before the next one's.
            layer = layers[layer_name] if is_teacher else layers.pop(layer_name)
            one, labels = {layer_name: layer}, self._labels_on(layer.device)
            for measure in self._of_layers:
                measured.add(measure_layers, one, labels, [measure], name)
            for teacher in self._teachers if not is_teacher else ():
                theirs = self._teacher_on(teacher, layer.device)
                for measure in self._of_pairs:
                    measured.add(measure_pairs, one, theirs, teacher, [measure], None, name)
            for measure in self._of_changes:
                measured.add(measure_change, one, before, [measure], name)
            if "linear_cka_previous" in self._of_changes:
                kept[layer_name] = layer
            elif self._of_changes:
                kept[layer_name] = KnownNeighbours(layer.neighbours, layer.name)
        if kept:
            self._before[name] = weakref.ref(captured), kept

    def _measure_outputs(self, measured: Measured, name: str, logits: Tensor, is_teacher: bool) -> None:
        labels = self._labels_on(logits.device)
        theirs = {} if is_teacher else {teacher: there.to(logits.device) for teacher, there in self._logits.items()}
        for measure in self._of_outputs:
            measured.add(measure_outputs, logits, labels, theirs, [measure], self._temperature, None, name)

    def _labels_on(self, device: torch.device) -> Tensor | None:
        return None if self._labels is None else self._labels.to(device)

    def _remember_teacher(self, name: str, layers: dict[str, PreparedLayer]) -> None:
        self._teachers[name] = layers
        for key in [key for key in self._teachers_elsewhere if key[0] == name]:
            del self._teachers_elsewhere[key]

    def _teacher_on(self, name: str, device: torch.device) -> dict[str, PreparedLayer]:
        """Its layers, on a student's device: brought there once."""
        layers = self._teachers[name]
        if all(layer.device == device for layer in layers.values()):
            return layers
        if (name, device) not in self._teachers_elsewhere:
            self._teachers_elsewhere[name, device] = {
                layer_name: PreparedLayer(layer.X.to(device), layer.name) for layer_name, layer in layers.items()
            }
        return self._teachers_elsewhere[name, device]
