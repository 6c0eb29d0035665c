"""Procrustes disparity: what is left of the difference of two embeddings after the best rotation and scaling."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.measures.centred import CentredEmbedding
from kd_projector.measures.inputs import same_samples


def procrustes_disparity(X: Tensor, Y: Tensor) -> float:
    """The squared distance of two embeddings after the best translation, rotation (or reflection) and scaling.

        1 - (|Y^T X|_*)^2,   X and Y with column means 0 and Frobenius norm 1, |.|_* the sum of singular values

    X: (N, D), Y: (N, E), row i the same sample in both. Where D and E differ, the narrower one counts as if filled up
    with columns of zeros.

    Range [0, 1]; lower means more alike, 0 the same up to rotation and scale. Symmetric. Invariant to translation,
    orthogonal transformation and isotropic scaling of either. Undefined (nan) where all rows of X or of Y are the same
    (so for N = 1). Cost: N D E multiplications and the singular values of a (min(E, N), min(D, N)) matrix; a layer
    wider than N is brought to N columns first, by a QR decomposition of N^2 D.
    Source: Schönemann, "A generalized solution of the orthogonal Procrustes problem", 1966; Gower, "Generalized
    Procrustes analysis", 1975; the same as the disparity of scipy.spatial.procrustes, which needs D = E.
    """
    same_samples(X, Y)
    x = procrustes_factor(CentredEmbedding.of(X).Z)
    return float(procrustes_disparity_of(x, procrustes_factor(CentredEmbedding.of(Y).Z).to(x.device)))


def procrustes_factor(Z: Tensor) -> Tensor:
    """(N, min(N, D)) float64: Z (N, D) rotated and scaled to Frobenius norm 1; nan for Z = 0."""
    n, d = Z.shape
    factor: Tensor = Z if d <= n else torch.linalg.qr(Z.T, mode="r").R.T
    return factor.div(torch.linalg.matrix_norm(factor))


def procrustes_disparity_of(factor: Tensor, other: Tensor) -> Tensor:
    """`procrustes_disparity` from `procrustes_factor` of both, a 0-dimensional tensor."""
    shared = other.T @ factor
    # Undefined is no error here; LAPACK would make one of nan.
    nuclear: Tensor = torch.linalg.svdvals(shared.nan_to_num()).sum() + 0 * shared.sum()
    return (1 - nuclear.square()).clamp(0.0, 1.0)
