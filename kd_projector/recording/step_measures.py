"""StepMeasures: the default measures of each captured model, against the teachers as they were last embedded."""

from __future__ import annotations

import math
from collections.abc import Mapping

from torch import Tensor

from kd_projector.measures.suite import PreparedLayer, measure_layers, measure_outputs, measure_pairs, prepare
from kd_projector.probing.capture import Captured
from kd_projector.store.schema import MeasureValue


class StepMeasures:
    """Remembers the teachers: a static one is embedded once, and each later step of a student compares with that."""

    def __init__(self, labels: Tensor | None) -> None:
        self._labels = labels
        self._layers: dict[str, dict[str, PreparedLayer]] = {}
        self._logits: dict[str, Tensor] = {}

    def remember_teacher(self, name: str, captured: Captured) -> None:
        """`captured` is what the teacher `name` is compared by from now on."""
        self._layers[name] = prepare(captured.embeddings)
        self._logits.pop(name, None)
        if captured.logits is not None:
            self._logits[name] = captured.logits

    def teacher_tensors(self) -> list[Tensor]:
        return [*self._logits.values(), *(layer.X for layers in self._layers.values() for layer in layers.values())]

    def of(self, name: str, captured: Captured) -> list[MeasureValue]:
        """Each layer by itself and, unless `name` is a teacher, against each teacher's layers; then the outputs."""
        is_teacher = name in self._layers
        layers: Mapping[str, Tensor | PreparedLayer] = (
            self._layers[name] if is_teacher else prepare(captured.embeddings)
        )
        any_tensor = next(iter(captured.embeddings.values()))
        labels = None if self._labels is None else self._labels.to(any_tensor.device)
        values = measure_layers(layers, labels)
        if not is_teacher:
            for teacher, theirs in self._layers.items():
                here = {layer: _on(any_tensor, prepared) for layer, prepared in theirs.items()}
                values += measure_pairs(layers, here, teacher)
        if captured.logits is not None:
            theirs_here = {
                teacher: logits.to(any_tensor.device) for teacher, logits in self._logits.items() if not is_teacher
            }
            values += measure_outputs(captured.logits, labels, theirs_here)
        return [value for value in values if math.isfinite(value.value)]


def _on(tensor: Tensor, layer: PreparedLayer) -> PreparedLayer:
    return layer if layer.X.device == tensor.device else PreparedLayer(layer.X.to(tensor.device))
