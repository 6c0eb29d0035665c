"""Supervised IVIS: a linear layer behind the map that predicts labels, its loss, and the labels it is for.

The supervision metrics are Keras's, by all of their names there, as the ivis package takes them: of each sample, the
mean over its outputs, or the sum where its outputs are one distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kd_projector.errors import UsageError

_EPSILON = 1e-7  # Keras's
_HINGE_DECAY = 0.01  # Keras's weight for squared weights: a hinge alone would let them grow
Metric = Callable[[Tensor, Tensor], Tensor]  # (targets, outputs), each (B, C) -> (B,)


def _signed(targets: Tensor) -> Tensor:
    return torch.where(targets > 0, 1.0, -1.0)  # labels 0 and 1 are taken for -1 and 1


def _categorical_hinge(targets: Tensor, outputs: Tensor) -> Tensor:
    right = (targets * outputs).sum(dim=1)
    return torch.relu(((1 - targets) * outputs).amax(dim=1) - right + 1)


def _kl_divergence(targets: Tensor, outputs: Tensor) -> Tensor:
    targets, outputs = targets.clamp(_EPSILON, 1), outputs.clamp(_EPSILON, 1)
    return (targets * (targets / outputs).log()).sum(dim=1)


def _log(values: Tensor) -> Tensor:
    return torch.log1p(values.clamp(min=_EPSILON))


_REGRESSION: Mapping[str, Metric] = {
    "mean_absolute_error": lambda y, out: (y - out).abs().mean(dim=1),
    "mean_squared_error": lambda y, out: ((y - out) ** 2).mean(dim=1),
    "mean_absolute_percentage_error": lambda y, out: 100 * ((y - out) / y.abs().clamp(min=_EPSILON)).abs().mean(dim=1),
    "mean_squared_logarithmic_error": lambda y, out: ((_log(y) - _log(out)) ** 2).mean(dim=1),
    "huber": lambda y, out: F.huber_loss(out, y, reduction="none").mean(dim=1),
    "log_cosh": lambda y, out: (out - y + F.softplus(-2 * (out - y)) - float(np.log(2))).mean(dim=1),
    "poisson": lambda y, out: (out - y * torch.log(out.clamp(min=0) + _EPSILON)).mean(dim=1),
    "kl_divergence": _kl_divergence,
    "cosine_similarity": lambda y, out: -F.cosine_similarity(y, out, dim=1),
}
_BINARY: Mapping[str, Metric] = {
    "binary_crossentropy": lambda y, out: F.binary_cross_entropy_with_logits(out, y, reduction="none").mean(dim=1),
    "hinge": lambda y, out: torch.relu(1 - _signed(y) * out).mean(dim=1),
    "squared_hinge": lambda y, out: (torch.relu(1 - _signed(y) * out) ** 2).mean(dim=1),
}
_ONE_HOT: Mapping[str, Metric] = {
    "categorical_crossentropy": lambda y, out: -(y * out.log_softmax(dim=1)).sum(dim=1),
    "categorical_hinge": _categorical_hinge,
}
SPARSE = "sparse_categorical_crossentropy"
_ALIASES = {
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "logcosh": "log_cosh",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
}
_ALIASES |= {short.upper(): _ALIASES[short] for short in ("mae", "mse", "mape", "msle", "kld")}
SUPERVISION_METRICS = (SPARSE, *_ONE_HOT, *_BINARY, *_REGRESSION, *_ALIASES)


@dataclass(frozen=True)
class Labels:
    """What the layer has to predict. targets: (N, C) float32. labelled: (N,) bool. classes: (C,), of SPARSE only."""

    targets: Tensor
    labelled: Tensor
    metric: str
    classes: np.ndarray | None

    def loss(self, rows: Tensor, outputs: Tensor, layer: nn.Linear) -> Tensor:
        """The mean loss of `outputs` (B, C) of the layer for samples `rows` (B,), without a label 0."""
        metric = _metric(self.metric)
        loss = (metric(self.targets[rows], outputs) * self.labelled[rows]).mean()
        return loss + _HINGE_DECAY * (layer.weight**2).sum() if "hinge" in self.metric else loss

    def to(self, device: torch.device) -> Labels:
        return Labels(self.targets.to(device), self.labelled.to(device), self.metric, self.classes)


def labels_for(metric: str, y: Any, samples: int) -> Labels:
    """`y` as `metric` needs it: (N,) classes, -1 for "unlabelled"; one-hot (N, C); or numbers.

    Raises UsageError where it does not fit the metric or the number of samples.
    """
    try:
        values = np.asarray(y)
    except ValueError as error:
        raise UsageError(f"y is not an array ({error}); give one label for each sample.") from None
    if len(values.shape) not in (1, 2) or len(values) != samples:
        raise UsageError(f"y has shape {values.shape}; X has {samples} samples, each of which needs its label.")
    if metric == SPARSE:
        return _classes(values)
    try:
        numbers = values.astype(np.float32)
    except (TypeError, ValueError):
        raise UsageError(f"y holds {values.dtype.type.__name__} values; {metric!r} needs numbers.") from None
    if not np.isfinite(numbers).all():
        raise UsageError("y holds NaN or infinity; give a finite target for each sample.")
    if metric in _ONE_HOT and (numbers.ndim != 2 or numbers.shape[1] < 2):
        raise UsageError(
            f"y has shape {values.shape}; {metric!r} needs (N, C), one column for each class. For class numbers use "
            f"{SPARSE!r}."
        )
    targets = torch.from_numpy(numbers.reshape(samples, -1))
    return Labels(targets, torch.ones(samples, dtype=torch.bool), metric, None)


def predictions(metric: str, outputs: Tensor) -> Tensor:
    """(N, C) of the layer's `outputs`: class probabilities for cross-entropies, else the outputs themselves."""
    if metric in (SPARSE, "categorical_crossentropy"):
        return outputs.softmax(dim=1)
    return outputs.sigmoid() if metric == "binary_crossentropy" else outputs


def _metric(name: str) -> Metric:
    known = {**_ONE_HOT, **_BINARY, **_REGRESSION, SPARSE: _ONE_HOT["categorical_crossentropy"]}
    return known[_ALIASES.get(name, name)]


def _classes(values: np.ndarray) -> Labels:
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise UsageError(
            f"y has shape {values.shape}; {SPARSE!r} needs (N,), one class for each sample. For one-hot labels use "
            f"'categorical_crossentropy'."
        )
    labelled = np.ones(len(values), dtype=bool)
    if np.issubdtype(values.dtype, np.number):
        if not np.isfinite(values).all():
            raise UsageError("y holds NaN or infinity; give a class for each sample, or -1 for unlabelled.")
        if np.issubdtype(values.dtype, np.inexact) and not (values == np.floor(values)).all():
            raise UsageError(
                f"y holds fractions; {SPARSE!r} needs classes. For regression use another supervision_metric, for "
                f"instance 'mae'."
            )
        labelled = values != -1
    try:
        classes, numbers = np.unique(values[labelled], return_inverse=True)
    except TypeError:
        kinds = ", ".join(sorted({type(value).__name__ for value in values}))
        raise UsageError(f"y mixes values of {kinds}; give classes as numbers (-1: unlabelled) or as text.") from None
    if not len(classes):
        raise UsageError("All labels in y are -1, which stands for unlabelled; leave y away for an unsupervised map.")
    targets = np.zeros((len(values), len(classes)), dtype=np.float32)
    targets[np.flatnonzero(labelled), numbers] = 1.0
    return Labels(torch.from_numpy(targets), torch.from_numpy(labelled), SPARSE, classes)
