"""The default measures of one due step, as the values that the store keeps.

Pure functions of tensors on any device, safe on a background thread: no global state is read or changed. What is
undefined (nan: no labels to speak of, a collapsed layer) is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.agreement import accuracy, are_class_indices, kl_divergence, top1_agreement
from kd_projector.measures.compactness import scatter_ratio, silhouette
from kd_projector.measures.inputs import as_double, integer_labels, same_samples
from kd_projector.measures.neighbours import accuracy_of_vote, nearest_neighbours, shared_neighbours
from kd_projector.measures.similarity import CentredEmbedding
from kd_projector.store.schema import MeasureValue


@dataclass(frozen=True, eq=False)
class PreparedLayer:
    """One layer's embedding (N, D), with what several measures need of it, worked out once on first use."""

    X: Tensor

    @cached_property
    def neighbours(self) -> Tensor:
        """(N, k) int64."""
        return nearest_neighbours(self.X)

    @cached_property
    def centred(self) -> CentredEmbedding:
        return CentredEmbedding.of(self.X)


def prepare(embeddings: Mapping[str, Tensor | PreparedLayer]) -> dict[str, PreparedLayer]:
    """Layers (N, D) that may be given to `measure_layers` and `measure_pairs` in place of tensors.

    Worth it where a layer is measured more than once: the step's own layers (by themselves, then against each teacher)
    and a frozen teacher's (at every step). Layers that are prepared already stay as they are.
    Raises UsageError, naming the layer, unless each is an (N, D) tensor of finite numbers.
    """
    return {
        name: layer if isinstance(layer, PreparedLayer) else PreparedLayer(as_double(layer, f"Layer {name!r}"))
        for name, layer in embeddings.items()
    }


def measure_layers(embeddings: Mapping[str, Tensor | PreparedLayer], labels: Tensor | None) -> list[MeasureValue]:
    """kNN accuracy, silhouette and scatter ratio of each layer; nothing without labels.

    embeddings: by layer, each (N, D); labels: (N,) integers. Raises UsageError, naming the layer, for NaN or infinity.
    """
    if labels is None:
        return []
    values = []
    for name, layer in prepare(embeddings).items():
        classes = integer_labels(labels, layer.X)
        values += [
            MeasureValue("knn_accuracy", accuracy_of_vote(layer.neighbours, classes), name),
            MeasureValue("silhouette", silhouette(layer.X, classes), name),
            MeasureValue("scatter_ratio", scatter_ratio(layer.X, classes), name),
        ]
    return _defined(values)


def measure_pairs(
    embeddings: Mapping[str, Tensor | PreparedLayer],
    other_embeddings: Mapping[str, Tensor | PreparedLayer],
    other_model: str,
) -> list[MeasureValue]:
    """Linear CKA and 10-NN overlap of every layer with every layer of `other_model`, on the same samples.

    embeddings, other_embeddings: by layer, each (N, D), on one device. Raises UsageError, naming the layer, for NaN or
    infinity, and where the numbers of samples or the devices differ.
    """
    values = []
    others = prepare(other_embeddings)
    for name, layer in prepare(embeddings).items():
        for other_name, other in others.items():
            _require_same_place(layer.X, other.X, name, f"{other_model}/{other_name}")
            overlap = float(shared_neighbours(layer.neighbours, other.neighbours).mean())
            cka = layer.centred.linear_cka(other.centred)
            values += [
                MeasureValue("linear_cka", cka, name, other_model, other_name),
                MeasureValue("neighbour_overlap", overlap, name, other_model, other_name),
            ]
    return _defined(values)


def measure_outputs(logits: Tensor, labels: Tensor | None, teacher_logits: Mapping[str, Tensor]) -> list[MeasureValue]:
    """Accuracy, and top-1 agreement with and KL divergence to each teacher.

    logits: (N, C); labels: (N,) integers; teacher_logits: by model, each (N, C). Accuracy is left out where the labels
    are not indices of the C outputs (an output that is no classification of them), the comparison with a teacher where
    that has another number of outputs (there is none to make). Raises UsageError for NaN or infinity.
    """
    values = []
    classes = logits.shape[-1]
    if labels is not None and are_class_indices(labels, classes):
        values.append(MeasureValue("accuracy", accuracy(logits, labels)))
    for teacher, theirs in teacher_logits.items():
        if theirs.shape[-1] == classes:
            values += [
                MeasureValue("top1_agreement", top1_agreement(logits, theirs), None, teacher),
                MeasureValue("kl_divergence", kl_divergence(logits, theirs), None, teacher),
            ]
    return _defined(values)


def _require_same_place(X: Tensor, other: Tensor, name: str, other_name: str) -> None:
    same_samples(X, other)
    if X.device != other.device:
        raise UsageError(f"Layer {name!r} is on {X.device}, {other_name!r} on {other.device}: move both to one device.")


def _defined(values: Sequence[MeasureValue]) -> list[MeasureValue]:
    return [value for value in values if not math.isnan(value.value)]
