"""Real embeddings for the projection tests: digits, hidden layers of small networks that learnt them, and noise."""

from __future__ import annotations

import warnings
from functools import lru_cache

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neighbors import NearestNeighbors
from sklearn.neural_network import MLPClassifier

CHANCE = 0.10  # ten classes, nearly equally many of each


@lru_cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Pixels (1797, 64) in 0..1 and labels (1797,)."""
    pixels, labels = load_digits(return_X_y=True)
    return pixels / 16, labels


@lru_cache
def hidden_layer(layer: int, training_samples: int, epochs: int, seed: int = 0) -> np.ndarray:
    """(1797, 64 or 32) activations of hidden layer 1 or 2 of a network trained on so many digits for so many epochs."""
    pixels, labels = digits()
    rows = np.random.default_rng(seed).permutation(len(pixels))[:training_samples]
    network = MLPClassifier((64, 32), max_iter=epochs, random_state=seed, learning_rate_init=2e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(pixels[rows], labels[rows])
    activations = pixels
    for weights, bias in list(zip(network.coefs_, network.intercepts_, strict=True))[:layer]:
        activations = np.maximum(activations @ weights + bias, 0)
    return activations


def teacher() -> np.ndarray:
    """A well-trained network's last hidden layer: what a reference map is made of."""
    return hidden_layer(2, training_samples=900, epochs=60)


def label_accuracies(points: np.ndarray, labels: np.ndarray, ks: tuple[int, ...] = (5, 10, 15, 30)) -> np.ndarray:
    """Leave-one-out kNN accuracy for each k."""
    nearest = NearestNeighbors(n_neighbors=max(ks)).fit(points).kneighbors(return_distance=False)
    votes = np.eye(labels.max() + 1)[labels[nearest]].cumsum(axis=1)
    return np.array([np.mean(votes[:, k - 1].argmax(axis=1) == labels) for k in ks])


def structureless(kind: str, seed: int = 0) -> np.ndarray:
    """(1797, D) features that know nothing of the digits: noise, the features of other digits, or a few places."""
    rng = np.random.default_rng(seed)
    samples = len(digits()[0])
    if kind == "dead layer":  # nearly all samples at one place
        return rng.normal(size=(samples, 48)) * (rng.random((samples, 1)) < 0.05)
    if kind == "few places":
        return rng.normal(size=(4, 48))[rng.integers(0, 4, samples)]
    if kind == "permuted pixels":
        return digits()[0][rng.permutation(samples)]
    if kind == "permuted teacher":
        return teacher()[rng.permutation(samples)]
    return rng.normal(size=(samples, int(kind.removeprefix("noise D="))))
