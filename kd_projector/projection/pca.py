"""PCA as a reducer: exact, deterministic, with a rule for the signs of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from kd_projector.projection.estimator import Reducer, require_count
from kd_projector.projection.preprocessing import principal_axes, unit_radius


class PCA(Reducer):
    """Principal component analysis: the `n_components` directions of largest variance, as a scikit-learn transformer.

    Unlike scikit-learn's, an axis's sign does not depend on how the input is rotated or its samples are ordered, and
    components beyond the data's rank are zero instead of an error, so that a map of one dimension is a line.

    Fitted: `embedding_` (N, C), `mean_` (D,), `components_` (C, D), `explained_variance_ratio_` (C,).
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def _fit_map(self, X: Any) -> None:
        X = self._samples(X, fitting=True)
        require_count("n_components", self.n_components)
        # Values of 1e200 would overflow when squared. A power of two changes no digit of a result.
        self._scale = float(np.ldexp(1.0, np.frexp(np.abs(X).max())[1] - 1))
        X = X / self._scale
        axes = principal_axes(X, self.n_components)
        self.mean_, self.components_ = axes.mean * self._scale, axes.axes
        total = axes.total_variance
        self.explained_variance_ratio_ = axes.variances / total if total > 0 else np.zeros(self.n_components)
        self.embedding_ = axes.scores(X) * self._scale

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) scores of `X` (M, D)."""
        check_is_fitted(self, "embedding_")
        scaled = self._samples(X, fitting=False) / self._scale - self.mean_ / self._scale
        return np.asarray(scaled @ self.components_.T) * self._scale


def pca_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) at unit radius, and the share of the variance that it does not show."""
    axes = principal_axes(unit_radius(X), components)
    return axes.scores(unit_radius(X)), max(0.0, 1.0 - float(axes.variances.sum()) / axes.total_variance)
