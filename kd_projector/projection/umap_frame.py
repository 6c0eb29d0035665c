"""A UMAP frame: where it starts, by mode, and how long it descends from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.preprocessing import principal_axes, reduced, unit_radius
from kd_projector.projection.readout import readout
from kd_projector.projection.umap_engine import (
    NATURAL_RADIUS,
    cross_entropy,
    default_epochs,
    optimise,
    pca_start,
    umap_graph,
)

# A quarter of umap-learn's rate is enough from a start that is good already. Of a student's two layers, 100 epochs kept
# .546 and .524 of the 15 nearest neighbours so, .521 and .502 at the full rate, and .544 and .520 with 500 epochs from
# PCA; two seeds' maps differ by .08 of the radius instead of .14.
EPOCHS_FROM_START, RATE_FROM_START = 100, 0.25


def umap_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) in UMAP's units, and its cross entropy. params: `n_neighbors`, `min_dist`."""
    n_neighbors, min_dist = params["n_neighbors"], params["min_dist"]
    check_parameters(n_neighbors, min_dist)
    X = reduced(X)
    if len(X) < MIN_SAMPLES:
        return principal_axes(X, components).scores(X), 0.0
    graph = umap_graph(X, n_neighbors)
    if reference is None or mode == "independent":
        places = optimise(graph, pca_start(X, components), min_dist, default_epochs(len(X)), seed)
    else:
        shape = unit_radius(reference) if mode == "anchored" else readout(graph, reference)
        places = optimise(graph, NATURAL_RADIUS * shape, min_dist, EPOCHS_FROM_START, seed, RATE_FROM_START)
    return places, cross_entropy(graph, places, min_dist)


def check_parameters(n_neighbors: Any, min_dist: Any) -> None:
    """Raises UsageError for what UMAP cannot use."""
    if isinstance(n_neighbors, bool) or not isinstance(n_neighbors, (int, np.integer)) or n_neighbors < 2:
        raise UsageError(f"n_neighbors is {n_neighbors!r}; it must be a whole number of at least 2.")
    if isinstance(min_dist, bool) or not isinstance(min_dist, (int, float)) or not 0 <= min_dist <= 1:
        raise UsageError(f"min_dist is {min_dist!r}; it must be a number from 0 to 1, the spread.")
