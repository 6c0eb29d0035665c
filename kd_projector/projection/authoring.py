"""What the author of a projection method starts from: the neighbour read-out, in one call. See docs/methods.md."""

from __future__ import annotations

import numpy as np

from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.nearest import nearest_neighbours
from kd_projector.projection.preprocessing import principal_axes, unit_radius
from kd_projector.projection.readout import median_readout


def readout_start(X: np.ndarray, reference: np.ndarray, neighbours: int = 15) -> np.ndarray:
    """(N, C) where the samples `X` (N, D) start on the map `reference` (N, C): mean 0, RMS radius 1.

    Each in the middle (the geometric median) of where its own nearest neighbours lie, itself excluded; so starts a
    t-SNE frame too. It holds nothing that is not in `X`, so a map that starts here passes the controls, while one that
    starts from `reference` itself need not. All zeros if the places coincide. `neighbours` is clipped to N - 1. Fewer
    than 5 samples have no neighbourhoods: their start is their PCA.
    """
    if len(X) < MIN_SAMPLES:
        return unit_radius(principal_axes(unit_radius(X), reference.shape[1]).scores(unit_radius(X)))
    return median_readout(nearest_neighbours(unit_radius(X), min(neighbours, len(X) - 1)), reference)
