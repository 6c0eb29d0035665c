"""What a reducer gets: checked arrays, at unit radius, on their leading principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import eigh

from kd_projector.errors import UsageError

MAX_COMPONENTS = 50  # as is usual before t-SNE; measured: nothing is lost, and noise in 1,000 dimensions does not leak
_ROUNDING = 1e-12  # a spread below this share of the values' size is rounding error, not structure


def checked_embedding(embedding: Any, name: str = "embedding") -> np.ndarray:
    """`embedding` as (N, D) float64. Raises UsageError if it is empty, not two-dimensional or not finite."""
    try:
        array = np.asarray(embedding, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(f"The {name} is not an array of numbers ({error}); give an (N, D) float array.") from None
    if array.ndim != 2:
        raise UsageError(f"The {name} has shape {array.shape}; give an (N, D) array, one row for each sample.")
    if 0 in array.shape:
        raise UsageError(f"The {name} has shape {array.shape}; there must be at least one sample and one dimension.")
    require_finite(array, f"The {name}")
    return array


def require_finite(array: np.ndarray, name: str) -> None:
    """Raises UsageError if a value of `array`, called `name` at the head of the sentence, is NaN or infinite."""
    bad = int(array.size - np.isfinite(array).sum())
    if bad:
        raise UsageError(
            f"{name} has {bad} values of {array.size} that are NaN or infinite; there is no map of such samples. "
            f"Did the training diverge?"
        )


def checked_reference(reference: Any, samples: int, components: int) -> np.ndarray:
    """Reference coordinates as (N, C) float64. Raises UsageError if they do not fit the embedding."""
    array = checked_embedding(reference, "reference map")
    if array.shape != (samples, components):
        raise UsageError(
            f"The reference map has shape {array.shape}, the frame needs {(samples, components)}: "
            f"the same samples in the same order, and as many components."
        )
    return array


def checked_previous(previous: Any, samples: int) -> np.ndarray:
    """The embedding of the step before as (N, D) float64. Raises UsageError if it is not of as many samples."""
    array = checked_embedding(previous, "embedding of the step before")
    if len(array) != samples:
        raise UsageError(f"The embedding of the step before has {len(array)} samples, this one has {samples}.")
    return array


def radius(points: np.ndarray) -> float:
    """The RMS distance of `points` (N, C) from their mean."""
    return float(np.sqrt(np.mean(np.sum((points - points.mean(axis=0)) ** 2, axis=1))))


@dataclass(frozen=True)
class UnitRadius:
    """The shift and the scale that bring one set of points to mean 0 and an RMS radius of 1.

    size: their largest absolute value, taken out first, so that values of 1e300 do not overflow when squared.
    mean: (D,) and spread: their mean and radius after that; the spread is 0 where all points are equal up to rounding.
    """

    size: float
    mean: np.ndarray
    spread: float

    @classmethod
    def of(cls, X: np.ndarray) -> UnitRadius:
        size = float(np.abs(X).max()) or 1.0
        spread = radius(X / size)
        return cls(size, (X / size).mean(axis=0), spread if spread > _ROUNDING else 0.0)

    def apply(self, X: np.ndarray) -> np.ndarray:
        """(M, D) points `X` moved alike; all zeros where the spread is 0."""
        return (X / self.size - self.mean) / self.spread if self.spread else np.zeros_like(X)


def unit_radius(X: np.ndarray) -> np.ndarray:
    """`X` (N, D) centred and scaled to an RMS radius of 1; all zeros if its samples are equal up to rounding."""
    return UnitRadius.of(X).apply(X)


@dataclass(frozen=True)
class PrincipalAxes:
    """mean: (D,). axes: (K, D), rows orthonormal or zero. variances: (K,), descending. total_variance: of all axes."""

    mean: np.ndarray
    axes: np.ndarray
    variances: np.ndarray
    total_variance: float

    def scores(self, X: np.ndarray) -> np.ndarray:
        """(N, K) coordinates of the rows of `X` (N, D)."""
        return np.asarray((X - self.mean) @ self.axes.T)


def principal_axes(X: np.ndarray, components: int) -> PrincipalAxes:
    """The leading principal axes of `X` (N, D), exactly, through the smaller of its two Gram matrices.

    Each axis points to where the scores' third moment is positive, so that neither a rotation of the input nor the
    order of its samples turns it. Axes beyond the rank are zero.
    """
    samples, dims = X.shape
    mean = X.mean(axis=0)
    centred = X - mean
    count = min(components, samples, dims)
    wide = dims > samples
    gram = centred @ centred.T if wide else centred.T @ centred
    values, vectors = eigh(gram, subset_by_index=[len(gram) - count, len(gram) - 1])
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    alive = values > max(float(values[0]), 0.0) * _ROUNDING
    if wide:
        lengths = np.sqrt(np.where(alive, values, 1.0))
        vectors = centred.T @ vectors / lengths
    axes = np.zeros((components, dims))
    axes[:count][alive] = vectors.T[alive]
    axes *= signs(centred @ axes.T)[:, None]
    variances = np.zeros(components)
    variances[:count][alive] = values[alive] / samples
    return PrincipalAxes(mean, axes, variances, float(np.trace(gram)) / samples)


def signs(scores: np.ndarray) -> np.ndarray:
    """(C,) of ±1: turns each column of `scores` (N, C) so that its longer tail is positive."""
    largest = np.abs(scores).max(axis=0)
    scaled = scores / np.where(largest > 0, largest, 1.0)
    skewness = np.mean(scaled**3, axis=0)
    extreme = scaled[np.abs(scaled).argmax(axis=0), np.arange(scores.shape[1])]
    # Of a symmetric column the third moment is rounding error: then its most extreme value decides.
    deciding = np.where(np.abs(skewness) > 1e-9, skewness, extreme)
    return np.where(deciding < 0, -1.0, 1.0)


@dataclass(frozen=True)
class Reduction:
    """What is done to an embedding before neighbours are looked up: unit radius, then leading principal components.

    Few dimensions are turned onto their components too: the basis of an embedding means nothing, and rounding errors of
    another basis decide otherwise between equally near neighbours, which turns a map's clusters.
    """

    scaling: UnitRadius
    axes: PrincipalAxes

    @classmethod
    def of(cls, X: np.ndarray) -> Reduction:
        scaling = UnitRadius.of(X)
        return cls(scaling, principal_axes(scaling.apply(X), min(X.shape[1], MAX_COMPONENTS)))

    def apply(self, X: np.ndarray) -> np.ndarray:
        """(M, at most MAX_COMPONENTS) of samples `X` (M, D)."""
        return self.axes.scores(self.scaling.apply(X))


def reduced(X: np.ndarray) -> np.ndarray:
    """`X` (N, D) at unit radius on at most MAX_COMPONENTS principal components."""
    return Reduction.of(X).apply(X)
