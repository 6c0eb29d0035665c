"""t-SNE as a reducer: a scikit-learn transformer over `tsne_engine`."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES, tsne_affinities
from kd_projector.projection.preprocessing import Reduction, checked_embedding, principal_axes
from kd_projector.projection.tsne_engine import COLD, optimise, pca_start


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
