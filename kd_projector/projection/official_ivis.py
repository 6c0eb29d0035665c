"""The ivis package by its authors as a reducer, run in a process of its own: tensorflow never loads into this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from kd_projector.errors import UsageError
from kd_projector.projection import official_ivis_client as package
from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.estimator import Reducer, require_count, seed_of
from kd_projector.projection.methods import method_named
from kd_projector.projection.preprocessing import PrincipalAxes, principal_axes, reduced, unit_radius

TIMEOUT_S = 3600.0  # a fit of 10,000 samples takes a minute


class OfficialIvis(Reducer):
    """`ivis.Ivis` (the package ivis 2, on tensorflow through tf-keras) behind a scikit-learn transformer's face.

    Parameters are the package's own; k is clipped to N - 2 and batch_size to N, which it demands. Its k of 150 suits
    large data sets, so the default here is 15. Unsupervised: `y` is ignored. As in the package, the samples' scale is
    the caller's to choose. Fewer than 5 samples, or all equal ones, are mapped by PCA.

    timeout: seconds after which a fit is given up (None: never). The process is started at the first fit, kept for the
    next ones and ended with this process; fits of several threads wait for each other. It computes on one thread with
    deterministic kernels, so that one seed gives one map, to the last digit.

    Fitted: `embedding_` (N, C) float64; `loss_history_` (one value an epoch); `fit_seconds_` and `fit_cpu_seconds_` of
    `ivis.Ivis.fit` alone, without the process's start and the way there; `network_`, the Keras network as plain arrays
    (None where PCA stood in), so that a fitted reducer can be pickled.

    Raises UsageError where the extra `kd_projector[ivis]` is not installed, KDProjectorError when the package fails.
    """

    def __init__(
        self,
        embedding_dims: int = 2,
        *,
        k: int = 15,
        distance: str = "pn",
        batch_size: int = 128,
        epochs: int = 1000,
        n_epochs_without_progress: int = 20,
        n_trees: int = 50,
        knn_distance_metric: str = "euclidean",
        model: str = "szubert",
        random_state: Any = 0,
        timeout: float | None = TIMEOUT_S,
    ) -> None:
        self.embedding_dims = embedding_dims
        self.k = k
        self.distance = distance
        self.batch_size = batch_size
        self.epochs = epochs
        self.n_epochs_without_progress = n_epochs_without_progress
        self.n_trees = n_trees
        self.knn_distance_metric = knn_distance_metric
        self.model = model
        self.random_state = random_state
        self.timeout = timeout

    def _fit_map(self, X: Any) -> None:
        method_named("ivis-official")
        X = self._samples(X, fitting=True)
        parameters = self._package_parameters(len(X))
        self.network_: package.IvisNetwork | None = None
        self._axes: PrincipalAxes | None = None
        self.loss_history_: list[float] = []
        self.fit_seconds_ = self.fit_cpu_seconds_ = 0.0
        if len(X) < MIN_SAMPLES or not unit_radius(X).any():
            self._axes = principal_axes(X, self.embedding_dims)
            self.embedding_ = self._axes.scores(X)
            return
        fitted = package.fit(X, parameters, self.timeout)
        self.network_ = fitted.network
        self.loss_history_ = fitted.history["loss_history"]
        self.fit_seconds_ = fitted.history["fit_seconds"]
        self.fit_cpu_seconds_ = fitted.history["fit_cpu_seconds"]
        self.embedding_ = fitted.embedding.astype(np.float64)

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) places of samples `X` (M, D) by the fitted network."""
        check_is_fitted(self, "embedding_")
        X = self._samples(X, fitting=False)
        if self._axes is not None:
            return self._axes.scores(X)
        assert self.network_ is not None
        return package.transform(X, self.network_, self.timeout).astype(np.float64)

    def _package_parameters(self, samples: int) -> dict[str, Any]:
        """The arguments of `ivis.Ivis`, clipped to what so many samples allow, and the seed."""
        for name in ("embedding_dims", "k", "batch_size", "epochs", "n_epochs_without_progress", "n_trees"):
            require_count(name, getattr(self, name))
        if self.timeout is not None and not self.timeout > 0:
            raise UsageError(f"timeout is {self.timeout!r}; give a positive number of seconds, or None for no limit.")
        parameters = self.get_params()
        del parameters["timeout"]
        parameters["k"] = min(self.k, samples - 2)
        parameters["batch_size"] = min(self.batch_size, samples)
        parameters["random_state"] = seed_of(self.random_state)
        return {name: int(value) if isinstance(value, np.integer) else value for name, value in parameters.items()}


def official_ivis_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D), and the last epoch's triplet loss. params: those of `OfficialIvis`."""
    X = reduced(X)
    # The package leaves scaling to its user, and its network wants inputs of about unit variance.
    ivis = OfficialIvis(components, random_state=seed, **params)
    coordinates = ivis.fit_transform(X * np.sqrt(X.shape[1]))
    return coordinates, ivis.loss_history_[-1] if ivis.loss_history_ else 0.0
