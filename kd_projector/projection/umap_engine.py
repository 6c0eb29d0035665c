"""UMAP's graph and its descent from a given start. The engine is umap-learn, called below its estimator.

So a frame can start where it must, has the same exact neighbours as every other method, and waits for no compilation of
an approximate search (pynndescent took 54 s once, exact neighbours of 10,000 samples take 4).
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from kd_projector.projection.nearest import distances_to, nearest_neighbours
from kd_projector.projection.preprocessing import principal_axes, unit_radius

NATURAL_RADIUS = 7.0  # about the RMS radius, in UMAP's units, of finished maps: 5 of 100 digits, 7-10 of 300 to 1,797
_LARGE = 10_000  # samples above which umap-learn takes 200 epochs instead of 500
_NEGATIVE_SAMPLES = 5  # umap-learn's default
_JITTER = 1e-4  # of the start's radius: samples that start at one place could never part
_LOSS_ROWS = 1_000


def umap_graph(X: np.ndarray, n_neighbors: int) -> coo_matrix:
    """(N, N) UMAP's fuzzy simplicial set of `X` (N, D), N >= 3: symmetric memberships in 0..1, zero diagonal.

    `n_neighbors` counts the sample itself, as in umap-learn, and is clipped to N.
    """
    indices, distances = _neighbours_with_self(X, min(n_neighbors, len(X)))
    library = _umap("umap_")
    with _one_numba_thread():
        graph, _, _ = library.fuzzy_simplicial_set(
            X,
            indices.shape[1],
            np.random.RandomState(0),  # umap-learn wants one; with neighbours given it draws nothing
            "euclidean",
            knn_indices=indices,
            knn_dists=distances,
        )
    return coo_matrix(graph)


def optimise(
    graph: coo_matrix, start: np.ndarray, min_dist: float, epochs: int, seed: int, learning_rate: float = 1.0
) -> np.ndarray:
    """(N, C) float64 map after `epochs` of descent from `start` (N, C), in UMAP's units.

    In an order of its own: umap-learn moves one sample after the other, so that equal samples come to lie in the order
    of their rows, which often is that of their classes.
    """
    order = np.random.default_rng(0).permutation(len(start))
    mixed = graph.tocsr()[order][:, order]
    mixed.sort_indices()
    graph = _visited(coo_matrix(mixed), epochs)
    rng = np.random.default_rng(seed)
    spread = float(np.sqrt(np.mean(start**2))) or 1.0
    places = (start[order] + _JITTER * spread * rng.standard_normal(start.shape)).astype(np.float32, order="C")
    made = np.empty(start.shape)
    made[order] = _descend(places, places, graph, min_dist, epochs, learning_rate, rng, move_other=True)
    return made


def place(
    X: np.ndarray, fitted: np.ndarray, fitted_map: np.ndarray, n_neighbors: int, min_dist: float, epochs: int, seed: int
) -> np.ndarray:
    """(M, C) places of new samples `X` (M, D) on the map (N, C) of `fitted` (N, D), which stays as it is.

    As `umap.UMAP.transform` does: the membership-weighted mean of their neighbours' places, then a third of the epochs
    at a quarter of the learning rate.
    """
    from sklearn.neighbors import NearestNeighbors

    library = _umap("umap_")
    k = min(n_neighbors, len(fitted))
    distances, indices = NearestNeighbors(n_neighbors=k).fit(fitted).kneighbors(X)
    distances = distances.astype(np.float32)
    with _one_numba_thread():
        sigmas, rhos = library.smooth_knn_dist(distances, float(k), local_connectivity=0.0)
        rows, columns, values, _ = library.compute_membership_strengths(
            indices.astype(np.int32), distances, sigmas, rhos, bipartite=True
        )
    graph = coo_matrix((values, (rows, columns)), shape=(len(X), len(fitted)))
    graph.eliminate_zeros()
    weights = csr_matrix(graph, dtype=np.float64)
    start = np.asarray(weights @ fitted_map) / np.maximum(np.asarray(weights.sum(axis=1)), 1e-12)
    epochs = max(1, epochs // 3)
    rng = np.random.default_rng(seed)
    places, others = start.astype(np.float32, order="C"), fitted_map.astype(np.float32, order="C")
    return _descend(places, others, _visited(graph, epochs), min_dist, epochs, 0.25, rng, move_other=False)


def cross_entropy(graph: coo_matrix, places: np.ndarray, min_dist: float) -> float:
    """The fuzzy set cross entropy between `graph` (N, N) and the map `places` (N, C), per sample; less is better.

    McInnes, Healy & Melville, "UMAP" (2018), definition 10, over ordered pairs. Of more than 1,000 samples, the mean
    over 1,000 evenly spaced ones. It is what UMAP says that it minimises; its sampling of far pairs is known to descend
    on another weighting of the two halves (Damrich & Hamprecht 2021).
    """
    a, b = _curve(min_dist)
    samples = len(places)
    rows = np.unique(np.linspace(0, samples - 1, min(samples, _LOSS_ROWS)).astype(int))
    memberships = csr_matrix(graph)
    total = 0.0
    for row in rows:
        squared = np.sum((places - places[row]) ** 2, axis=1)
        # Of places at a distance of 0, log(1 - q) is bounded by this: their memberships need not be 1.
        q = np.clip(1.0 / (1.0 + a * squared**b), 1e-12, 1.0 - 1e-4)
        q[row] = 0.0
        p, linked = memberships[row].data, memberships[row].indices
        total -= float(np.log1p(-q).sum())
        near, far = np.clip(p, 1e-12, 1.0), np.clip(1.0 - p, 1e-12, 1.0)
        total += float(np.sum(p * np.log(near / q[linked]) + (1 - p) * np.log(far) + p * np.log1p(-q[linked])))
    return total / len(rows)


def pca_start(X: np.ndarray, components: int) -> np.ndarray:
    """(N, C) the leading principal components of `X`, as wide as UMAP makes its own starts: 10 units."""
    scores = unit_radius(principal_axes(X, components).scores(X))
    width = float(np.ptp(scores, axis=0).max())
    return scores * (10.0 / width) if width > 0 else scores


def default_epochs(samples: int) -> int:
    """umap-learn's own rule."""
    return 500 if samples <= _LARGE else 200


