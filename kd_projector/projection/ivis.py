"""IVIS as a reducer: the published algorithm on torch, as a scikit-learn transformer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted
from tqdm import tqdm

from kd_projector.errors import UsageError
from kd_projector.projection.estimator import Reducer, seed_of
from kd_projector.projection.ivis_fit import cublas_workspace, prepared, trained
from kd_projector.projection.ivis_losses import TripletLoss
from kd_projector.projection.ivis_model import IvisModel
from kd_projector.projection.ivis_parameters import check_parameters, device_named
from kd_projector.projection.ivis_saving import restored_state, save, saved_state
from kd_projector.projection.ivis_supervision import SPARSE, labels_for
from kd_projector.projection.threads import one_thread

_OF_A_FIT = ("_model", "_final_loss")  # beside the attributes that end in "_"


class Ivis(Reducer):
    """IVIS (Szubert, Cole, Monaco & Drozdov 2019): a siamese network trained on triplets of the neighbourhood graph.

    Parameters are called as in the `ivis` package, so that code for it runs:

    - embedding_dims; k: neighbours that positives are drawn from; batch_size: clipped to N.
    - distance: a loss of `ivis_losses.LOSSES` ("pn": the paper's) or a function of torch tensors. margin: the hinge's.
    - layout_weight: how much the agreement of large distances counts beside the triplets (`layout_loss`); 0: the
      published loss alone.
    - epochs: how often at most each sample is an anchor (None: 350 batches). n_epochs_without_progress: in fits longer
      than 350 batches the learning rate falls, and the fit ends, once so many epochs brought no lower loss.
    - knn_distance_metric: "euclidean", "angular", "manhattan", "hamming" or "dot". neighbour_matrix: the neighbours
      themselves, (N, K) indices or N sequences of them, and nothing is looked up.
    - model: "szubert", "hinton", "maaten", or a torch.nn.Module from (B, ...) to (B, F), of which a copy is trained;
      it gets the samples as they are, of any shape.
    - supervision_metric (see `ivis_supervision`), supervision_weight: what labels `y` are, and their share of the loss.
      Classes may be any numbers or strings; -1 stands for "unlabelled". `classes_` is their order.
    - callbacks: objects with `on_epoch_end(epoch, logs)`, see `ivis_callbacks`. verbose: above 0 a progress bar.
    - n_trees, ntrees, search_k, precompute, build_index_on_disk: of the package's approximate search; neighbours are
      exact here, so these have no meaning. annoy_index_path is refused.
    - device: "auto" (CUDA where there is any), "cpu", "cuda:1" ...; random_state: the only source of chance.

    What differs by default: k is 15, not 150; neighbours are Euclidean, not angular; the training scheme is our own
    (see `ivis_training`), measured as better and faster. A k that leaves no negatives is clipped with a warning.
    Each fit starts anew. Fewer than 5 samples, or samples that are all equal, are mapped by PCA.

    Fitted: `embedding_` (N, C) float64, `loss_history_` (one value an epoch), `encoder_` (None where PCA stood in),
    `k_`, `classes_` and `n_classes_` (where y gave classes).
    """

    def __init__(
        self,
        embedding_dims: int = 2,
        *,
        k: int = 15,
        distance: str | TripletLoss = "pn",
        batch_size: int = 256,
        epochs: int | None = None,
        n_epochs_without_progress: int | None = 20,
        n_trees: int = 50,
        ntrees: int | None = None,
        knn_distance_metric: str = "euclidean",
        search_k: int = -1,
        precompute: bool = True,
        model: str | torch.nn.Module = "szubert",
        supervision_metric: str = SPARSE,
        supervision_weight: float = 0.5,
        annoy_index_path: str | None = None,
        callbacks: Sequence[Any] | None = None,
        build_index_on_disk: bool = True,
        neighbour_matrix: Any = None,
        verbose: int = 0,
        margin: float = 1.0,
        layout_weight: float = 0.1,
        device: str | torch.device = "auto",
        random_state: Any = 0,
    ) -> None:
        self.embedding_dims = embedding_dims
        self.k = k
        self.distance = distance
        self.batch_size = batch_size
        self.epochs = epochs
        self.n_epochs_without_progress = n_epochs_without_progress
        self.n_trees = n_trees
        self.ntrees = ntrees
        self.knn_distance_metric = knn_distance_metric
        self.search_k = search_k
        self.precompute = precompute
        self.model = model
        self.supervision_metric = supervision_metric
        self.supervision_weight = supervision_weight
        self.annoy_index_path = annoy_index_path
        self.callbacks = callbacks
        self.build_index_on_disk = build_index_on_disk
        self.neighbour_matrix = neighbour_matrix
        self.verbose = verbose
        self.margin = margin
        self.layout_weight = layout_weight
        self.device = device
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None, shuffle_mode: bool = True, *, Y: Any = None) -> Ivis:
        """Make the map of `X` (N, D), supervised where there is `y` (or `Y`, as the package has it)."""
        self._fit(X, y if Y is None else Y, None, shuffle_mode)
        return self

    def fit_transform(
        self,
        X: Any,
        y: Any = None,
        shuffle_mode: bool = True,
        *,
        Y: Any = None,
        start: np.ndarray | None = None,
        **fit_params: Any,
    ) -> np.ndarray:
        """The map (N, C) of `X` (N, D).

        start: (N, C) of RMS radius 1, where the network first learns to put the samples. The triplets then get a
        quarter of the usual steps, and the start's layout takes the place of `layout_weight`. What `X` does not let the
        network learn of the start is lost.
        """
        self._fit(X, y if Y is None else Y, start, shuffle_mode)
        return self.embedding_

    def transform(self, X: Any) -> np.ndarray:
        """(M, C) float64 places of samples `X` (M, D) by the fitted network."""
        check_is_fitted(self, "_model")
        with one_thread():
            return self._model.places(self._flat(X, fitting=False)[0])

    def score_samples(self, X: Any) -> np.ndarray:
        """(M, L) what the supervised network predicts of `X` (M, D): class probabilities in the order of `classes_`.

        For hinges their decision values, for regression the targets. Raises NotFittedError after a fit without labels.
        """
        check_is_fitted(self, "_model")
        if self._model.head is None:
            raise NotFittedError("This Ivis was fitted without labels (or mapped by PCA); it cannot predict any.")
        with one_thread():
            return self._model.label_outputs(self._flat(X, fitting=False)[0])

    def save_model(
        self, folder_path: str | os.PathLike[str], save_format: str = "safetensors", overwrite: bool = False
    ) -> None:
        """Write the fitted model to a folder, which `load_model` reads; without pickle, so reading it runs nothing.

        A network of the user's own is saved as its weights, a loss of the user's own not at all.
        """
        check_is_fitted(self, "_model")
        if save_format != "safetensors":
            raise UsageError(f"save_format is {save_format!r}; models are saved as 'safetensors'.")
        tensors, state = saved_state(self)
        save(folder_path, tensors, state, overwrite=overwrite)

    def load_model(self, folder_path: str | os.PathLike[str]) -> Ivis:
        """Become the model that was saved in a folder, parameters included. Returns self.

        A network (or loss) of the user's own is not in the folder: give it to the constructor as `model` (`distance`).
        Raises StoreError for what cannot be read, and leaves this Ivis as it is.
        """
        attributes = restored_state(self, folder_path)
        self._forget_the_fit()
        self.__dict__.update(attributes)
        return self

    @property
    def encoder_(self) -> torch.nn.Module | None:
        """The network from inputs to the map; None before a fit, as in the package, and where PCA stood in."""
        model: IvisModel | None = vars(self).get("_model")
        return None if model is None else model.encoder

    @property
    def loss_history_(self) -> list[float]:
        """The loss of each epoch; empty before a fit, as in the package."""
        # In a place of its own among the attributes, because scikit-learn takes one set in __init__ for a fit's.
        losses: list[float] = vars(self).get("loss_history_", [])
        return losses

    @property
    def final_loss_(self) -> float:
        """The mean triplet loss over the last 40 steps; 0 where PCA stood in."""
        return self._final_loss

    def _fit(self, X: Any, y: Any, start: np.ndarray | None, shuffle_mode: bool) -> None:
        settings = self.get_params(deep=False)
        check_parameters(settings)
        if not shuffle_mode:
            raise UsageError("shuffle_mode is False; negatives come from the batch, so its samples must be drawn.")
        seed, device = seed_of(self.random_state), device_named(self.device)
        self._forget_the_fit()  # a callback may save the model while it trains: with nothing of an earlier fit
        samples, sample_shape = self._flat(X, fitting=True)
        labels = None if y is None else labels_for(self.supervision_metric, y, len(samples))
        if labels is not None and labels.classes is not None:
            self.classes_, self.n_classes_ = labels.classes, len(labels.classes)
        losses: list[float] = []
        self.__dict__["loss_history_"] = losses
        # A step is too small to share: two threads under load took 15 times as long as one.
        with one_thread(), cublas_workspace(device):
            preparation = prepared(samples, sample_shape, labels, settings, seed)
            self._model, self.k_ = preparation.model, preparation.k
            with self._progress(preparation.epochs) as bar:

                def after_epoch(epoch: int, loss: float) -> None:
                    losses.append(loss)
                    bar.update()
                    bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                    for callback in self.callbacks or ():
                        callback.on_epoch_end(epoch, {"loss": loss})

                for callback in self.callbacks or ():
                    if hasattr(callback, "register_ivis_model"):
                        callback.register_ivis_model(self)
                self._final_loss = trained(preparation, samples, start, device, after_epoch)
            self.embedding_ = self._model.places(samples)

    def _flat(self, X: Any, *, fitting: bool) -> tuple[np.ndarray, tuple[int, ...] | None]:
        """`X` as (N, D) float64, and the shape of one sample as a network of the user's own gets it."""
        if not isinstance(self.model, torch.nn.Module):
            return self._samples(X, fitting=fitting), None
        shape = np.shape(X)[1:]
        if not fitting and self._model.sample_shape is not None and shape != self._model.sample_shape:
            raise UsageError(f"X has samples of shape {shape}; the fit had {self._model.sample_shape}.")
        flat = np.reshape(X, (len(X), -1)) if len(shape) > 1 else X
        return self._samples(flat, fitting=fitting), shape

    def _progress(self, epochs: int) -> Any:
        return tqdm(total=epochs, desc="Ivis", unit="epoch", disable=self.verbose < 1)

    def _forget_the_fit(self) -> None:
        for name in [name for name in vars(self) if name in _OF_A_FIT or name.endswith("_")]:
            del self.__dict__[name]
