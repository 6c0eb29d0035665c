"""A t-SNE frame: where it starts, by mode, and how long it descends from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES, tsne_affinities
from kd_projector.projection.preprocessing import principal_axes, reduced, unit_radius
from kd_projector.projection.readout import readout
from kd_projector.projection.tsne_engine import COLD, FROM_MAP, FROM_READOUT, natural_radius, optimise, pca_start


def tsne_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) in openTSNE's units, and its Kullback-Leibler divergence. params: `perplexity`."""
    perplexity = params["perplexity"]
    if not (isinstance(perplexity, (int, float)) and perplexity > 0):
        raise UsageError(f"perplexity is {perplexity!r}; it must be a positive number.")
    X = reduced(X)
    if len(X) < MIN_SAMPLES:
        return principal_axes(X, components).scores(X), 0.0
    affinities = tsne_affinities(X, perplexity)
    if reference is None or mode == "independent":
        return optimise(affinities, pca_start(X, components), COLD, seed)
    if mode == "anchored":
        return optimise(affinities, natural_radius(len(X)) * unit_radius(reference), FROM_MAP, seed)
    return optimise(affinities, natural_radius(len(X)) * readout(affinities.P, reference), FROM_READOUT, seed)
