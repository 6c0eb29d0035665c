"""A t-SNE frame: where it starts, by mode, how long it descends from there, and what holds it there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kd_projector.projection.affinities import (
    MIN_SAMPLES,
    neighbour_affinities,
    shared_neighbours,
    tsne_affinities,
)
from kd_projector.projection.estimator import require_perplexity
from kd_projector.projection.nearest import nearest_neighbours
from kd_projector.projection.preprocessing import principal_axes, reduced, unit_radius
from kd_projector.projection.readout import median_readout
from kd_projector.projection.tsne_engine import (
    FROM_MAP,
    Tether,
    cold_phases,
    natural_radius,
    optimise,
    pca_start,
    settle,
)

# Measured between a quarter and one: where distances are short against the kernel's width all samples are equally
# mobile, and motion on the map is truer.
_START_RADIUS = 0.7  # of the natural one
# How strongly a sample is held whose read-out keeps all of its neighbours; the pull goes with the cube of that share.
# Stronger is truer motion for fewer kept neighbours: at 4 every layer of the benchmark keeps at least 95% of an
# independent map's, those that are unlike the reference included.
_PULL = 4.0


def tsne_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) in openTSNE's units, and its Kullback-Leibler divergence.

    params: `perplexity`, which in a read-out frame means half as many neighbours of equal weight.
    """
    perplexity = require_perplexity(params["perplexity"])
    if reference is not None and mode == "readout" and len(X) >= MIN_SAMPLES:
        # In all dimensions: it is those neighbourhoods whose changes the motion is to show.
        neighbours = nearest_neighbours(unit_radius(X), _neighbours(perplexity, len(X)))
        return _readout_map(neighbours, reference, seed)
    X = reduced(X)
    if len(X) < MIN_SAMPLES:
        return principal_axes(X, components).scores(X), 0.0
    affinities = tsne_affinities(X, perplexity)
    if reference is None or mode == "independent":
        return optimise(affinities, pca_start(X, components), cold_phases(len(X)), seed)
    return optimise(affinities, natural_radius(len(X)) * unit_radius(reference), FROM_MAP, seed)


def _neighbours(perplexity: float, samples: int) -> int:
    """So many nearest neighbours of equal weight stand for a Gaussian neighbourhood of this perplexity.

    With 15 for the usual perplexity of 30 a map keeps more of the 15 nearest than with 30 (.607 against .557 of 1,797
    digits' layers), and the measure of its motion is over 15.
    """
    return max(1, min(round(perplexity / 2), samples - 1))


def _readout_map(neighbours: np.ndarray, reference: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    places = _START_RADIUS * natural_radius(len(neighbours)) * median_readout(neighbours, reference)
    # Who is already among his own neighbours need not move; who is not, because the layer is unlike the reference, is
    # free. Without the second, a map of such a layer is its read-out and little else.
    kept = shared_neighbours(nearest_neighbours(places, neighbours.shape[1]), neighbours)
    return settle(neighbour_affinities(neighbours), Tether(places, _PULL * kept**3), seed)
