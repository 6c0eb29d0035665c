"""What the author of a projection method starts from: the neighbour read-out, in one call. See docs/methods.md."""

from __future__ import annotations

import numpy as np

from kd_projector.projection.affinities import MIN_SAMPLES, tsne_affinities
from kd_projector.projection.preprocessing import principal_axes, reduced, unit_radius
from kd_projector.projection.readout import readout


def readout_start(X: np.ndarray, reference: np.ndarray, perplexity: float = 30.0) -> np.ndarray:
    """(N, C) where the samples `X` (N, D) start on the map `reference` (N, C): mean 0, RMS radius 1.

    Each at the affinity-weighted mean of its own neighbours' places, itself excluded, over t-SNE's affinities on 50
    principal components. It holds nothing that is not in `X`, so a map that starts here and forgets it may pass the
    controls; a map that starts from `reference` itself will not. Fewer than 5 samples have no neighbourhoods: their
    start is their PCA.
    """
    X, components = reduced(X), reference.shape[1]
    if len(X) < MIN_SAMPLES:
        return unit_radius(principal_axes(X, components).scores(X))
    return readout(tsne_affinities(X, perplexity).P, reference)
