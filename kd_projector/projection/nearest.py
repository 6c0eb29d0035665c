"""Who is nearest to whom: exactly for as many samples as that is cheap for, approximately beyond, or on a GPU."""

from __future__ import annotations

import logging
from typing import Literal

import numpy as np

from kd_projector.projection.preprocessing import MAX_COMPONENTS, reduced

logger = logging.getLogger(__name__)

Search = Literal["exact", "approximate (Annoy)"]

# Samples. Exact search takes as long as Annoy's at 21,000 x 128 (3.5 CPU s) and grows with the square from there.
EXACT_UP_TO = 20_000
# In so few dimensions scikit-learn uses a k-d tree, which is exact and fast for any number of samples: maps, mostly.
_TREE_DIMS = 15
# Samples from which a GPU, where there is one, is worth waking: below, the CPU has finished before it is up.
GPU_FROM = 5_000
_BLOCK_VALUES = 1 << 25  # distances held on a GPU at a time: 256 MB, for the training runs there too
_ROW_VALUES = 2_000_000  # values of neighbours held at a time: 16 MB, whatever N and D


def neighbour_search(samples: int, dims: int, device: str = "auto") -> Search:
    """How `nearest_neighbours` goes about (samples, dims) values; on a GPU it is always exact."""
    few = samples <= EXACT_UP_TO or dims <= _TREE_DIMS
    return "exact" if few or _device(samples, dims, device) != "cpu" else "approximate (Annoy)"


def nearest_neighbours(X: np.ndarray, k: int, device: str = "auto") -> np.ndarray:
    """(N, k) indices of each row's nearest rows of `X` (N, D) by Euclidean distance, itself excluded; k < N.

    device: "cpu", a torch device such as "cuda", where all samples are compared with all, or "auto": CUDA, where there
    is any, for at least GPU_FROM samples of more than a map's dimensions.
    """
    # Of equally near samples a search takes those that come first. Samples often come in the order of their classes;
    # where many lie at one place (a dead layer) that order would get into the map: .25 of the labels, not .10.
    order = np.random.default_rng(0).permutation(len(X))
    found = np.empty((len(X), k), np.int64)
    found[order] = order[_search(X[order], k, device)]
    return found


def _search(X: np.ndarray, k: int, device: str) -> np.ndarray:
    samples, dims = X.shape
    chosen = _device(samples, dims, device)
    if chosen != "cpu":
        try:
            return _on_device(X, k, chosen)
        except RuntimeError as error:  # its memory is the training's, or it is another process's alone
            if device != "auto":
                raise
            logger.warning("Neighbours are looked up on the CPU, for the GPU cannot be used: %s", error)
    if neighbour_search(samples, dims, "cpu") == "exact":
        from sklearn.neighbors import NearestNeighbors

        return np.asarray(NearestNeighbors(n_neighbors=k).fit(X).kneighbors(return_distance=False))
    return _approximate(X, k)


def _device(samples: int, dims: int, device: str) -> str:
    if device != "auto":
        return device
    if samples < GPU_FROM or dims <= _TREE_DIMS:
        return "cpu"
    import torch  # not before: frames of few samples shall not wait for it

    return "cuda" if torch.cuda.is_available() else "cpu"


def _approximate(X: np.ndarray, k: int) -> np.ndarray:
    """By Annoy (Bernhardsson), as openTSNE ships it (50 trees), on at most MAX_COMPONENTS principal components."""
    from openTSNE.nearest_neighbors import Annoy

    narrow = reduced(X) if X.shape[1] > MAX_COMPONENTS else X
    # One more than needed: openTSNE takes the first for the sample itself, but of duplicates another may come first.
    found, _ = Annoy(narrow, k + 1, "euclidean", n_jobs=1, random_state=0).build()
    itself = found == np.arange(len(X))[:, None]
    itself[~itself.any(axis=1), -1] = True  # one entry goes from every row: the sample itself, or else the farthest
    return np.asarray(found[~itself].reshape(len(X), k))


def _on_device(X: np.ndarray, k: int, device: str) -> np.ndarray:
    """Exact, in blocks of rows. In double precision: of a collapsed layer single precision finds a third."""
    import torch

    points = torch.as_tensor(X, dtype=torch.float64, device=device)
    points = points - points.mean(dim=0)  # |a|^2 + |b|^2 - 2ab loses digits far from the origin
    norms = (points**2).sum(dim=1)
    nearest = torch.empty((len(X), k), dtype=torch.int64)
    block = max(1, _BLOCK_VALUES // len(X))
    for start in range(0, len(X), block):
        rows = torch.arange(start, min(start + block, len(X)), device=device)
        distances = (points[rows] @ points.T).mul_(-2.0).add_(norms)  # but for a row's own norm, which ranks nothing
        distances[torch.arange(len(rows), device=device), rows] = torch.inf
        nearest[start : start + len(rows)] = distances.topk(k, largest=False, sorted=True).indices.cpu()
    return nearest.numpy()


def distances_to(X: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N, k) Euclidean distances from each row of `X` (N, D) to the rows that `others` (N, k) names, to all digits."""
    distances = np.empty(others.shape)
    block = max(1, _ROW_VALUES // (X.shape[1] * max(1, others.shape[1])))
    for start in range(0, len(X), block):
        rows = slice(start, start + block)
        difference = X[others[rows]] - X[rows, None]
        distances[rows] = np.sqrt(np.einsum("nkd,nkd->nk", difference, difference))
    return distances
