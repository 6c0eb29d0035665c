"""The descent of t-SNE from a given start, in phases. The engine is openTSNE."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kd_projector.projection.preprocessing import principal_axes, unit_radius

_FFT_FROM = 5_000  # below, Barnes-Hut is faster; the interpolation is for maps of one or two dimensions
# Barnes-Hut's accuracy: openTSNE's default is 0.5. On 12 frames of 899 digits 0.8 took 0.8 times the CPU time, with
# .571 of the 15 nearest neighbours kept against .570, and a divergence of 1.034 against 1.039.
_THETA = 0.8
_JITTER = 1e-4  # of the start's radius: samples that start at one place, or all on one line, could never part


@dataclass(frozen=True)
class Phase:
    """`iterations` of gradient descent with attraction multiplied by `exaggeration`."""

    iterations: int
    exaggeration: float
    momentum: float


COLD = (Phase(125, 12.0, 0.5), Phase(250, 1.0, 0.8))  # as good as 250 + 500, measured
FROM_READOUT = (Phase(50, 4.0, 0.5), Phase(100, 1.0, 0.8))
FROM_MAP = (Phase(100, 1.0, 0.8),)


def natural_radius(samples: int) -> float:
    """About the RMS radius, in openTSNE's units, that a t-SNE map of so many samples reaches in the COLD phases.

    Measured: 26 for 899 digits, 34 for 1,797, 36 for 10,000 samples of 60 clusters. The bound matters: the cost of the
    FFT's grid grows with a map's area.
    """
    return min(0.8 * math.sqrt(samples), 36.0)


def optimise(
    affinities: Any, start: np.ndarray, phases: tuple[Phase, ...], seed: int | None = 0
) -> tuple[np.ndarray, float]:
    """Descend from `start` (N, C), in openTSNE's units: the map (N, C) and its Kullback-Leibler divergence.

    `seed` is for the jitter alone.
    """
    from openTSNE import TSNEEmbedding

    samples, components = start.shape
    jitter = np.random.default_rng(seed).standard_normal(start.shape)
    spread = float(np.sqrt(np.mean(start**2))) or 1e-4
    embedding = TSNEEmbedding(
        start + _JITTER * spread * jitter,
        affinities,
        theta=_THETA,
        negative_gradient_method="fft" if samples > _FFT_FROM and components <= 2 else "bh",
        learning_rate="auto",
        n_jobs=1,
        random_state=0,
    )
    for phase in phases:
        embedding.optimize(phase.iterations, exaggeration=phase.exaggeration, momentum=phase.momentum, inplace=True)
    return np.array(embedding), float(embedding.kl_divergence)


def pca_start(X: np.ndarray, components: int) -> np.ndarray:
    """(N, C) the leading principal components of `X`, so small that the start's scale does not matter."""
    return 1e-4 * unit_radius(principal_axes(X, components).scores(X))
