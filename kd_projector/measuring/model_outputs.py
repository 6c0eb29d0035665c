"""What is stored of a model's outputs, and whether two models' can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kd_projector.measuring.names import DIVERGENCES
from kd_projector.store import LayerInfo, RunReader


@dataclass(frozen=True)
class ModelOutputs:
    """name: the model's, with its run. classes: how many outputs it has, None where that is not known."""

    name: str
    classes: int | None
    has_logits: bool


def outputs_of(reader: RunReader, model: str, step: int) -> ModelOutputs:
    """Raises StoreError if the step cannot be read."""
    layer = logits_layer(reader.model(model).layers)
    classes = reader.classes(model, step) if layer is None else layer.dim
    return ModelOutputs(f"{reader.folder.run_dir}/{model}", classes, layer is not None)


def why_not_comparable(measure: str, ours: ModelOutputs, theirs: ModelOutputs) -> str | None:
    """The end of a sentence; None where `measure` can be computed."""
    for one in (ours, theirs):
        if measure in DIVERGENCES and not one.has_logits:
            return f"the output layer of {one.name} is not stored (name it in watch(layers=…) to have its logits)."
        if one.classes is None:
            return f"how many outputs {one.name} has is not known (its output layer is not stored)."
    if ours.classes != theirs.classes:
        return f"it has {ours.classes} outputs, {theirs.name} has {theirs.classes}."
    return None


def logits_layer(layers: Sequence[LayerInfo]) -> LayerInfo | None:
    """The stored layer that holds the model's logits (N, C) as they were; None where there is none."""
    for layer in layers:
        if layer.output and layer.shape == (layer.dim,) and layer.pool in ("mean", "flatten", "cls"):
            return layer
    return None
