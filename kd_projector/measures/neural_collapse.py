"""Neural collapse: how near the classes are to points (NC1) at equal distances and angles from each other (NC2)."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.measures.inputs import around_class_means, as_double, centred, integer_labels


def nc1(X: Tensor, labels: Tensor) -> float:
    """Scatter within the classes relative to the scatter between them, direction by direction (NC1).

        tr(S_W S_B^+) / C
        S_W = (1 / N) sum_i (x_i - m_c(i)) (x_i - m_c(i))^T,   S_B = (1 / C) sum_c (m_c - m) (m_c - m)^T

    for C classes, with m_c the mean of class c, m the mean of the m_c (each class counts once, whatever its size) and
    S_B^+ the pseudo-inverse. X: (N, D); labels: (N,) integers. Worked out in the at most C - 1 directions in which the
    means differ: with M = U diag(s) V^T the (C, D) matrix of the m_c - m it is

        (1 / N) sum_i sum_j ((x_i - m_c(i)) . v_j)^2 / s_j^2

    Range [0, inf); lower means more collapsed, 0 that each class is one point as far as these directions tell.
    The direction in which the means differ least weighs most, as it divides by their smallest spread s_j^2: where that
    is near 0 (an early or an untrained layer), little changes it much. Rounded to float16, as the store keeps it, an
    untrained network's head went from 25 to 43; compare such values only where both come from the same precision.
    Invariant to translation, rotation, isotropic scaling, renaming of classes. Undefined (nan) where there is only one
    class, no class of two samples, or all class means coincide. Cost: N D C + C^2 D multiplications.
    Source: Papyan, Han & Donoho, "Prevalence of neural collapse during the terminal phase of deep learning training",
    PNAS 2020 (there with classes of equal size).
    """
    X = as_double(X)
    names, codes = torch.unique(integer_labels(labels, X), return_inverse=True)
    if not 2 <= len(names) < len(X):
        return float("nan")
    Z = centred(X)
    means, residuals = around_class_means(Z, codes, len(names))
    _, s, directions = torch.linalg.svd(centred(means), full_matrices=False)
    kept = _above_rounding(s, means, Z)
    if not kept.any():
        return float("nan")
    return float(((residuals @ directions[kept].T) / s[kept]).square().sum()) / len(X)


def nc2(X: Tensor, labels: Tensor) -> float:
    """How far the class means are from a simplex equiangular tight frame, at equal distances and angles (NC2).

        | G / |G|_F - (I - 1 1^T / C) / sqrt(C - 1) |_F,   G = M M^T

    for C classes, with M the (C, D) matrix of the class means less their mean (each class counts once). X: (N, D);
    labels: (N,) integers. Worked out from the singular values s_j of M, as both matrices share the direction that is 0:
    sqrt(sum_{j < C} (s_j^2 / |G|_F - 1 / sqrt(C - 1))^2).

    Range [0, sqrt(2 - 2 / sqrt(C - 1))], so below sqrt(2); lower means more collapsed, 0 that all class means are
    equally far from each other, the greatest that they lie on one line. Where D < C - 1 it cannot be 0. Invariant to
    translation, rotation, isotropic scaling, renaming of classes. Undefined (nan) where there are fewer than three
    classes (two are always equally far from each other), or all class means coincide. Cost: N D + C^2 D
    multiplications.
    Source: Zhu et al., "A Geometric Analysis of Neural Collapse with Unconstrained Features", NeurIPS 2021, there of
    the classifier's weights; here of the class means of any layer.
    """
    X = as_double(X)
    names, codes = torch.unique(integer_labels(labels, X), return_inverse=True)
    classes = len(names)
    if classes < 3:
        return float("nan")
    Z = centred(X)
    means, _ = around_class_means(Z, codes, classes)
    s = torch.linalg.svdvals(centred(means))[: classes - 1]
    if not _above_rounding(s, means, Z).any():
        return float("nan")
    spectrum = torch.zeros(classes - 1, dtype=torch.float64, device=X.device)
    spectrum[: len(s)] = s.square()
    spectrum /= torch.linalg.vector_norm(spectrum)
    return float(torch.linalg.vector_norm(spectrum - (classes - 1) ** -0.5))


def _above_rounding(s: Tensor, means: Tensor, Z: Tensor) -> Tensor:
    """Which singular values of the centred class means (C, D) are more than the rounding error of means of Z (N, D)."""
    eps = torch.finfo(torch.float64).eps
    return s > 8 * eps * max(means.shape) * torch.maximum(s[0], Z.abs().max())
