"""An IVIS frame: trained from nothing, or from what the network can learn of the neighbour read-out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kd_projector.projection.affinities import MIN_SAMPLES, tsne_affinities
from kd_projector.projection.ivis import Ivis
from kd_projector.projection.nearest import GPU_FROM
from kd_projector.projection.preprocessing import reduced
from kd_projector.projection.readout import readout

# Not t-SNE's 30: two steps of a layer keep .327 of 15 neighbours with either, and lie nearer to the reference with 15.
_READOUT_PERPLEXITY = 15


def ivis_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) in margins, and its triplet loss. params: those of `Ivis`; k is clipped to N / 2."""
    X = reduced(X)
    # A small network's step is over on the CPU before a GPU has been told of it.
    device = "auto" if len(X) >= GPU_FROM else "cpu"
    ivis = Ivis(components, random_state=seed, device=device, **params)
    if isinstance(ivis.k, int) and ivis.k > 0:
        ivis.k = max(1, min(ivis.k, (len(X) - 1) // 2))
    start = None
    if reference is not None and mode == "readout" and len(X) >= MIN_SAMPLES:
        start = readout(tsne_affinities(X, _READOUT_PERPLEXITY).P, reference)
    return ivis.fit_transform(X, start=start), ivis.final_loss_
