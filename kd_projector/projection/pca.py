"""PCA as a reducer: exact, deterministic, with a rule for the signs of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from kd_projector.projection.preprocessing import checked_embedding, principal_axes, unit_radius


class PCA(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Principal component analysis: the `n_components` directions of largest variance, as a scikit-learn transformer.

    Unlike scikit-learn's, an axis's sign does not depend on how the input is rotated or its samples are ordered, and
    components beyond the data's rank are zero instead of an error, so that a map of one dimension is a line.

    Fitted: `mean_` (D,), `components_` (C, D), `explained_variance_ratio_` (C,).
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def fit(self, X: Any, y: Any = None) -> PCA:
        axes = principal_axes(checked_embedding(X), self.n_components)
        self.mean_ = axes.mean
        self.components_ = axes.axes
        total = axes.total_variance
        self.explained_variance_ratio_ = axes.variances / total if total > 0 else np.zeros(self.n_components)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """(N, C) scores of `X` (N, D)."""
        check_is_fitted(self)
        return np.asarray((checked_embedding(X) - self.mean_) @ self.components_.T)


def pca_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D) at unit radius, and the share of the variance that it does not show."""
    axes = principal_axes(unit_radius(X), components)
    return axes.scores(unit_radius(X)), max(0.0, 1.0 - float(axes.variances.sum()) / axes.total_variance)
