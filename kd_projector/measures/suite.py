"""Any chosen measures of a step, as the values that the store keeps, with what they share worked out once.

Pure functions of tensors on any device, safe on a background thread: no global state is read or changed. What is
undefined (nan: no labels to speak of, a collapsed layer) is left out. `chosen`: the names to compute
(`selection.chosen`); those of another scope are passed over, so that one choice serves all four functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.agreement import (
    accuracy,
    are_class_indices,
    js_divergence,
    kl_divergence,
    reverse_kl_divergence,
    top1_agreement,
)
from kd_projector.measures.calibration import confidence, expected_calibration_error
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.compactness import calinski_harabasz, davies_bouldin, scatter_ratio, silhouette_by
from kd_projector.measures.inputs import finite_double, integer_labels
from kd_projector.measures.intrinsic_dimension import intrinsic_dimension
from kd_projector.measures.linear_probe import linear_probe_accuracy
from kd_projector.measures.neighbours import accuracy_of_vote, shared_neighbours
from kd_projector.measures.neural_collapse import nc1, nc2
from kd_projector.measures.norms import anisotropy, mean_norm, norm_variation
from kd_projector.measures.prepared import KnownNeighbours, Layers, PreparedLayer, prepare, prepared_layer
from kd_projector.measures.procrustes import procrustes_disparity_of
from kd_projector.measures.rsa import rsa_of
from kd_projector.measures.similarity import linear_cka_of, unbiased_cka_of
from kd_projector.measures.spectrum import effective_rank, participation_ratio_of
from kd_projector.store.schema import MeasureValue

Registered = TypeVar("Registered")


def _overlap(layer: PreparedLayer, other: PreparedLayer | KnownNeighbours) -> Tensor:
    return shared_neighbours(layer.neighbours, other.neighbours).nanmean()


def _cka_with_other_step(layer: PreparedLayer, then: PreparedLayer | KnownNeighbours) -> Tensor:
    if isinstance(then, KnownNeighbours):
        raise UsageError(f"Of {then.name} at the other step only neighbours are known: linear CKA needs its embedding.")
    return linear_cka_of(layer, then)


OF_CLASSES: Mapping[str, Callable[[PreparedLayer, Tensor], float]] = MappingProxyType(
    {
        "knn_accuracy": lambda layer, labels: accuracy_of_vote(layer.neighbours.indices, labels),
        "linear_probe_accuracy": lambda layer, labels: linear_probe_accuracy(layer.scaled, labels),
        "silhouette": lambda layer, labels: silhouette_by(layer.centred, labels),
        "calinski_harabasz": lambda layer, labels: calinski_harabasz(layer.scaled, labels),
        "davies_bouldin": lambda layer, labels: davies_bouldin(layer.scaled, labels),
        "scatter_ratio": lambda layer, labels: scatter_ratio(layer.scaled, labels),
        "nc1": lambda layer, labels: nc1(layer.scaled, labels),
        "nc2": lambda layer, labels: nc2(layer.scaled, labels),
    }
)

OF_LAYERS: Mapping[str, Callable[[PreparedLayer], float]] = MappingProxyType(
    {
        "effective_rank": lambda layer: effective_rank(layer.scaled),
        "participation_ratio": lambda layer: participation_ratio_of(layer.squared_norms.sum(), layer.self_product),
        "intrinsic_dimension": lambda layer: intrinsic_dimension(layer.scaled, layer.neighbours.indices),
        "anisotropy": lambda layer: anisotropy(layer.scaled),
        "mean_norm": lambda layer: mean_norm(layer.X),
        "norm_variation": lambda layer: norm_variation(layer.scaled),
    }
)

OF_PAIRS: Mapping[str, Callable[[PreparedLayer, PreparedLayer], Tensor]] = MappingProxyType(
    {
        "linear_cka": linear_cka_of,
        "unbiased_cka": unbiased_cka_of,
        "rsa": lambda layer, other: rsa_of(layer.distance_ranks, other.distance_ranks),
        "procrustes_disparity": lambda layer, other: procrustes_disparity_of(
            layer.procrustes_factor, other.procrustes_factor
        ),
        "neighbour_overlap": _overlap,
        "mutual_knn": lambda layer, other: shared_neighbours(
            layer.cosine_neighbours, other.cosine_neighbours
        ).nanmean(),
    }
)

OF_CHANGES: Mapping[str, Callable[[PreparedLayer, PreparedLayer | KnownNeighbours], Tensor]] = MappingProxyType(
    {
        "neighbour_overlap_previous": _overlap,
        "linear_cka_previous": _cka_with_other_step,
        "neighbour_overlap_last": _overlap,
        "linear_cka_last": _cka_with_other_step,
    }
)

OF_OUTPUTS: Mapping[str, Callable[[Tensor], float]] = MappingProxyType({"confidence": confidence})

OF_LABELLED_OUTPUTS: Mapping[str, Callable[[Tensor, Tensor], float]] = MappingProxyType(
    {"accuracy": accuracy, "expected_calibration_error": expected_calibration_error}
)

OF_TWO_OUTPUTS: Mapping[str, Callable[[Tensor, Tensor, float], float]] = MappingProxyType(
    {
        "top1_agreement": lambda logits, theirs, _: top1_agreement(logits, theirs),
        "kl_divergence": kl_divergence,
        "reverse_kl_divergence": reverse_kl_divergence,
        "js_divergence": js_divergence,
    }
)


def measure_layers(
    layers: Layers, labels: Tensor | None, chosen: Collection[str], model: str | None = None
) -> list[MeasureValue]:
    """The chosen measures of each layer by itself; without labels only those that need none.

    layers: by name, each (N, D), as tensors or prepared; labels: (N,) integers; model: whose layers they are, for
    errors. Raises UsageError, naming layer and model, for NaN or infinity.
    """
    of_classes = _wanted(OF_CLASSES, chosen) if labels is not None else {}
    of_layers = _wanted(OF_LAYERS, chosen)
    values = []
    for name, given in layers.items() if of_classes or of_layers else ():
        layer = prepared_layer(given, name, model)
        if labels is not None and of_classes:
            classes = integer_labels(labels, layer.X)
            values += [MeasureValue(one, measure(layer, classes), name) for one, measure in of_classes.items()]
        values += [MeasureValue(one, measure(layer), name) for one, measure in of_layers.items()]
    return _defined(values)


def measure_pairs(
    layers: Layers,
    others: Layers,
    other_model: str,
    chosen: Collection[str],
    other_run: str | None = None,
    model: str | None = None,
) -> list[MeasureValue]:
    """The chosen measures of every layer with every layer of `other_model`, on the same samples.

    layers, others: by name, each (N, D), on one device, as tensors or prepared; other_run: as in MeasureValue; model:
    whose `layers` are, for errors. Raises UsageError, naming layer and model, for NaN or infinity, and where the
    numbers of samples or the devices differ.
    """
    wanted = _wanted(OF_PAIRS, chosen)
    if not wanted:
        return []
    prepared_others = prepare(others, other_model)
    keys, found = [], []
    for name, given in layers.items():
        layer = prepared_layer(given, name, model)
        for other_name, other in prepared_others.items():
            _require_same_place(layer, other)
            for one, measure in wanted.items():
                keys.append((one, name, other_name))
                found.append(measure(layer, other))
    return _defined(
        [
            MeasureValue(one, value, name, other_model, other_name, other_run)
            for (one, name, other_name), value in zip(keys, _read(found), strict=True)
        ]
    )


def measure_change(
    layers: Layers,
    at_other_step: Layers | Mapping[str, PreparedLayer | KnownNeighbours],
    chosen: Collection[str],
    model: str | None = None,
) -> list[MeasureValue]:
    """The chosen measures of each layer against itself at another step.

    `chosen` says which step that is: give names that end in `_previous` or in `_last`, not both. layers, at_other_step:
    by name, each (N, D), of one model on one device; of the other step also as KnownNeighbours, which do for overlaps.
    A layer that is in one of them only is passed over. model: whose layers they are, for errors.
    Raises UsageError as `measure_pairs` does, and for both kinds of names at once.
    """
    wanted = _wanted(OF_CHANGES, chosen)
    if len({one.rsplit("_", 1)[1] for one in wanted}) > 1:
        raise UsageError(f"{', '.join(wanted)} compare with different steps: ask for those of one step at a time.")
    keys, found = [], []
    for name in [name for name in layers if name in at_other_step] if wanted else ():
        layer, then = prepared_layer(layers[name], name, model), at_other_step[name]
        other = then if isinstance(then, KnownNeighbours) else prepared_layer(then, name, model)
        _require_same_place(layer, other)
        for one, measure in wanted.items():
            keys.append((one, name))
            found.append(measure(layer, other))
    return _defined([MeasureValue(one, value, name) for (one, name), value in zip(keys, _read(found), strict=True)])


def measure_outputs(
    logits: Tensor,
    labels: Tensor | None,
    teacher_logits: Mapping[str, Tensor],
    chosen: Collection[str],
    temperature: float = 1.0,
    other_run: str | None = None,
    model: str | None = None,
) -> list[MeasureValue]:
    """The chosen measures of a model's outputs, and of them against each teacher's.

    logits: (N, C); labels: (N,) integers; teacher_logits: by model, each (N, C); temperature: divides both sides'
    logits in the divergences; other_run: as in MeasureValue; model: whose logits they are, for errors. What needs
    labels is left out where they are not indices of the C outputs (an output that is no classification of them), the
    comparison with a teacher where that has another number of outputs (there is none to make). Raises UsageError for
    NaN or infinity.
    """
    of_one, of_labelled = _wanted(OF_OUTPUTS, chosen), _wanted(OF_LABELLED_OUTPUTS, chosen)
    of_two = _wanted(OF_TWO_OUTPUTS, chosen)
    if not (of_one or of_labelled or of_two):
        return []
    finite_double(logits, f"The output of model {model!r}" if model else "The logits")
    classes = logits.shape[-1]
    values = [MeasureValue(one, measure(logits)) for one, measure in of_one.items()]
    if of_labelled and labels is not None and are_class_indices(labels, classes):
        values += [MeasureValue(one, measure(logits, labels)) for one, measure in of_labelled.items()]
    for teacher, theirs in teacher_logits.items() if of_two else ():
        finite_double(theirs, f"The output of model {teacher!r}")
        if theirs.shape[-1] == classes:
            values += [
                MeasureValue(one, measure(logits, theirs, temperature), None, teacher, None, other_run)
                for one, measure in of_two.items()
            ]
    return _defined(values)


def _wanted(registry: Mapping[str, Registered], chosen: Collection[str]) -> dict[str, Registered]:
    unknown = [name for name in chosen if name not in CATALOGUE]
    if unknown:
        raise UsageError(f"There is no measure called {unknown[0]!r}: see selection.chosen.")
    return {name: registry[name] for name in CATALOGUE if name in registry and name in chosen}


def _read(found: list[Tensor]) -> list[float]:
    """0-dimensional tensors as numbers, in one transfer: each by itself would wait for the device anew."""
    return [float(value) for value in torch.stack(found).tolist()] if found else []


def _require_same_place(layer: PreparedLayer, other: PreparedLayer | KnownNeighbours) -> None:
    if layer.samples != other.samples:
        raise UsageError(
            f"{layer.name} and {other.name} have {layer.samples} and {other.samples} rows, but are compared sample by "
            f"sample: use one probe."
        )
    if layer.device != other.device:
        raise UsageError(f"{layer.name} is on {layer.device}, {other.name} on {other.device}: move both to one device.")


def _defined(values: list[MeasureValue]) -> list[MeasureValue]:
    return [value for value in values if not math.isnan(value.value)]
