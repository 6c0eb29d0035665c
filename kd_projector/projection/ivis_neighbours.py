"""Where IVIS's positives come from: the nearest by one of the ivis package's metrics, or a given matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.projection.nearest import nearest_neighbours

METRICS = ("euclidean", "angular", "manhattan", "hamming", "dot")
_BLOCK = 1024  # rows of scalar products at a time


@dataclass(frozen=True)
class Neighbours:
    """indices: (N, K) of samples; a row with fewer repeats itself. counts: (N,) how many of a row to draw from."""

    indices: Tensor
    counts: Tensor

    def to(self, device: torch.device) -> Neighbours:
        return Neighbours(self.indices.to(device), self.counts.to(device))


def neighbours_by(metric: str, k: int, X: np.ndarray, reduced: np.ndarray) -> Neighbours:
    """The `k` nearest of each row, itself excluded, exact. k < N.

    X: (N, D) as given, reduced: (N, at most 50) the same at unit radius on its principal components, which is what
    Euclidean neighbours are looked up in. "angular", "manhattan", "hamming" and "dot" mean the values as given.
    """
    if metric == "euclidean":
        found = nearest_neighbours(reduced, k)
    elif metric == "angular":
        lengths = np.linalg.norm(X, axis=1, keepdims=True)
        found = nearest_neighbours(X / np.where(lengths > 0, lengths, 1.0), k)
    elif metric == "dot":
        found = _largest_products(X, k)
    else:
        from sklearn.neighbors import NearestNeighbors

        search = NearestNeighbors(n_neighbors=k, metric=metric, algorithm="brute").fit(X)
        found = search.kneighbors(return_distance=False)
    indices = torch.from_numpy(np.asarray(found, dtype=np.int64))
    return Neighbours(indices, torch.full((len(X),), k))


def given_neighbours(matrix: Any, samples: int) -> Neighbours:
    """The neighbours in `matrix`: (N, K) indices, or a sequence of N sequences of indices, not all of one length.

    Raises UsageError where it does not fit `samples` rows.
    """
    try:
        given = len(matrix)
    except TypeError:
        raise UsageError(f"neighbour_matrix is {matrix!r}; give (N, K) indices, or N sequences of them.") from None
    if given != samples:
        raise UsageError(f"neighbour_matrix has {given} rows, X has {samples}; each sample needs its own.")
    rows = [np.asarray(matrix[row]) for row in range(samples)]
    for number, row in enumerate(rows):
        if row.ndim != 1 or not len(row) or not np.issubdtype(row.dtype, np.integer):
            raise UsageError(f"Row {number} of neighbour_matrix is {row!r}; give at least one index of a sample.")
        if row.min() < 0 or row.max() >= samples:
            raise UsageError(
                f"Row {number} of neighbour_matrix names {row.min()} to {row.max()}; samples are 0 to {samples - 1}."
            )
        if len(np.union1d(row, [number])) == samples:
            raise UsageError(f"Row {number} of neighbour_matrix names all samples; some must be left to be negatives.")
    widest = max(map(len, rows))
    # Repeats are never drawn; they only stand where a tensor must have a value.
    padded = np.stack([np.resize(row, widest) for row in rows])
    return Neighbours(torch.from_numpy(padded.astype(np.int64)), torch.tensor([len(row) for row in rows]))


def _largest_products(X: np.ndarray, k: int) -> np.ndarray:
    found = np.empty((len(X), k), dtype=np.int64)
    for start in range(0, len(X), _BLOCK):
        products = X[start : start + _BLOCK] @ X.T
        rows = np.arange(len(products))
        products[rows, start + rows] = -np.inf
        found[start : start + _BLOCK] = np.argpartition(-products, k - 1, axis=1)[:, :k]
    return found
