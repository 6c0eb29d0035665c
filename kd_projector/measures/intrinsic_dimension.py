"""Intrinsic dimension of an embedding by TwoNN: from how far each sample's two nearest neighbours are."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.inputs import as_double
from kd_projector.measures.neighbours import nearest_neighbours

DISCARDED = 0.1  # share of samples, those with the largest ratios, that the fit leaves out
FEWEST = 20  # distinct samples; with so few the standard error is about 0.3 of the dimension
_BLOCK_ELEMENTS = 2**22  # float64 numbers in a temporary: 32 MiB


def intrinsic_dimension(X: Tensor, neighbours: Tensor | None = None) -> float:
    """Dimension of the curved surface on which the samples lie, by TwoNN.

        the slope d of -log(1 - i / N) = d log mu_i through the origin,   mu_i the i-th smallest r2 / r1

    with r1 and r2 the Euclidean distances from a sample to its nearest and second nearest other, least squares over the
    smaller 90% of the ratios. X: (N, D); neighbours: (N, k >= 2) int64, `nearest_neighbours` of X, where they are
    known.

    Only distinct samples count: of those that coincide one is kept, before their neighbours are looked for (so N is
    their number). Samples that differ by less than float64 can tell are left out.

    Range [0, inf), about at most D; higher lies on a surface of more dimensions. It looks at the distance of nearest
    neighbours, so noise of that size counts in full, and it is too low for many dimensions (2,000 Gaussian samples in
    10, 20, 40 dimensions: about 9.4, 16, 23). Invariant to translation, rotation, isotropic scaling. Undefined (nan)
    with fewer than 20 distinct samples, and where all ratios are 1 (a grid). Cost: that of `nearest_neighbours`.
    Source: Facco et al., "Estimating the intrinsic dimension of datasets by a minimal neighborhood information",
    Scientific Reports 2017; the same value as skdim.id.TwoNN (scikit-dimension 0.5) where no samples coincide.
    """
    X = as_double(X)
    if len(X) < FEWEST:
        return float("nan")
    distances = _two_distances(X, nearest_neighbours(X, 2) if neighbours is None else neighbours.to(X.device))
    if bool((distances[:, 0] == 0).any()):
        X = torch.unique(X, dim=0)
        if len(X) < FEWEST:
            return float("nan")
        distances = _two_distances(X, nearest_neighbours(X, 2))
    return intrinsic_dimension_of_distances(distances)


def intrinsic_dimension_of_distances(distances: Tensor) -> float:
    """`intrinsic_dimension` from the distances of each sample to its nearest and second nearest other, (N, 2).

    Of distinct samples: rows that begin with 0 are left out, but coinciding samples also spoil their neighbours' rows.
    """
    if distances.ndim != 2 or distances.shape[1] != 2:
        raise UsageError(f"The distances must be of shape (N, 2), nearest first, not {tuple(distances.shape)}.")
    distances = distances.double()
    apart = distances[distances[:, 0] > 0]
    n = len(apart)
    if n < FEWEST:
        return float("nan")
    kept = int(n * (1 - DISCARDED))
    log_mu = (apart[:, 1] / apart[:, 0]).log().sort().values[:kept]
    steepness = float(log_mu.square().sum())
    if steepness == 0:
        return float("nan")
    below = torch.arange(1, kept + 1, dtype=torch.float64, device=distances.device) / n
    return -float((log_mu * torch.log1p(-below)).sum()) / steepness


def _two_distances(X: Tensor, neighbours: Tensor) -> Tensor:
    """(N, 2) float64: from each row of X to the first two of its `neighbours`, by summed differences, blockwise."""
    n, d = X.shape
    distances = torch.empty(n, 2, dtype=torch.float64, device=X.device)
    rows = max(1, _BLOCK_ELEMENTS // (2 * d))
    for start in range(0, n, rows):
        block = slice(start, start + rows)
        distances[block] = torch.linalg.vector_norm(X[neighbours[block, :2]] - X[block, None], dim=2)
    return distances
