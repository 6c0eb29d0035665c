"""t-SNE as a reducer, and its optimisation from a given start. The engine is openTSNE."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES, tsne_affinities
from kd_projector.projection.preprocessing import (
    Reduction,
    checked_embedding,
    principal_axes,
    unit_radius,
)

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


class TSNE(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """t-SNE (van der Maaten & Hinton 2008) on 50 principal components with exact neighbours, started from PCA.

    A scikit-learn transformer over openTSNE (Poličar et al. 2024): Barnes-Hut up to 5,000 samples, FFT above. One
    thread. `perplexity` is clipped to (N - 1) / 3; fewer than 5 samples are mapped by PCA.

    Fitted: `embedding_` (N, C) float64 in openTSNE's units, `kl_divergence_`.
    """

    def __init__(self, n_components: int = 2, *, perplexity: float = 30.0, random_state: int | None = 0) -> None:
        self.n_components = n_components
        self.perplexity = perplexity
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> TSNE:
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **fit_params: Any) -> np.ndarray:
        """The map (N, C) of `X` (N, D)."""
        X = checked_embedding(X)
        if not self.perplexity > 0:
            raise UsageError(f"perplexity is {self.perplexity}; it must be positive.")
        self._reduction = Reduction.of(X)
        self._affinities: Any = None
        reduced = self._reduction.apply(X)
        if len(X) < MIN_SAMPLES or not reduced.any():
            self.embedding_, self.kl_divergence_ = principal_axes(reduced, self.n_components).scores(reduced), 0.0
            return self.embedding_
        self._affinities = tsne_affinities(reduced, self.perplexity)
        start = pca_start(reduced, self.n_components)
        self.embedding_, self.kl_divergence_ = optimise(self._affinities, start, COLD, self.random_state)
        return self.embedding_

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) places of new samples `X` (M, D) on the fitted map, which stays as it is."""
        from openTSNE import TSNEEmbedding

        check_is_fitted(self, "embedding_")
        X = checked_embedding(X)
        if self._affinities is None:
            raise UsageError(
                f"This t-SNE was fitted on fewer than {MIN_SAMPLES} different samples; it cannot place new ones."
            )
        on_map = TSNEEmbedding(self.embedding_, self._affinities, n_jobs=1, random_state=0)
        return np.array(on_map.transform(self._reduction.apply(X)))
