"""How the benchmarks judge a sequence of maps: neighbours kept, motion, noise, flattery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.stats import spearmanr

from kd_projector.projection.affinities import shared_neighbours
from kd_projector.projection.nearest import nearest_neighbours
from kd_projector.projection.preprocessing import unit_radius

NEIGHBOURS = 15
TOLERATED_LEAK, TOLERATED_FLATTERY = 0.03, 0.01  # of label accuracy
LABEL_NEIGHBOURS = (5, 10, 15, 30)


@lru_cache
def _in_embedding(values: bytes, samples: int, k: int) -> np.ndarray:
    return nearest_neighbours(unit_radius(np.frombuffer(values, np.float32).reshape(samples, -1).astype(float)), k)


def in_embedding(embedding: np.ndarray, k: int) -> np.ndarray:
    """(N, k) nearest neighbours in a float32 embedding, looked up once in a benchmark."""
    return _in_embedding(np.asarray(embedding, np.float32).tobytes(), len(embedding), k)


def neighbours_kept(maps: Sequence[np.ndarray], embeddings: Sequence[np.ndarray]) -> float:
    """The mean share of the 15 nearest neighbours on the maps that are so in the embeddings."""
    pairs = zip(maps, embeddings, strict=True)
    on_map = (shared_neighbours(nearest_neighbours(m, NEIGHBOURS), in_embedding(x, NEIGHBOURS)) for m, x in pairs)
    return float(np.mean([kept.mean() for kept in on_map]))


def change(before: np.ndarray, after: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """(N,) the share of each sample's k nearest neighbours that are others in the second embedding."""
    return 1.0 - shared_neighbours(in_embedding(before, k), in_embedding(after, k))


def motion_fidelity(maps: Sequence[np.ndarray], embeddings: Sequence[np.ndarray], k: int = NEIGHBOURS) -> float:
    """The mean over steps of the rank correlation between displacement on the map and true change of neighbourhood."""
    steps = zip(pairwise(maps), pairwise(embeddings), strict=True)
    return float(np.mean([spearmanr(np.linalg.norm(b - a, axis=1), change(x, y, k))[0] for (a, b), (x, y) in steps]))


def displacement(maps: Sequence[np.ndarray]) -> float:
    """The mean over steps of the RMS displacement, over the map's RMS radius."""
    return float(
        np.mean(
            [np.sqrt(np.mean(np.sum((b - a) ** 2, axis=1)) / np.mean(np.sum(a**2, axis=1))) for a, b in pairwise(maps)]
        )
    )


def label_accuracies(points: np.ndarray, labels: np.ndarray, ks: Sequence[int] = LABEL_NEIGHBOURS) -> np.ndarray:
    """Leave-one-out kNN accuracy for each k."""
    votes = np.eye(labels.max() + 1)[labels[nearest_neighbours(points, max(ks))]].cumsum(axis=1)
    return np.array([np.mean(votes[:, k - 1].argmax(axis=1) == labels) for k in ks])


def structureless(features: np.ndarray) -> dict[str, np.ndarray]:
    """(N, D) features that know nothing of the labels, by name: Gaussian noise, and `features` of other samples."""
    rng = np.random.default_rng(0)
    noise = {f"noise D={dims}": rng.normal(size=(len(features), dims)) for dims in (5, 48, 1000)}
    return {**noise, "permuted rows": features[rng.permutation(len(features))]}


def leak(make: Callable[[np.ndarray], np.ndarray], features: np.ndarray, labels: np.ndarray) -> float:
    """How far the label accuracy of a structureless embedding's map is from chance, at the worst."""
    chance = float(np.bincount(labels).max() / len(labels))
    accuracies = [label_accuracies(make(noise), labels).mean() for noise in structureless(features).values()]
    return float(max(abs(accuracy - chance) for accuracy in accuracies))


def flattery(maps: Sequence[np.ndarray], embeddings: Sequence[np.ndarray], labels: np.ndarray) -> tuple[float, float]:
    """The largest and the mean excess of a map's best kNN label accuracy over its embedding's own best."""
    ks = (1, *LABEL_NEIGHBOURS)
    pairs = zip(maps, embeddings, strict=True)
    excess = [
        label_accuracies(m, labels, ks).max() - label_accuracies(unit_radius(x), labels, ks).max() for m, x in pairs
    ]
    return float(max(excess)), float(np.mean(excess))
