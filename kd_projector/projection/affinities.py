"""The neighbourhood graph of a frame: t-SNE's affinities over nearest neighbours (openTSNE)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from kd_projector.projection.nearest import distances_to, nearest_neighbours

MIN_SAMPLES = 5  # of fewer there are no neighbourhoods to keep: their map is their PCA


def clipped_perplexity(perplexity: float, samples: int) -> float:
    """`perplexity`, or what `samples` allow: each needs three times as many neighbours."""
    return min(float(perplexity), max((samples - 1) / 3, 1.0))


@dataclass(frozen=True)
class NeighbourIndex:
    """How openTSNE asks for neighbours (its `KNNIndex`), answered by `nearest_neighbours`.

    X: (N, D). k: how many each sample has.
    """

    X: np.ndarray
    k: int

    @property
    def n_samples(self) -> int:
        return len(self.X)

    def build(self) -> tuple[np.ndarray, np.ndarray]:
        """(N, k) indices and distances."""
        found = nearest_neighbours(self.X, self.k)
        return found, distances_to(self.X, found)

    def query(self, new: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """(M, k) indices and distances of the nearest of X to samples that are not among them."""
        from sklearn.neighbors import NearestNeighbors

        distances, found = NearestNeighbors(n_neighbors=k).fit(self.X).kneighbors(new)
        return found, distances


def tsne_affinities(X: np.ndarray, perplexity: float) -> Any:
    """openTSNE's affinities of `X` (N, D), N >= 3, over nearest neighbours; `.P` is (N, N), sparse, symmetric."""
    from openTSNE.affinity import PerplexityBasedNN

    perplexity = clipped_perplexity(perplexity, len(X))
    index = NeighbourIndex(X, min(len(X) - 1, int(3 * perplexity)))  # as many as openTSNE would look for
    return PerplexityBasedNN(knn_index=index, perplexity=perplexity, n_jobs=1)


def neighbour_affinities(neighbours: np.ndarray) -> Any:
    """openTSNE's affinities over `neighbours` (N, k), all with the same weight; `.P` is (N, N), sparse, symmetric.

    They depend on who the neighbours are and on nothing else.
    """
    from openTSNE.affinity import PrecomputedAffinities

    samples, k = neighbours.shape
    ends = np.arange(0, samples * k + 1, k)
    directed = csr_matrix((np.full(samples * k, 0.5 / (samples * k)), neighbours.ravel(), ends), (samples, samples))
    symmetric = csr_matrix(directed + directed.T)
    symmetric.sort_indices()
    return PrecomputedAffinities(symmetric, normalize=False)


def shared_neighbours(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(N,) the share of each row's entries of `one` (N, k) that are in the same row of `other` (N, k) too."""
    samples, k = one.shape
    ends = np.arange(0, samples * k + 1, k)
    ones = np.ones(samples * k)
    first, second = (csr_matrix((ones, rows.ravel(), ends), (samples, samples)) for rows in (one, other))
    return np.asarray(first.multiply(second).sum(axis=1) / k).ravel()


def row_weights(affinities: csr_matrix) -> csr_matrix:
    """`affinities` (N, N) with a zero diagonal and rows that sum to 1 (or to 0, where a sample has no neighbour)."""
    weights = csr_matrix(affinities, copy=True)
    # A sample must not vote for its own place on the reference: that is how a reference leaks into a map of noise.
    weights.setdiag(0.0)
    weights.eliminate_zeros()
    sums = np.asarray(weights.sum(axis=1)).ravel()
    weights.data /= np.repeat(np.where(sums > 0, sums, 1.0), np.diff(weights.indptr))
    return weights
