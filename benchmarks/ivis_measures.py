"""The five measures by which IVIS maps are compared; what they need of the samples is computed once for all maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from kd_projector.projection.nearest import nearest_neighbours

NEIGHBOURS = 15
MEASURES = ("label accuracy", "15-NN kept", "trustworthiness", "Spearman of distances", "triplet accuracy")
_PAIRS = 200_000  # random pairs and triplets of samples: their sampling error is below .002


@dataclass(frozen=True)
class Measured:
    """What maps of one data set are held against. ranks: (N, N) uint16, the row's sample is of rank 0."""

    labels: np.ndarray
    ranks: np.ndarray
    pairs: np.ndarray
    distance_ranks: np.ndarray
    triplets: np.ndarray
    first_is_nearer: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray, labels: np.ndarray) -> Measured:
        """X: (N, D), N < 65,536. labels: (N,) from 0."""
        rng = np.random.default_rng(0)
        pairs = rng.integers(0, len(X), (2, _PAIRS))
        pairs = pairs[:, pairs[0] != pairs[1]]
        a, b, c = rng.integers(0, len(X), (3, _PAIRS))
        triplets = np.stack([a, b, c])[:, (a != b) & (a != c) & (b != c)]
        return cls(labels, _ranks(X), pairs, rankdata(_distances(X, *pairs)), triplets, _first_is_nearer(X, *triplets))

    def of_map(self, places: np.ndarray) -> np.ndarray:
        """(5,) MEASURES of the map (N, C), 0..1, more is better."""
        places = np.asarray(places, np.float64)
        near = nearest_neighbours(places, NEIGHBOURS)
        samples = len(places)
        votes = np.eye(self.labels.max() + 1)[self.labels[near]].sum(axis=1)
        ranks = self.ranks[np.arange(samples)[:, None], near].astype(np.float64)
        worst = samples * NEIGHBOURS * (2 * samples - 3 * NEIGHBOURS - 1) / 2
        on_map = rankdata(_distances(places, *self.pairs))
        return np.array(
            [
                np.mean(votes.argmax(axis=1) == self.labels),
                np.mean(ranks <= NEIGHBOURS),
                1 - np.maximum(ranks - NEIGHBOURS, 0).sum() / worst,
                np.corrcoef(self.distance_ranks, on_map)[0, 1],
                np.mean(_first_is_nearer(places, *self.triplets) == self.first_is_nearer),
            ]
        )


def _distances(points: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(points[left] - points[right], axis=1))


def _first_is_nearer(points: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return np.asarray(_distances(points, a, b) < _distances(points, a, c))


def _ranks(X: np.ndarray) -> np.ndarray:
    X = X.astype(np.float64)
    norms = np.sum(X**2, axis=1)
    ranks = np.empty((len(X), len(X)), np.uint16)
    for start in range(0, len(X), 500):
        distances = norms - 2 * X[start : start + 500] @ X.T
        rows = np.arange(len(distances))
        distances[rows, start + rows] = -np.inf
        order = distances.argsort(axis=1)
        np.put_along_axis(ranks[start : start + 500], order, np.arange(len(X), dtype=np.uint16)[None], axis=1)
    return ranks
