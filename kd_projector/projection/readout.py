"""Neighbour read-out: where a frame starts, given only its own neighbourhoods and one reference map.

Each sample starts at the affinity-weighted mean of where its own neighbours lie on the reference, itself excluded. So
all frames of a grid start comparably without ever seeing each other, and what is not in the embedding cannot get into
its map: of noise, the neighbours are random samples, and their mean says nothing.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from kd_projector.projection.affinities import row_weights
from kd_projector.projection.preprocessing import unit_radius


def readout(affinities: csr_matrix, reference: np.ndarray) -> np.ndarray:
    """(N, C) read-out positions, centred, with RMS radius 1 (all zeros if they coincide).

    affinities: (N, N), symmetric, of the frame's own embedding. reference: (N, C).
    """
    # Centred, so that a sample without any neighbour starts at the centre.
    return unit_radius(np.asarray(row_weights(affinities) @ (reference - reference.mean(axis=0))))
