"""Neighbour read-out: where a frame's samples belong, given only its own neighbourhoods and one reference map.

Each sample belongs where its own neighbours lie on the reference, itself excluded. So all frames of a grid are placed
comparably without ever seeing each other, and what is not in the embedding cannot get into its map: of noise, the
neighbours are random samples, and their middle says nothing.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from kd_projector.projection.affinities import row_weights
from kd_projector.projection.preprocessing import unit_radius

# Of the reference's radius: below this distance a neighbour's pull on the median falls off to nothing instead of
# flipping from one side to the other. Between 0.01 and 0.1 the maps are equally good.
_SOFTENING = 0.02
_MEDIAN_STEPS = 5  # more draw samples onto single neighbours: a little more kept (.430, not .425), motion no truer
_BLOCK_VALUES = 4_000_000  # neighbour coordinates held at a time: 32 MB, whatever N


def readout(affinities: csr_matrix, reference: np.ndarray) -> np.ndarray:
    """(N, C) affinity-weighted means, centred, with RMS radius 1 (all zeros if they coincide).

    affinities: (N, N), symmetric, of the frame's own embedding. reference: (N, C).
    """
    # Centred, so that a sample without any neighbour starts at the centre.
    return unit_radius(np.asarray(row_weights(affinities) @ (reference - reference.mean(axis=0))))


def median_readout(neighbours: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """(N, C) geometric medians of each sample's neighbours, centred, with RMS radius 1 (all zeros if they coincide).

    neighbours: (N, k) indices of the frame's own nearest neighbours, without the sample itself. reference: (N, C).

    The median keeps more neighbours than the mean, which draws a sample to between the clusters if one neighbour lies
    in another; and every neighbour has the same say, so that a sample moves when its neighbours are others, not when
    they are a little nearer. Weiszfeld, "Sur le point pour lequel la somme des distances de n points donnés est
    minimum" (1937), softened as by Vardi & Zhang (2000) where it meets a point.
    """
    places = unit_radius(reference)
    block = max(1, _BLOCK_VALUES // (neighbours.shape[1] * places.shape[1]))
    rows = range(0, len(neighbours), block)
    return unit_radius(np.vstack([_geometric_medians(places[neighbours[at : at + block]]) for at in rows]))


def _geometric_medians(points: np.ndarray) -> np.ndarray:
    """(M, C) the point of least total distance to each row's k points, of (M, k, C)."""
    middle = points.mean(axis=1)
    for _ in range(_MEDIAN_STEPS):
        distances = np.sqrt(np.sum((points - middle[:, None]) ** 2, axis=2) + _SOFTENING**2)
        weights = 1.0 / distances
        middle = np.einsum("mk,mkc->mc", weights / weights.sum(axis=1, keepdims=True), points)
    return np.asarray(middle)
