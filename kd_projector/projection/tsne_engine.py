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


COLD = (Phase(125, 12.0, 0.5), Phase(250, 1.0, 0.8))  # as good as 250 + 500, measured up to 1,797 samples
# Of 10,000 x 512, against openTSNE's 250 + 500: 125 + 250 ends 3.5% above its divergence, 75 + 250 3.1%, so that a
# shorter first phase pays for a longer second.
COLD_LARGE = (Phase(75, 12.0, 0.5), Phase(325, 1.0, 0.8))
FROM_MAP = (Phase(100, 1.0, 0.8),)


@dataclass(frozen=True)
class Tether:
    """What holds samples to places while they descend: each iteration takes back `pull` (N,) of the way to `places`.

    places: (N, C) in openTSNE's units; also where the descent starts. pull: 0 (free) to 1 (does not move).
    """

    places: np.ndarray
    pull: np.ndarray


# First groups find their shape, drawn together; then their members find theirs. More iterations keep a few neighbours
# more and make motion less true at a constant rate (benchmarks/README.md).
TETHERED = (Phase(50, 4.0, 0.5), Phase(30, 1.0, 0.5))
_TETHERED_RATE = 0.6  # of N, openTSNE's automatic learning rate: the tether and this step are one trade-off
_STRONGEST_PULL = 0.9


def cold_phases(samples: int) -> tuple[Phase, ...]:
    """The phases of a descent from PCA."""
    return COLD_LARGE if samples > _FFT_FROM else COLD


def natural_radius(samples: int) -> float:
    """About the RMS radius, in openTSNE's units, that a t-SNE map of so many samples reaches in its `cold_phases`.

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
    embedding = _embedding(affinities, start, seed)
    for phase in phases:
        embedding.optimize(phase.iterations, exaggeration=phase.exaggeration, momentum=phase.momentum, inplace=True)
    return np.array(embedding), float(embedding.kl_divergence)


def settle(affinities: Any, tether: Tether, seed: int | None = 0) -> tuple[np.ndarray, float]:
    """Descend from the tether's places while held to them: the map (N, C) and its Kullback-Leibler divergence.

    Gradient descent on the divergence plus a quadratic penalty for leaving one's place, the penalty's step taken after
    each of the divergence's (operator splitting). Few iterations, so that what moves a sample is its own neighbourhood
    and not the map's collective modes.
    """
    pull = np.minimum(tether.pull, _STRONGEST_PULL)[:, None]

    def pull_back(iteration: int, divergence: float, positions: np.ndarray) -> bool:
        positions += pull * (tether.places - positions)
        return False  # do not stop

    embedding = _embedding(affinities, tether.places, seed)
    for phase in TETHERED:
        embedding.optimize(
            phase.iterations,
            exaggeration=phase.exaggeration,
            momentum=phase.momentum,
            learning_rate=_TETHERED_RATE * len(tether.places),
            inplace=True,
            callbacks=[pull_back],
            callbacks_every_iters=1,
        )
    return np.array(embedding), float(embedding.kl_divergence)


def _embedding(affinities: Any, start: np.ndarray, seed: int | None) -> Any:
    from openTSNE import TSNEEmbedding

    samples, components = start.shape
    jitter = np.random.default_rng(seed).standard_normal(start.shape)
    spread = float(np.sqrt(np.mean(start**2))) or 1e-4
    return TSNEEmbedding(
        start + _JITTER * spread * jitter,
        affinities,
        theta=_THETA,
        negative_gradient_method="fft" if samples > _FFT_FROM and components <= 2 else "bh",
        learning_rate="auto",
        n_jobs=1,
        random_state=0,
    )


def pca_start(X: np.ndarray, components: int) -> np.ndarray:
    """(N, C) the leading principal components of `X`, so small that the start's scale does not matter."""
    return 1e-4 * unit_radius(principal_axes(X, components).scores(X))
