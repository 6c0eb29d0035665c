"""A UMAP frame: where it starts, by mode, and how long it descends from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.authoring import readout_start
from kd_projector.projection.preprocessing import principal_axes, reduced, unit_radius
from kd_projector.projection.umap_engine import (
    NATURAL_RADIUS,
    cross_entropy,
    default_epochs,
    optimise,
    pca_start,
    umap_graph,
)

# A hundredth of umap-learn's rate settles a start that is good already; more only stirs, for each frame draws its far
# pairs anew. Of 7 steps of a student's layer (1,797 digits), neighbours kept and fidelity of the motion: .531 and -.10
# with 500 epochs from PCA; from the read-out .529 and .02 at a rate of 0.25, .533 and .17 at 0.05, .521 and .29 at
# 0.01, .508 and .33 at 0.005; .436 and .54 where it stays at the read-out.
EPOCHS_FROM_START, RATE_FROM_START = 100, 0.01


def umap_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) in UMAP's units, and its cross entropy. params: `n_neighbors`, `min_dist`."""
    n_neighbors, min_dist = params["n_neighbors"], params["min_dist"]
    check_parameters(n_neighbors, min_dist)
    whole, X = X, reduced(X)
    if len(X) < MIN_SAMPLES:
        return principal_axes(X, components).scores(X), 0.0
    graph = umap_graph(X, n_neighbors)
    if reference is None or mode == "independent":
        places = optimise(graph, pca_start(X, components), min_dist, default_epochs(len(X)), seed)
    else:
        shape = unit_radius(reference) if mode == "anchored" else readout_start(whole, reference, n_neighbors)
        places = optimise(graph, NATURAL_RADIUS * shape, min_dist, EPOCHS_FROM_START, seed, RATE_FROM_START)
    return places, cross_entropy(graph, places, min_dist)


def check_parameters(n_neighbors: Any, min_dist: Any) -> None:
    """Raises UsageError for what UMAP cannot use."""
    if isinstance(n_neighbors, bool) or not isinstance(n_neighbors, (int, np.integer)) or n_neighbors < 2:
        raise UsageError(f"n_neighbors is {n_neighbors!r}; it must be a whole number of at least 2.")
    if isinstance(min_dist, bool) or not isinstance(min_dist, (int, float)) or not 0 <= min_dist <= 1:
        raise UsageError(f"min_dist is {min_dist!r}; it must be a number from 0 to 1, the spread.")
