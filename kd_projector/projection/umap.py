"""UMAP as a reducer: a scikit-learn transformer over `umap_engine`."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.estimator import FittedRows, Reducer, require_count, seed_of
from kd_projector.projection.methods import method_named
from kd_projector.projection.preprocessing import Reduction, principal_axes
from kd_projector.projection.threads import one_thread
from kd_projector.projection.umap_engine import cross_entropy, default_epochs, optimise, pca_start, place, umap_graph
from kd_projector.projection.umap_frame import check_parameters


class UMAP(Reducer):
    """UMAP (McInnes, Healy & Melville 2018) on 50 principal components with exact neighbours, started from PCA.

    A scikit-learn transformer over umap-learn, whose parameters' names and defaults these are; unlike umap-learn's own,
    of one seed always the same map, on one thread. `n_neighbors` counts the sample itself and is clipped to N;
    n_epochs: None takes 500, or 200 for more than 10,000 samples. Fewer than 5 samples, or samples that are all equal,
    are mapped by PCA, and so are new ones then. Unsupervised: `y` is ignored.

    Fitted: `embedding_` (N, C) float64 in UMAP's units; `graph_` (N, N), the memberships of its fuzzy simplicial set
    (None where PCA stood in); `cross_entropy_`, per sample.
    Raises UsageError where the extra `kd_projector[umap]` is not installed, and for what makes no map.
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        n_neighbors: int = 15,
        min_dist: float = 0.1,
        n_epochs: int | None = None,
        random_state: Any = 0,
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.min_dist = min_dist
        self.n_epochs = n_epochs
        self.random_state = random_state

    def _fit_map(self, X: Any) -> None:
        method_named("umap")
        X = self._samples(X, fitting=True)
        require_count("n_components", self.n_components)
        check_parameters(self.n_neighbors, self.min_dist)
        if self.n_epochs is not None:
            require_count("n_epochs", self.n_epochs)
        self._seed = seed_of(self.random_state)
        self._rows = FittedRows(X)
        with one_thread():
            self._reduction = Reduction.of(X)
            self._fitted = self._reduction.apply(X)
            self.graph_: Any = None
            self.cross_entropy_ = 0.0
            if len(X) < MIN_SAMPLES or not self._fitted.any():
                self._axes = principal_axes(self._fitted, self.n_components)
                self.embedding_ = self._axes.scores(self._fitted)
                return
            self.graph_ = umap_graph(self._fitted, self.n_neighbors)
            start = pca_start(self._fitted, self.n_components)
            self.embedding_ = optimise(self.graph_, start, self.min_dist, self._epochs, self._seed)
            self.cross_entropy_ = cross_entropy(self.graph_, self.embedding_, self.min_dist)

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) places of samples `X` (M, D) on the fitted map, which stays as it is: fitted ones keep their place.

        Where a new one comes to lie depends a little on the others of the call, as in umap-learn: they share one stream
        of far samples drawn at random. The same call gives the same places.
        """
        check_is_fitted(self, "embedding_")
        return self._rows.places(self._samples(X, fitting=False), self.embedding_, self._place)

    def _place(self, X: np.ndarray) -> np.ndarray:
        with one_thread():
            X = self._reduction.apply(X)
            if self.graph_ is None:
                return self._axes.scores(X)
            return place(X, self._fitted, self.embedding_, self.n_neighbors, self.min_dist, self._epochs, self._seed)

    @property
    def _epochs(self) -> int:
        return default_epochs(len(self._fitted)) if self.n_epochs is None else self.n_epochs
