"""How a finished map is laid onto the reference map, or turned into a standard position where there is none.

Only moves that keep a map's shape: rotation, reflection, shift and one scale for both axes.
"""

from __future__ import annotations

import numpy as np

from kd_projector.projection.preprocessing import principal_axes, radius, unit_radius


def aligned(moving: np.ndarray, target: np.ndarray) -> np.ndarray:
    """`moving` (N, C) laid onto `target` (N, C): orthogonal Procrustes with the same samples in the same rows.

    The result has the target's mean and RMS radius (1, if the target is a single point). The radius is copied rather
    than fitted: the least-squares scale shrinks a map the more it disagrees with the target, towards one point, and the
    scale of a t-SNE map means nothing. A `moving` that is a single point comes to lie on the target's mean.

    Rotation: Schönemann, "A generalized solution of the orthogonal Procrustes problem" (1966).
    """
    centre = target.mean(axis=0)
    shape, goal = unit_radius(moving), unit_radius(target)
    left, _, right = np.linalg.svd(shape.T @ goal)
    scale = radius(target) if goal.any() else 1.0
    return np.asarray(shape @ (left @ right) * scale + centre)


def canonical(coordinates: np.ndarray) -> np.ndarray:
    """`coordinates` (N, C) in standard position: mean 0, RMS radius 1, widest along x, longer tails positive."""
    shape = unit_radius(coordinates)
    # A full rotation even if the points lie on a line: zero axes only drop what has no spread.
    return principal_axes(shape, shape.shape[1]).scores(shape)
