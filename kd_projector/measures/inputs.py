"""What every measure accepts: embeddings (N, D) of finite numbers and integer labels (N,), made ready to compute with.

All sums run in float64. Scale and offset of an embedding change no measure of this package that goes through
`as_double`, so it is scaled there by a power of two (which is exact), and no square can overflow.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kd_projector.errors import UsageError


def as_double(X: Tensor, name: str = "The embedding") -> Tensor:
    """`X` (N, D) as float64, scaled by a power of two so that its largest magnitude lies in [0.5, 1) (or is 0).

    On the same device, except where that has no float64 (Apple's mps): then on the CPU.
    Raises UsageError, beginning with `name`, unless X is an (N, D) tensor of finite real numbers, N and D at least 1.
    """
    return scaled_double(X, name)[0]


def scaled_double(X: Tensor, name: str = "The embedding") -> tuple[Tensor, int]:
    """`as_double(X)` and the exponent e that it left out: X is 2**e times what comes back.

    For the few measures that do not ignore the scale (lengths).
    """
    X = finite_double(X, name)
    _, exponent = math.frexp(float(torch.stack(X.aminmax()).abs().max()))
    # In two halves, because 2**-exponent itself overflows for the smallest numbers.
    first = exponent // 2
    return (X * math.ldexp(1.0, -first) * math.ldexp(1.0, first - exponent) if exponent else X), exponent


def finite_double(X: Tensor, name: str) -> Tensor:
    """`X` (N, D) as float64, unscaled. Raises UsageError as `as_double` does."""
    if not isinstance(X, Tensor) or X.ndim != 2 or X.is_complex():
        given = f"{X.dtype} of shape {tuple(X.shape)}" if isinstance(X, Tensor) else type(X).__name__
        raise UsageError(f"{name} must be a real tensor of shape (N, D), not {given}: pool each sample to one row.")
    if 0 in X.shape:
        raise UsageError(f"{name} must not have shape {tuple(X.shape)}: give at least one sample and one column.")
    X = X.detach()
    X = (X.cpu() if X.device.type == "mps" else X).double()
    # The extremes tell as much as looking at each number whether it is finite, in a tenth of the time.
    if not torch.isfinite(torch.stack(X.aminmax())).all():
        broken = int((~torch.isfinite(X)).any(dim=1).sum())
        raise UsageError(
            f"{name} cannot be measured: NaN or infinite values in {broken} of {len(X)} samples. See whether the "
            f"training diverged, or leave those samples out."
        )
    return X


def integer_labels(labels: Tensor, X: Tensor) -> Tensor:
    """`labels` (N,) as int64 on X's device. Raises UsageError unless each sample has one, a whole number."""
    if not isinstance(labels, Tensor) or labels.shape != X.shape[:1]:
        given = tuple(labels.shape) if isinstance(labels, Tensor) else type(labels).__name__
        raise UsageError(f"The labels have to be a tensor of shape ({len(X)},), one a sample, but are {given}.")
    if labels.is_floating_point() or labels.is_complex():
        raise UsageError(f"The labels have to be whole numbers, but are {labels.dtype}: give class indices.")
    return labels.detach().to(X.device, torch.int64)


def same_samples(X: Tensor, Y: Tensor) -> None:
    """Raise UsageError unless X and Y have the same number of rows: row i of both is sample i."""
    if len(X) != len(Y):
        raise UsageError(
            f"Two embeddings of the same samples are needed, but they have {len(X)} and {len(Y)} rows: use one probe."
        )


def centred(X: Tensor) -> Tensor:
    """`X` less its column means. A constant column becomes exactly 0, whatever its value."""
    shifted = X - X[0]  # Without this, rounding of the mean would leave dust in constant columns.
    return shifted - shifted.mean(dim=0)


def class_indicator(labels: Tensor) -> Tensor:
    """(N, C) float64: 1 where sample i is of the j-th of the C classes that occur, in ascending order of label."""
    classes, codes = torch.unique(labels, return_inverse=True)
    indicator = torch.zeros(len(labels), len(classes), dtype=torch.float64, device=labels.device)
    return indicator.scatter_(1, codes[:, None], 1.0)


def around_class_means(Z: Tensor, codes: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """The class means (C, D), and each sample less the mean of its class (N, D).

    Z: (N, D) float64; codes: (N,) int64, the class of each sample, each of 0 … classes - 1 at least once. A class that
    is a single point has residuals of exactly 0.
    """
    # Relative to one sample of each class, without which rounding of the mean would leave dust.
    anchors = Z[_one_of_each(codes, classes)]
    residuals = Z - anchors[codes]
    sizes = torch.bincount(codes, minlength=classes)
    offsets = torch.zeros_like(anchors).index_add_(0, codes, residuals) / sizes[:, None]
    return anchors + offsets, residuals.sub_(offsets[codes])


def _one_of_each(codes: Tensor, classes: int) -> Tensor:
    """(C,) int64: the first sample of each class."""
    places = torch.arange(len(codes), device=codes.device)
    return torch.full((classes,), len(codes), device=codes.device).scatter_reduce_(0, codes, places, "amin")
