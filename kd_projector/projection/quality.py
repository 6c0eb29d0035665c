"""How far a map can be trusted: which neighbours it keeps, for each sample and over all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kd_projector.projection.affinities import nearest_neighbours
from kd_projector.projection.preprocessing import unit_radius

NEIGHBOURS = 15
_BLOCK_VALUES = 2_000_000  # distances held at a time: 16 MB, whatever N


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


def map_quality(embedding: np.ndarray, coordinates: np.ndarray, k: int = NEIGHBOURS) -> MapQuality:
    """The quality of a map `coordinates` (N, C) of `embedding` (N, D), over `k` nearest neighbours (or N - 1).

    Where distances in the embedding tie (duplicates), any of the tied neighbours counts as kept. Exact; memory grows
    with N, not with N x N. Trustworthiness: Venna & Kaski, "Neighborhood preservation in nonlinear projection methods"
    (2001), as in scikit-learn, which also needs k < N / 2; so k is clipped to that for it.
    """
    samples = len(embedding)
    k = min(k, samples - 1)
    if k == 0:  # a single sample has no neighbour to lose
        return MapQuality(np.ones(1, np.float32), 1.0)
    X = unit_radius(embedding)
    on_map = nearest_neighbours(unit_radius(coordinates), k)
    k_trust = min(k, (samples - 1) // 2)
    norms = np.sum(X**2, axis=1)
    kept = np.empty(samples, np.float32)
    penalty = 0
    block = max(1, _BLOCK_VALUES // samples)
    for start in range(0, samples, block):
        rows = np.arange(start, min(start + block, samples))
        distances = norms[rows, None] + norms - 2.0 * (X[rows] @ X.T)
        distances[np.arange(len(rows)), rows] = np.inf
        of_map_neighbours = np.take_along_axis(distances, on_map[rows], axis=1)
        within = np.partition(distances, k - 1, axis=1)[:, k - 1]
        # Equal distances differ in their last digits when computed through scalar products; the radius is 1.
        kept[rows] = np.mean(of_map_neighbours <= within[:, None] + 1e-12 * (1.0 + norms[rows, None]), axis=1)
        for column in range(k_trust):
            rank = 1 + np.count_nonzero(distances < of_map_neighbours[:, column, None] - 1e-12, axis=1)
            penalty += int(np.maximum(rank - k_trust, 0).sum())
    worst = samples * k_trust * (2 * samples - 3 * k_trust - 1) / 2
    return MapQuality(kept, 1.0 - penalty / worst if worst > 0 else 1.0)
