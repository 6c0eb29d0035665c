"""The ivis package by its authors as a reducer, run in a process of its own: tensorflow never loads into this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from kd_projector.errors import KDProjectorError
from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.methods import method_named
from kd_projector.projection.preprocessing import checked_embedding, principal_axes, reduced, unit_radius

_PROCESS = "kd_projector.projection.official_ivis_process"
_SHOWN_LINES = 15  # of the process's standard error, where it failed


class OfficialIvis(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """`ivis.Ivis` (the package ivis 2, on tensorflow through tf-keras) behind a scikit-learn transformer's face.

    Parameters are the package's own; k is clipped to N - 2 and batch_size to N, which it demands. Its k of 150 suits
    large data sets, so the default here is 15. Of one seed, maps agree as far as tensorflow lets them. New samples
    cannot be placed: the network ends with its process. Fewer than 5 samples, or all equal ones, are mapped by PCA.

    Fitted: `embedding_` (N, C), `loss_history_` (one value an epoch).
    Raises UsageError where the extra `kd_projector[ivis]` is not installed, KDProjectorError when the process fails.
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
        random_state: int = 0,
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

    def fit(self, X: Any, y: Any = None) -> OfficialIvis:
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **fit_params: Any) -> np.ndarray:
        """The map (N, C) of `X` (N, D)."""
        method_named("ivis-official")
        X = checked_embedding(X)
        self.loss_history_: list[float] = []
        if len(X) < MIN_SAMPLES or not unit_radius(X).any():
            self.embedding_ = principal_axes(X, self.embedding_dims).scores(X)
            return self.embedding_
        parameters = self.get_params()
        parameters["k"] = min(self.k, len(X) - 2)
        parameters["batch_size"] = min(self.batch_size, len(X))
        with tempfile.TemporaryDirectory(prefix="kd_projector-ivis-") as folder:
            np.save(Path(folder) / "X.npy", X.astype(np.float32))
            (Path(folder) / "parameters.json").write_text(json.dumps(parameters))
            _run(folder)
            self.embedding_ = np.load(Path(folder) / "embedding.npy", allow_pickle=False).astype(np.float64)
            self.loss_history_ = json.loads((Path(folder) / "loss_history.json").read_text())
        return self.embedding_


def official_ivis_map(
    X: np.ndarray, reference: np.ndarray | None, mode: str, seed: int, components: int, params: Mapping[str, Any]
) -> tuple[np.ndarray, float]:
    """The map (N, C) of `X` (N, D), and the last epoch's triplet loss. params: those of `OfficialIvis`."""
    X = reduced(X)
    # The package leaves scaling to its user, and its network wants inputs of about unit variance.
    ivis = OfficialIvis(components, random_state=seed, **params)
    coordinates = ivis.fit_transform(X * np.sqrt(X.shape[1]))
    return coordinates, ivis.loss_history_[-1] if ivis.loss_history_ else 0.0


def _run(folder: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", _PROCESS, folder],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-_SHOWN_LINES:])
        raise KDProjectorError(
            f"The ivis package failed (exit status {done.returncode}). The end of what it said:\n{tail}"
        )


def _environment() -> dict[str, str]:
    """This process's environment, with the Keras that ivis can use and with this very kd_projector to be found."""
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "TF_USE_LEGACY_KERAS": "1",
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2"),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
