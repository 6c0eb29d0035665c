"""Measures of the samples' lengths and directions, seen from the origin: anisotropy, mean norm, variation of norms."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kd_projector.measures.inputs import as_double, scaled_double


def anisotropy(X: Tensor) -> float:
    """Mean cosine similarity of two different samples.

        (1 / (N (N - 1))) sum_{i != j} cos(x_i, x_j) = (|sum_i u_i|^2 - N) / (N (N - 1)),   u_i = x_i / |x_i|

    X: (N, D). Samples that are 0 have no direction and are left out (N counts the others).

    Range [-1 / (N - 1), 1]; higher points more in one direction, near 0 in all alike. Invariant to rotation, and to the
    scale of each sample; not to translation: seen from the origin, not from the mean. Undefined (nan) where fewer than
    two samples differ from 0. Cost: N D.
    Source: Ethayarajh, "How Contextual are Contextualized Word Representations?", EMNLP 2019 (there from a sample of
    pairs).
    """
    X = as_double(X)
    largest = X.abs().amax(dim=1, keepdim=True)
    present = largest.squeeze(1) > 0
    n = int(present.sum())
    if n < 2:
        return float("nan")
    # Each row by its largest entry first, so that no square vanishes.
    directions = torch.nn.functional.normalize(X[present] / largest[present], eps=0.0)
    mean_cosine = float(directions.sum(dim=0).square().sum() - directions.square().sum()) / (n * (n - 1))
    return min(max(mean_cosine, -1.0), 1.0)  # rounding alone can leave [-1, 1]


def mean_norm(X: Tensor) -> float:
    """Mean Euclidean length of the samples: (1 / N) sum_i |x_i|.

    X: (N, D). Range [0, inf), in the units of the embedding; higher has larger activations. Invariant to rotation; a
    factor on the embedding is one on this; not invariant to translation. Always defined; infinite only where the sum is
    beyond float64. Cost: N D.
    Source: the definition; the same as numpy.linalg.norm(X, axis=1).mean() where no square overflows or vanishes.
    """
    X, exponent = scaled_double(X)
    first = exponent // 2
    return float(_norms(X).mean()) * math.ldexp(1.0, first) * math.ldexp(1.0, exponent - first)


def norm_variation(X: Tensor) -> float:
    """Variation of the samples' Euclidean lengths: their (population) standard deviation over their mean.

    X: (N, D). Range [0, sqrt(N - 1)]; higher differs more in length from sample to sample, 0: all have the same length.
    Invariant to rotation and isotropic scaling, not to translation. Undefined (nan) where all samples are 0. Cost: N D.
    Source: the coefficient of variation; scipy.stats.variation of the lengths.
    """
    norms = _norms(as_double(X))
    mean = float(norms.mean())
    return float(norms.std(correction=0)) / mean if mean > 0 else float("nan")


def _norms(X: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(X, dim=1)
    return norms
