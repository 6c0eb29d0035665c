"""How an IVIS network is trained: the scheme that made it both better and faster than the package's, measured.

One cycle of Adam to a high learning rate and back, gradients clipped to norm 1, a fixed number of steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from kd_projector.projection.ivis_triplets import TripletBatch, triplet_batches, triplet_loss


@dataclass(frozen=True)
class TripletTask:
    """X: (N, D) float32. neighbours: (N, k) indices of each sample's nearest. The rest as in `Ivis`."""

    X: Tensor
    neighbours: Tensor
    distance: str
    margin: float
    batch_size: int


def train_on_triplets(
    network: nn.Module, task: TripletTask, steps: int, learning_rate: float, generator: torch.Generator
) -> list[float]:
    """Train `network` for `steps` batches of triplets; the loss of each step."""
    batches = triplet_batches(task.neighbours, task.batch_size, steps, generator)

    def loss_of(batch: TripletBatch) -> Tensor:
        # One pass for both: a small step's time is overhead.
        both: Tensor = network(task.X[torch.cat([batch.anchors, batch.positives])])
        anchors, positives = both.chunk(2)
        return triplet_loss(batch, anchors, positives, task.distance, task.margin)

    return _one_cycle(network, lambda: loss_of(next(batches)), steps, learning_rate)


def regress(
    network: nn.Module,
    X: Tensor,
    targets: Tensor,
    steps: int,
    learning_rate: float,
    batch_size: int,
    generator: torch.Generator,
) -> list[float]:
    """Train `network` to put each row of `X` (N, D) at its row of `targets` (N, C); the squared error of each step."""

    def loss() -> Tensor:
        rows = torch.randint(len(X), (min(batch_size, len(X)),), generator=generator)
        missed: Tensor = network(X[rows]) - targets[rows]
        return (missed**2).sum(dim=1).mean()

    return _one_cycle(network, loss, steps, learning_rate)


def embed(network: nn.Module, X: Tensor) -> np.ndarray:
    """(N, C) float64 outputs of `network` for `X` (N, D)."""
    with torch.no_grad():
        return np.asarray(network(X).numpy(), dtype=np.float64)


def _one_cycle(network: nn.Module, loss_of_step: Callable[[], Tensor], steps: int, learning_rate: float) -> list[float]:
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=learning_rate, total_steps=steps)
    parameters = list(network.parameters())
    losses = []
    for _ in range(steps):
        loss = loss_of_step()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
    return losses
