"""The neighbourhood graph of a frame: exact nearest neighbours, and t-SNE's affinities over them (openTSNE)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

MIN_SAMPLES = 5  # of fewer there are no neighbourhoods to keep: their map is their PCA


def nearest_neighbours(X: np.ndarray, k: int) -> np.ndarray:
    """(N, k) indices of each row's nearest rows of `X` (N, D) by Euclidean distance, exact, itself excluded; k < N."""
    from sklearn.neighbors import NearestNeighbors

    return np.asarray(NearestNeighbors(n_neighbors=k).fit(X).kneighbors(return_distance=False))


def clipped_perplexity(perplexity: float, samples: int) -> float:
    """`perplexity`, or what `samples` allow: each needs three times as many neighbours."""
    return min(float(perplexity), max((samples - 1) / 3, 1.0))


def tsne_affinities(X: np.ndarray, perplexity: float) -> Any:
    """openTSNE's affinities of `X` (N, D), N >= 3, over exact nearest neighbours; `.P` is (N, N), sparse, symmetric."""
    from openTSNE.affinity import PerplexityBasedNN

    return PerplexityBasedNN(X, perplexity=clipped_perplexity(perplexity, len(X)), method="exact", n_jobs=1)


def row_weights(affinities: csr_matrix) -> csr_matrix:
    """`affinities` (N, N) with a zero diagonal and rows that sum to 1 (or to 0, where a sample has no neighbour)."""
    weights = csr_matrix(affinities, copy=True)
    # A sample must not vote for its own place on the reference: that is how a reference leaks into a map of noise.
    weights.setdiag(0.0)
    weights.eliminate_zeros()
    sums = np.asarray(weights.sum(axis=1)).ravel()
    weights.data /= np.repeat(np.where(sums > 0, sums, 1.0), np.diff(weights.indptr))
    return weights
