"""Measures of how tightly the classes lie together: silhouette and the within/between scatter ratio."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.measures.inputs import as_double, centred, class_indicator, integer_labels

_BLOCK_ELEMENTS = 2**22  # float64 numbers in a temporary: 32 MiB


def silhouette(X: Tensor, labels: Tensor) -> float:
    """Mean silhouette coefficient of the classes, by Euclidean distance.

        s_i = (b_i - a_i) / max(a_i, b_i)

    a_i: mean distance to the other samples of the own class; b_i: the smallest mean distance to the samples of another
    class; s_i = 0 for a sample that is alone in its class, or where a_i = b_i = 0. X: (N, D); labels: (N,) integers.

    Range [-1, 1]; higher means more compact and better separated classes. Invariant to translation, rotation,
    isotropic scaling, renaming of classes. Undefined (nan) where there is only one class, or no class of two samples.
    Cost: N^2 (D + C) multiplications for C classes, blockwise in 32 MiB.
    Source: Rousseeuw 1987; the same value as sklearn.metrics.silhouette_score.
    """
    X = as_double(X)
    indicator = class_indicator(integer_labels(labels, X))
    n, classes = indicator.shape
    if not 2 <= classes < n:
        return float("nan")
    sizes = indicator.sum(dim=0)
    Z = centred(X)
    norms = Z.square().sum(dim=1)
    # What is smaller than its own rounding error is the distance of duplicates: 0.
    smallest = 4 * torch.finfo(torch.float64).eps * norms.max()
    total = torch.zeros((), dtype=torch.float64, device=X.device)
    rows = max(1, _BLOCK_ELEMENTS // n)
    for start in range(0, n, rows):
        block = slice(start, min(start + rows, n))
        squared = torch.addmm(norms, Z[block], Z.T, alpha=-2).add_(norms[block, None])
        squared.diagonal(start).fill_(0.0)
        distances = torch.nn.functional.threshold(squared, float(smallest), 0.0).sqrt_()
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
    samples, or all class means coincide. Cost: N D C multiplications for C classes.
    Source: Fukunaga, "Introduction to Statistical Pattern Recognition", 1990, chapter 10.
    """
    X = as_double(X)
    indicator = class_indicator(integer_labels(labels, X))
    n, classes = indicator.shape
    if not 2 <= classes < n:
        return float("nan")
    Z = centred(X)
    sizes = indicator.sum(dim=0)
    means = (indicator.T @ Z) / sizes[:, None]
    between = float((sizes * means.square().sum(dim=1)).sum())
    within = float((Z - indicator @ means).square().sum())
    return within / between if between > 0 else float("nan")
