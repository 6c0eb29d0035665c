"""The embeddings that the benchmarks project: real hidden layers of networks that learn handwritten digits.

Everything is trained here, from scikit-learn's digits, in some seconds, from fixed seeds; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
from scipy.ndimage import rotate, shift
from sklearn.datasets import load_digits
from torch import Tensor, nn

_TEMPERATURE = 4.0


@dataclass(frozen=True)
class Trajectory:
    """One layer while its network learns.

    embeddings: one (N, D) a logged step. labels: (N,). teacher: (N, D') the last hidden layer of the network whose map
    is the reference.
    """

    embeddings: tuple[np.ndarray, ...]
    labels: np.ndarray
    teacher: np.ndarray


@lru_cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Pixels (1797, 64) float32 in 0..1 and labels (1797,)."""
    pixels, labels = load_digits(return_X_y=True)
    return (pixels / 16).astype(np.float32), labels


LAYERS = ("stage 1", "stage 2", "stage 3", "middle", "penultimate")


@lru_cache
def distilled(layer: str = "penultimate", steps: int = 20, epochs: int = 60) -> Trajectory:
    """A student's layer (one of LAYERS) over `steps` log-spaced steps of its distillation.

    The teacher has learnt 1,000 labelled digits; the student has 200 of them, and the teacher's outputs. "middle" and
    "penultimate" (64 wide) are of a dense student, whose layers are much like the teacher's from the start; the stages
    (16, 32 and 64 channels, averaged over the image) of a convolutional one, of which the first two know little of
    what the teacher's map shows.
    """
    pixels, labels = digits()
    x, y = torch.from_numpy(pixels), torch.from_numpy(labels)
    order = np.random.default_rng(0).permutation(len(pixels))
    torch.manual_seed(0)
    teacher = _network(64, 256, 128)
    _train(teacher, x, order[:1000], lambda rows: nn.functional.cross_entropy(teacher(x[rows]), y[rows]), 30)
    with torch.no_grad():
        soft = nn.functional.softmax(teacher(x) / _TEMPERATURE, dim=1)
    convolutional = layer.startswith("stage")
    student = _convolutional() if convolutional else _network(64, 64, 64)

    def distillation_loss(rows: Tensor) -> Tensor:
        logits = student(x[rows])
        divergence = nn.functional.kl_div(
            nn.functional.log_softmax(logits / _TEMPERATURE, dim=1), soft[rows], reduction="batchmean"
        )
        return nn.functional.cross_entropy(logits, y[rows]) + _TEMPERATURE**2 * divergence

    total = epochs * 7  # batches of 32 from 200 samples
    due = np.unique(np.geomspace(1, total, steps).round().astype(int)) - 1
    while len(due) < steps:  # the first steps of a geometric series coincide
        due = np.union1d(due, [next(i for i in range(total) if i not in due)])
    depth = {"stage 1": 3, "stage 2": 5, "stage 3": 7, "middle": 2, "penultimate": 4}[layer]
    seen = _train(student, x, order[:200], distillation_loss, epochs, lambda: _activations(student, x, depth), due)
    return Trajectory(tuple(seen), labels, _activations(teacher, x, 4))


@lru_cache
def large(samples: int = 10_000, dims: int = 512) -> tuple[np.ndarray, np.ndarray]:
    """(N, D) float32 hidden layer of a network that has learnt a little of shifted and turned digits; labels (N,)."""
    pixels, labels = digits()
    rng = np.random.default_rng(0)
    rows = rng.integers(0, len(pixels), samples)
    images = np.stack([_distorted(pixels[row].reshape(8, 8), rng) for row in rows])
    x = torch.from_numpy(images.reshape(samples, 64).astype(np.float32))
    y = torch.from_numpy(labels[rows])
    torch.manual_seed(0)
    network = _network(64, dims, dims)
    _train(network, x, np.arange(2000), lambda batch: nn.functional.cross_entropy(network(x[batch]), y[batch]), 5)
    return _activations(network, x, 4), labels[rows]


def _distorted(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turned = rotate(image, rng.uniform(-25, 25), reshape=False, order=1)
    return np.clip(shift(turned, rng.uniform(-1, 1, 2), order=1) + rng.normal(0, 0.05, (8, 8)), 0, 1)


def _network(*widths: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for dims, out in pairwise(widths):
        layers += [nn.Linear(dims, out), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-1], 10))


def _convolutional() -> nn.Sequential:
    stages = [nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 16, 3, padding=1), nn.ReLU()]
    for dims, out in ((16, 32), (32, 64)):
        stages += [nn.Conv2d(dims, out, 3, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def _activations(network: nn.Sequential, x: Tensor, depth: int) -> np.ndarray:
    with torch.no_grad():
        layer = network[:depth](x)
        return np.asarray((layer.mean(dim=(2, 3)) if layer.ndim == 4 else layer).numpy())


def _train(
    network: nn.Sequential,
    x: Tensor,
    rows: np.ndarray,
    loss_of: Callable[[Tensor], Tensor],
    epochs: int,
    look: Callable[[], np.ndarray] | None = None,
    due: Sequence[int] | np.ndarray = (),
) -> list[np.ndarray]:
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    seen, step = [], 0
    for _ in range(epochs):
        for batch in torch.from_numpy(np.random.default_rng(step).permutation(rows)).split(32):
            if look is not None and step in due:
                seen.append(look())
            optimizer.zero_grad()
            loss_of(batch).backward()
            optimizer.step()
            step += 1
    return seen
