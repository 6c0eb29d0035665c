"""Who is nearest to whom: exactly for as many samples as that is cheap for, approximately beyond, or on a GPU."""

from __future__ import annotations

from typing import Literal

import numpy as np

from kd_projector.projection.preprocessing import MAX_COMPONENTS, reduced

Search = Literal["exact", "approximate (Annoy)"]

# Samples. Exact search takes as long as Annoy's at 21,000 x 128 (3.5 CPU s) and grows with the square from there.
EXACT_UP_TO = 20_000
# In so few dimensions scikit-learn uses a k-d tree, which is exact and fast for any number of samples: maps, mostly.
_TREE_DIMS = 15
# Samples from which a GPU, where there is one, is worth waking: below, the CPU has finished before it is up.
GPU_FROM = 5_000
_SPARE = 8  # candidates beyond k that a GPU hands back, to be ranked again in double precision
_BLOCK_VALUES = 1 << 28  # distances held on a GPU at a time: 1 GB in single precision


def neighbour_search(samples: int, dims: int, device: str = "auto") -> Search:
    """How `nearest_neighbours` goes about (samples, dims) values; on a GPU it is always exact."""
    few = samples <= EXACT_UP_TO or dims <= _TREE_DIMS
    return "exact" if few or _device(samples, dims, device) != "cpu" else "approximate (Annoy)"


def nearest_neighbours(X: np.ndarray, k: int, device: str = "auto") -> np.ndarray:
    """(N, k) indices of each row's nearest rows of `X` (N, D) by Euclidean distance, itself excluded; k < N.

    device: "cpu", a torch device such as "cuda", where all samples are compared with all, or "auto": CUDA, where there
    is any, for at least GPU_FROM samples of more than a map's dimensions.
    """
    samples, dims = X.shape
    device = _device(samples, dims, device)
    if device != "cpu":
        return _on_device(X, k, device)
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
    """Exact, in blocks of rows: candidates in single precision, of which the nearest are chosen in double."""
    import torch

    points = torch.as_tensor(X, dtype=torch.float64, device=device)
    points = points - points.mean(dim=0)  # |a|^2 + |b|^2 - 2ab loses digits far from the origin
    single = points.float()
    norms = (single**2).sum(dim=1)
    candidates = min(k + _SPARE, len(X) - 1)
    nearest = torch.empty((len(X), k), dtype=torch.int64)
    block = max(1, _BLOCK_VALUES // len(X))
    for start in range(0, len(X), block):
        rows = torch.arange(start, min(start + block, len(X)), device=device)
        distances = norms - 2.0 * (single[rows] @ single.T)  # but for a row's own norm, which ranks nothing
        distances[torch.arange(len(rows)), rows] = torch.inf
        near = distances.topk(candidates, largest=False, sorted=False).indices
        exact = torch.stack([((points[rows] - points[near[:, i]]) ** 2).sum(dim=1) for i in range(candidates)], dim=1)
        order = exact.argsort(dim=1, stable=True)[:, :k]
        nearest[start : start + len(rows)] = near.gather(1, order).cpu()
    return nearest.numpy()
