"""IVIS as a reducer: the published algorithm on torch, as a scikit-learn transformer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from kd_projector.errors import UsageError
from kd_projector.projection.affinities import MIN_SAMPLES, nearest_neighbours
from kd_projector.projection.ivis_network import ARCHITECTURES, encoder
from kd_projector.projection.ivis_training import TripletTask, embed, regress, train_on_triplets
from kd_projector.projection.ivis_triplets import DISTANCES
from kd_projector.projection.preprocessing import UnitRadius, checked_embedding, principal_axes
from kd_projector.projection.threads import one_thread

COLD_STEPS, COLD_RATE = 400, 5e-3
# 100 steps of regression instead of 150 cost a sixth less for .369 of the neighbours kept instead of .372 (12 frames).
REGRESSION_STEPS, REGRESSION_RATE = 100, 5e-3
STEPS_FROM_START, RATE_FROM_START = 100, 2.5e-3
# The RMS radius, in margins, at which a start is handed to the triplets. Trained maps of 900 digits and of noisier
# features come to 3-5; between 1 and 12 the maps made from a start are equally good.
START_RADIUS = 4.0
_LOSS_STEPS = 40  # the reported loss is the mean over so many last steps: one batch alone is noise


class Ivis(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """IVIS (Szubert, Cole, Monaco & Drozdov 2019): a siamese network trained on triplets of the neighbourhood graph.

    Parameters are called as in the `ivis` package: embedding_dims; k: neighbours to draw positives from, clipped to
    (N - 1) / 2; distance: "pn" (the paper's loss) or "euclidean"; margin; model: "szubert", "hinton" or "maaten";
    batch_size; epochs: how often each sample is an anchor (None: as often as in 400 batches). The training scheme is
    our own (see `ivis_training`), measured as better and faster than early stopping.

    Neighbours are exact, by Euclidean distance. One seed, no global random state: the same input gives the same map.
    Fewer than 5 samples, or samples that are all equal, are mapped by PCA.

    Fitted: `embedding_` (N, C) float64, `loss_history_` (one value a step), `network_` (None where PCA stood in).
    """

    def __init__(
        self,
        embedding_dims: int = 2,
        *,
        k: int = 15,
        distance: str = "pn",
        margin: float = 1.0,
        batch_size: int = 256,
        epochs: int | None = None,
        model: str = "szubert",
        random_state: int = 0,
    ) -> None:
        self.embedding_dims = embedding_dims
        self.k = k
        self.distance = distance
        self.margin = margin
        self.batch_size = batch_size
        self.epochs = epochs
        self.model = model
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Ivis:
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, *, start: np.ndarray | None = None, **fit_params: Any) -> np.ndarray:
        """The map (N, C) of `X` (N, D).

        start: (N, C) of RMS radius 1, where the network first learns to put the samples; the triplets then get a
        quarter of the usual steps. It keeps as much of the start as `X` lets the network learn.
        """
        X = checked_embedding(X)
        self._check_parameters()
        # One scale for all dimensions keeps the distances between samples.
        self._scaling = UnitRadius.of(X)
        scaled = self._scaling.apply(X)
        self._axes = principal_axes(scaled, self.embedding_dims)
        self.network_: torch.nn.Sequential | None = None
        self.loss_history_: list[float] = []
        if len(X) < MIN_SAMPLES or not scaled.any():
            self.embedding_ = self._axes.scores(scaled)
            return self.embedding_
        with one_thread():  # a step is too small to share: two threads under load took 15 times as long as one
            self._train(scaled, start)
        return self.embedding_

    def _train(self, scaled: np.ndarray, start: np.ndarray | None) -> None:
        generator = torch.Generator().manual_seed(self.random_state)
        task = self._task(scaled)
        network = encoder(self.model, scaled.shape[1], self.embedding_dims, generator)
        if start is None:
            steps, rate = self._steps(len(scaled), COLD_STEPS), COLD_RATE
        else:
            goal = torch.from_numpy((START_RADIUS * self.margin * start).astype(np.float32))
            regress(network, task.X, goal, REGRESSION_STEPS, REGRESSION_RATE, self.batch_size, generator)
            steps, rate = self._steps(len(scaled), STEPS_FROM_START), RATE_FROM_START
        self.loss_history_ = train_on_triplets(network, task, steps, rate, generator)
        self.network_ = network
        self.embedding_ = embed(network, task.X)

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) places of samples `X` (M, D) by the fitted network."""
        check_is_fitted(self, "embedding_")
        scaled = self._scaling.apply(checked_embedding(X))
        return self._axes.scores(scaled) if self.network_ is None else embed(self.network_, _inputs(scaled))

    @property
    def final_loss_(self) -> float:
        """The mean triplet loss over the last steps; 0 where PCA stood in."""
        return float(np.mean(self.loss_history_[-_LOSS_STEPS:])) if self.loss_history_ else 0.0

    def _task(self, scaled: np.ndarray) -> TripletTask:
        k = max(1, min(self.k, (len(scaled) - 1) // 2))  # half of all samples must be left to be negatives
        neighbours = torch.from_numpy(nearest_neighbours(scaled, k))
        return TripletTask(_inputs(scaled), neighbours, self.distance, self.margin, self.batch_size)

    def _steps(self, samples: int, usual: int) -> int:
        if self.epochs is None:
            return usual
        return max(1, self.epochs * math.ceil(samples / min(self.batch_size, samples)))

    def _check_parameters(self) -> None:
        for name in ("embedding_dims", "k", "batch_size", "epochs"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int) and value >= 1):
                raise UsageError(f"{name} is {value!r}; it must be a whole number of at least 1.")
        if not self.margin > 0:
            raise UsageError(f"margin is {self.margin!r}; it must be positive.")
        for name, known in (("model", tuple(ARCHITECTURES)), ("distance", DISTANCES)):
            if getattr(self, name) not in known:
                raise UsageError(f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(known)}.")


def _inputs(scaled: np.ndarray) -> torch.Tensor:
    """(N, D) float32, each dimension of about unit variance, as SELU networks want."""
    return torch.from_numpy((scaled * math.sqrt(scaled.shape[1])).astype(np.float32))