def _neighbours_with_self(X: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(N, count) indices and float32 distances of each row's nearest rows, itself first, as UMAP wants them."""
    nearest = nearest_neighbours(X, count - 1)
    indices = np.hstack([np.arange(len(X))[:, None], nearest]).astype(np.int32)
    return indices, distances_to(X, indices).astype(np.float32)


def _visited(graph: coo_matrix, epochs: int) -> coo_matrix:
    """`graph` without the edges that are too weak to be drawn once in so many epochs."""
    strong = graph.data >= graph.data.max() / max(epochs, 10)
    return coo_matrix((graph.data[strong], (graph.row[strong], graph.col[strong])), shape=graph.shape)


def _descend(
    places: np.ndarray,
    others: np.ndarray,
    graph: coo_matrix,
    min_dist: float,
    epochs: int,
    learning_rate: float,
    rng: np.random.Generator,
    *,
    move_other: bool,
) -> np.ndarray:
    a, b = _curve(min_dist)
    weights = graph.data.astype(np.float32)
    moved = _umap("layouts").optimize_layout_euclidean(
        places,
        others,
        graph.row.astype(np.int32),
        graph.col.astype(np.int32),
        epochs,
        graph.shape[1],
        _umap("umap_").make_epochs_per_sample(weights, epochs),
        a,
        b,
        rng.integers(-(2**31), 2**31 - 1, 3, dtype=np.int64),
        1.0,
        learning_rate,
        float(_NEGATIVE_SAMPLES),
        parallel=False,  # its threads would race
        move_other=move_other,
    )
    return np.asarray(moved, dtype=np.float64)


@lru_cache
def _curve(min_dist: float) -> tuple[float, float]:
    """The a and b of UMAP's 1 / (1 + a d^2b) for a spread of 1."""
    a, b = _umap("umap_").find_ab_params(1.0, min_dist)
    return float(a), float(b)


@contextmanager
def _one_numba_thread() -> Iterator[None]:
    """Numba's threads are its own; with several, a sum over all distances would depend on their number."""
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)


@lru_cache
def _umap(module: str) -> Any:
    """A module of umap-learn, imported without its parametric half (`umap.ParametricUMAP` is then not there).

    That half imports tensorflow and Keras 3 where they are installed: seconds; and Keras imports torch, of which some
    versions abort the process beside tensorflow, each with an LLVM of its own.
    """
    if "umap" in sys.modules:
        return importlib.import_module(f"umap.{module}")
    loaded = sys.modules.get("tensorflow")
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # an import of it fails, as if it were not installed
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
            return importlib.import_module(f"umap.{module}")
    finally:
        if loaded is None:
            del sys.modules["tensorflow"]
        else:
            sys.modules["tensorflow"] = loaded
