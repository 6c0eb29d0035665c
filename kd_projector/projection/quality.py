"""How far a map can be trusted: which neighbours it keeps, for each sample and over all; and what truly changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kd_projector.projection.nearest import distances_to, nearest_neighbours
from kd_projector.projection.preprocessing import unit_radius

NEIGHBOURS = 15
_BLOCK_VALUES = 2_000_000  # distances held at a time: 16 MB, whatever N
# Trustworthiness needs the rank of every map neighbour among all samples. Over more samples than these it is measured
# for evenly spaced ones: as a mean over so many its standard error is below 0.001.
_RANKED_SAMPLES = 2_000


@dataclass(frozen=True)
class MapQuality:
    """kept: (N,) float32, the share of each sample's nearest neighbours on the map that are so in the embedding too.

    trustworthiness: 0..1, more is better; 0.5 is about chance.
    """

    kept: np.ndarray
    trustworthiness: float

    @property
    def neighbours_kept(self) -> float:
        """The mean of `kept`: 0..1, more is better; chance is k / (N - 1)."""
        return float(self.kept.mean(dtype=np.float64))


@dataclass(frozen=True)
class Neighbourhoods:
    """Who is near whom in one embedding: X (N, D) at unit radius, neighbours (N, k), reach (N,), tied (N,).

    neighbours: indices, nearest first. reach: the distance from each sample to its k-th neighbour. Whoever lies within
    it counts as a neighbour, so that ties (duplicates) are no matter of chance. tied: bool, whether the next one lies
    within it too: then who is among the k is no property of the embedding (as in `measures.neighbours`, where such
    samples are not `determined`).
    """

    X: np.ndarray
    neighbours: np.ndarray
    reach: np.ndarray
    tied: np.ndarray

    @classmethod
    def of(cls, embedding: np.ndarray, k: int = NEIGHBOURS) -> Neighbourhoods:
        """The `k` nearest neighbours (or N - 1) in `embedding` (N, D)."""
        X = unit_radius(embedding)
        k = min(k, len(X) - 1)
        found = _neighbours(X, min(k + 1, len(X) - 1))
        distances = distances_to(X, found)
        # A search orders by distances that it has only to some digits; these are to all.
        order = distances.argsort(axis=1, kind="stable")
        found, distances = np.take_along_axis(found, order, axis=1), np.take_along_axis(distances, order, axis=1)
        reach = distances[:, :k].max(axis=1, initial=0.0)
        return cls(X, found[:, :k], reach, np.asarray(_within(distances[:, k:], reach).any(axis=1)))

    def share_within(self, others: np.ndarray) -> np.ndarray:
        """(N,) float32: the share of each row of `others` (N, k), indices, that are neighbours of that row's sample."""
        if others.shape[1] == 0:  # a single sample has no neighbour to lose
            return np.ones(len(others), np.float32)
        return np.asarray(_within(distances_to(self.X, others), self.reach).mean(axis=1), dtype=np.float32)


def map_quality(embedding: Neighbourhoods, coordinates: np.ndarray) -> MapQuality:
    """The quality of a map `coordinates` (N, C) of `embedding`, over as many neighbours as that has."""
    k = embedding.neighbours.shape[1]
    on_map = _neighbours(unit_radius(coordinates), k)
    return MapQuality(embedding.share_within(on_map), trustworthiness(embedding.X, on_map))


def trustworthiness(X: np.ndarray, on_map: np.ndarray) -> float:
    """How near in `X` (N, D) the map neighbours `on_map` (N, k) are: 1 if no stranger is among them, 0.5 by chance.

    Venna & Kaski, "Neighborhood preservation in nonlinear projection methods" (2001), as in scikit-learn, which also
    needs k < N / 2; so k is clipped to that. Memory grows with N, not with N x N.
    """
    samples = len(X)
    k = min(on_map.shape[1], (samples - 1) // 2)
    if k == 0:
        return 1.0
    ranked = np.arange(samples)[:: -(-samples // _RANKED_SAMPLES)]
    norms = np.sum(X**2, axis=1)
    penalty = 0
    block = max(1, _BLOCK_VALUES // samples)
    for start in range(0, len(ranked), block):
        rows = ranked[start : start + block]
        distances = norms[rows, None] + norms - 2.0 * (X[rows] @ X.T)
        distances[np.arange(len(rows)), rows] = np.inf
        of_map_neighbours = np.take_along_axis(distances, on_map[rows], axis=1)
        for column in range(k):
            # Equal distances differ in their last digits when computed through scalar products; the radius is 1.
            rank = 1 + np.count_nonzero(distances < of_map_neighbours[:, column, None] - 1e-12, axis=1)
            penalty += int(np.maximum(rank - k, 0).sum())
    worst = len(ranked) * k * (2 * samples - 3 * k - 1) / 2
    return 1.0 - penalty / worst if worst > 0 else 1.0


def neighbourhood_change(before: Neighbourhoods, now: Neighbourhoods) -> np.ndarray:
    """(N,) float32: the share of each sample's nearest neighbours now that were not among them before; 0..1.

    The two embeddings are of the same samples in the same order; their dimensions need not be the same. It is a
    property of the embeddings alone: no map has a part in it.
    """
    return 1.0 - before.share_within(now.neighbours)


def _within(distances: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """(N, M) bool: which of each sample's `distances` (N, M) are no longer than its `reach` (N,).

    Equal distances may differ in their last digits.
    """
    return np.asarray(distances <= reach[:, None] * (1 + 1e-9) + 1e-12)


def _neighbours(X: np.ndarray, k: int) -> np.ndarray:
    return nearest_neighbours(X, k) if k else np.empty((len(X), 0), np.int64)
