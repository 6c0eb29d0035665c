"""Measures of how many dimensions an embedding spreads over: effective rank, participation ratio."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.measures.inputs import as_double, centred


def effective_rank(X: Tensor) -> float:
    """Number of dimensions that the embedding spreads over, counted by the entropy of its singular values.

        exp(-sum_j p_j log p_j),   p_j = s_j / sum_k s_k

    with s the singular values of X less its column means. X: (N, D). They come from the eigenvalues of the smaller of
    Z^T Z and Z Z^T, so singular values below about 1e-6 of the largest, which is where rounding begins there, count as
    0.

    Range [1, min(N - 1, D)]; higher uses more dimensions; never more than the rank. Invariant to translation, rotation,
    isotropic scaling. Undefined (nan) where all rows are the same (so for N = 1). Cost: N D min(N, D) + min(N, D)^3
    multiplications. Source: Roy & Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO 2007.
    """
    Z = centred(as_double(X))
    squares = torch.linalg.eigvalsh(_smaller_gram(Z))
    largest = squares[-1]
    if not largest > 0:
        return float("nan")
    eps = torch.finfo(torch.float64).eps
    s = torch.where(squares > max(Z.shape) * eps * largest, squares, 0.0).sqrt()
    p = s / s.sum()
    return float(torch.special.entr(p).sum().exp())


def participation_ratio(X: Tensor) -> float:
    """Number of dimensions that hold the embedding's variance, were it spread evenly over them.

        (tr S)^2 / tr S^2 = (sum_j s_j^2)^2 / sum_j s_j^4 = |Z|_F^4 / |Z^T Z|_F^2

    with S the covariance of the columns, Z = X less its column means and s its singular values. X: (N, D).

    Range [1, min(N - 1, D)]; higher uses more dimensions; never more than the effective rank of the variances, as the
    largest of them weigh most. Invariant to translation, rotation, isotropic scaling. Undefined (nan) where all rows
    are the same (so for N = 1). Cost: N D min(N, D) multiplications, no eigenvalues.
    Source: Gao et al., "A theory of multineuronal dimensionality, dynamics and measurement", 2017.
    """
    Z = centred(as_double(X))
    return participation_ratio_of(Z.square().sum(), _smaller_gram(Z).square().sum())


def participation_ratio_of(squared_norm: Tensor, squared_gram_norm: Tensor) -> float:
    """`participation_ratio` from |Z|_F^2 and |Z^T Z|_F^2 (0-dimensional), which linear CKA works out too."""
    ratio = float(squared_norm.square() / squared_gram_norm)
    return max(ratio, 1.0) if ratio > 0 else float("nan")  # rounding alone goes below 1


def _smaller_gram(Z: Tensor) -> Tensor:
    """Z^T Z or Z Z^T: at most 32 MiB for N up to 10,000 and D up to 2,048."""
    return Z.T @ Z if Z.shape[1] <= len(Z) else Z @ Z.T
