"""t-SNE as a reducer: a scikit-learn transformer over `tsne_engine`."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES, tsne_affinities
from kd_projector.projection.estimator import FittedRows, Reducer, require_perplexity, seed_of
from kd_projector.projection.preprocessing import Reduction, principal_axes
from kd_projector.projection.threads import one_thread
from kd_projector.projection.tsne_engine import cold_phases, optimise, pca_start


class TSNE(Reducer):
    """t-SNE (van der Maaten & Hinton 2008) on 50 principal components with exact neighbours, started from PCA.

    A scikit-learn transformer over openTSNE (Poličar et al. 2024): Barnes-Hut up to 5,000 samples, FFT above. One
    thread. 1 to 3 components. `perplexity` is clipped to 1..(N - 1) / 3; fewer than 5 samples, or samples that are all
    equal, are mapped by PCA, and so are new ones then. Unsupervised: `y` is ignored.

    Fitted: `embedding_` (N, C) float64 in openTSNE's units, `kl_divergence_`.
    """

    def __init__(self, n_components: int = 2, *, perplexity: float = 30.0, random_state: Any = 0) -> None:
        self.n_components = n_components
        self.perplexity = perplexity
        self.random_state = random_state

    def _fit_map(self, X: Any) -> None:
        X = self._samples(X, fitting=True)
        if self.n_components not in (1, 2, 3):
            raise UsageError(f"n_components is {self.n_components!r}; a t-SNE map has 1, 2 or 3.")
        perplexity = require_perplexity(self.perplexity)
        seed = seed_of(self.random_state)
        self._rows = FittedRows(X)
        with one_thread():
            self._reduction = Reduction.of(X)
            reduced = self._reduction.apply(X)
            self._affinities: Any = None
            if len(X) < MIN_SAMPLES or not reduced.any():
                self._axes = principal_axes(reduced, self.n_components)
                self.embedding_, self.kl_divergence_ = self._axes.scores(reduced), 0.0
                return
            self._affinities = tsne_affinities(reduced, perplexity)
            start = pca_start(reduced, self.n_components)
            self.embedding_, self.kl_divergence_ = optimise(self._affinities, start, cold_phases(len(reduced)), seed)

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) places of samples `X` (M, D) on the fitted map, which stays as it is: fitted ones keep their place."""
        check_is_fitted(self, "embedding_")
        return self._rows.places(self._samples(X, fitting=False), self.embedding_, self._place)

    def _place(self, X: np.ndarray) -> np.ndarray:
        from openTSNE import TSNEEmbedding

        with one_thread():
            X = self._reduction.apply(X)
            if self._affinities is None:
                return self._axes.scores(X)
            on_map = TSNEEmbedding(self.embedding_, self._affinities, n_jobs=1, random_state=0)
            return np.array(on_map.transform(X))
