"""Measures of how tightly the classes lie together: silhouette, scatter ratio, Calinski-Harabasz, Davies-Bouldin."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from kd_projector.measures.centred import CentredEmbedding
from kd_projector.measures.inputs import around_class_means, as_double, centred, class_indicator, integer_labels

_BLOCK_ELEMENTS = 2**22  # float64 numbers in a temporary: 32 MiB
_ROUNDING = 16 * torch.finfo(torch.float64).eps  # of a class mean's entry, relative to the largest entry there is


def silhouette(X: Tensor, labels: Tensor) -> float:
    """Mean silhouette coefficient of the classes, by Euclidean distance.

        s_i = (b_i - a_i) / max(a_i, b_i)

    a_i: mean distance to the other samples of the own class; b_i: the smallest mean distance to the samples of another
    class; s_i = 0 for a sample that is alone in its class, or where a_i = b_i = 0. X: (N, D); labels: (N,) integers.

    Range [-1, 1]; higher means more compact and better separated classes. Invariant to translation, rotation,
    isotropic scaling, renaming of classes. Undefined (nan) where there is only one class, or no class of two samples.
    Cost: N^2 (D + C) multiplications for C classes (half of N^2 D up to 4,096 samples), blockwise in 32 MiB, with half
    an (N, N) matrix beside it where N <= 4,096.
    Source: Rousseeuw 1987; the same value as sklearn.metrics.silhouette_score.
    """
    return silhouette_by(CentredEmbedding.of(X), labels)


def silhouette_by(X: CentredEmbedding, labels: Tensor) -> float:
    """`silhouette` of an embedding that is centred already, by the products of pairs that other measures use too."""
    indicator = class_indicator(integer_labels(labels, X.Z))
    n, classes = indicator.shape
    if not 2 <= classes < n:
        return float("nan")
    sizes = indicator.sum(dim=0)
    # What is no larger than its own rounding error is the distance of duplicates: 0.
    smallest = float(X.rounding_error)
    total = torch.zeros((), dtype=torch.float64, device=X.Z.device)
    for start, squared in X.squared_distances():
        block = slice(start, start + len(squared))
        distances = torch.nn.functional.threshold(squared, smallest, 0.0, inplace=True).sqrt_()
        sums = distances @ indicator
        own = indicator[block].bool()
        own_size = sizes.expand_as(sums)[own]
        a = sums[own] / (own_size - 1)
        b = (sums / sizes).masked_fill_(own, torch.inf).amin(dim=1)
        s = (b - a) / torch.maximum(a, b)
        total += torch.where((own_size > 1) & (torch.maximum(a, b) > 0), s, 0.0).sum()
    return float(total) / n


def scatter_ratio(X: Tensor, labels: Tensor) -> float:
    """Scatter within the classes over scatter between them, as traces.

        tr S_W / tr S_B,   tr S_W = sum_i |x_i - m_c(i)|^2,   tr S_B = sum_c n_c |m_c - m|^2

    with m_c the mean of class c, n_c its size, m the mean of all. X: (N, D); labels: (N,) integers.

    Range [0, inf); lower means more compact classes, 0 that each class is one point. Invariant to translation,
    rotation, isotropic scaling, renaming of classes. Undefined (nan) where there is only one class, no class of two
    samples, or all class means coincide. Cost: N D additions.
    Source: Fukunaga, "Introduction to Statistical Pattern Recognition", 1990, chapter 10.
    """
    scatter = _scatter(X, labels)
    return scatter.within / scatter.between if scatter and scatter.between > 0 else float("nan")


def calinski_harabasz(X: Tensor, labels: Tensor) -> float:
    """Calinski-Harabasz index (variance ratio criterion) of the classes.

        (tr S_B / (C - 1)) / (tr S_W / (N - C))

    for C classes, with the scatters of `scatter_ratio`; so it is (N - C) / (C - 1) over that ratio. X: (N, D);
    labels: (N,) integers.

    Range [0, inf); higher means more compact classes; about 1 where the classes say nothing of the embedding. It grows
    with N. Invariant to translation, rotation, isotropic scaling, renaming of classes. Undefined (nan) where there is
    only one class, no class of two samples, or each class is a single point (where scikit-learn has 1).
    Cost: N D additions.
    Source: Calinski & Harabasz 1974; the same value as sklearn.metrics.calinski_harabasz_score.
    """
    scatter = _scatter(X, labels)
    if scatter is None or scatter.within == 0:
        return float("nan")
    return scatter.between / (scatter.classes - 1) / (scatter.within / (scatter.n - scatter.classes))


def davies_bouldin(X: Tensor, labels: Tensor) -> float:
    """Davies-Bouldin index of the classes.

        (1 / C) sum_a max_{b != a} (s_a + s_b) / |m_a - m_b|

    with m_c the mean of class c and s_c the mean Euclidean distance of its samples from m_c. X: (N, D); labels: (N,)
    integers.

    Range [0, inf); lower means more compact and better separated classes, 0 that each class is one point. Invariant to
    translation, rotation, isotropic scaling, renaming of classes. Undefined (nan) where there is only one class, no
    class of two samples, or the means of two classes coincide (a pair that scikit-learn leaves out).
    Cost: (N + C^2) D additions, blockwise in 32 MiB.
    Source: Davies & Bouldin 1979; otherwise the same value as sklearn.metrics.davies_bouldin_score.
    """
    X = as_double(X)
    names, codes = torch.unique(integer_labels(labels, X), return_inverse=True)
    classes = len(names)
    if not 2 <= classes < len(X):
        return float("nan")
    Z = centred(X)
    means, residuals = around_class_means(Z, codes, classes)
    spread = torch.zeros(classes, dtype=torch.float64, device=X.device)
    spread.index_add_(0, codes, torch.linalg.vector_norm(residuals, dim=1)).div_(torch.bincount(codes))
    rounding = float(Z.abs().max()) * _ROUNDING * X.shape[1] ** 0.5
    total = torch.zeros((), dtype=torch.float64, device=X.device)
    rows = max(1, _BLOCK_ELEMENTS // classes)
    for start in range(0, classes, rows):
        block = slice(start, min(start + rows, classes))
        distances = torch.cdist(means[block], means, compute_mode="donot_use_mm_for_euclid_dist")
        distances.diagonal(start).fill_(torch.inf)
        if bool((distances <= rounding).any()):
            return float("nan")
        total += ((spread[block, None] + spread) / distances).amax(dim=1).sum()
    return float(total) / classes


@dataclass(frozen=True)
class _Scatter:
    """Traces of the scatter within and between `classes` classes of `n` samples."""

    within: float
    between: float
    n: int
    classes: int


def _scatter(X: Tensor, labels: Tensor) -> _Scatter | None:
    """None where there is only one class, or no class of two samples."""
    X = as_double(X)
    names, codes = torch.unique(integer_labels(labels, X), return_inverse=True)
    n, classes = len(X), len(names)
    if not 2 <= classes < n:
        return None
    Z = centred(X)
    means, residuals = around_class_means(Z, codes, classes)
    between = float((torch.bincount(codes) * means.square().sum(dim=1)).sum())
    if between <= X.numel() * (_ROUNDING * float(Z.abs().max())) ** 2:
        between = 0.0
    return _Scatter(float(residuals.square().sum()), between, n, classes)
