"""A UMAP frame: where it starts, by mode, and how long it descends from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.authoring import readout_start
from kd_projector.projection.estimator import require_count, require_number
from kd_projector.projection.preprocessing import principal_axes, reduced, unit_radius
from kd_projector.projection.umap_engine import (
    NATURAL_RADIUS,
    cross_entropy,
    default_epochs,
    optimise,
    pca_start,
    umap_graph,
)

# A tenth of umap-learn's rate settles a start that is good already; more only stirs, for each frame draws its far pairs
# anew; less leaves a layer that is unlike the reference at its read-out, a mush. Neighbours kept and fidelity of the
# motion, of the first stage of the demo's student / of its later two layers: .566 and -.11 / .531 and .08 by 500 epochs
# from PCA; from the read-out at a rate of 0.25 .553 and -.01 / .530 and .13, at 0.1 .545 and .10 / .535 and .30, at
# 0.05 .520 and .19 / .528 and .37, at 0.01 .390 and .32 / .485 and .48.
EPOCHS_FROM_START, RATE_FROM_START = 100, 0.1
_RATE_ANCHORED = 0.01  # such a map is meant to stay near the other


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
        anchored = mode == "anchored"
        shape = unit_radius(reference) if anchored else readout_start(whole, reference, n_neighbors)
        rate = _RATE_ANCHORED if anchored else RATE_FROM_START
        places = optimise(graph, NATURAL_RADIUS * shape, min_dist, EPOCHS_FROM_START, seed, rate)
    return places, cross_entropy(graph, places, min_dist)


def check_parameters(n_neighbors: Any, min_dist: Any) -> None:
    """Raises UsageError for what UMAP cannot use."""
    require_count("n_neighbors", n_neighbors, at_least=2)
    require_number("min_dist", min_dist, lambda number: 0 <= number <= 1, "from 0 to 1, the spread")
