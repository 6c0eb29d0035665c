"""IVIS's triplets: an anchor, one of its nearest neighbours, and samples of the batch that are not its neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from kd_projector.projection.ivis_neighbours import Neighbours

NEGATIVES = (
    16  # for each anchor, out of its own batch; with 4 a map of digits keeps .315 of 15 neighbours, with 16 .352
)


@dataclass(frozen=True)
class TripletBatch:
    """anchors, positives: (B,) indices of samples. negatives: (B, S) rows of this batch. usable: (B, S) bool."""

    anchors: Tensor
    positives: Tensor
    negatives: Tensor
    usable: Tensor


def steps_in_an_epoch(samples: int, batch_size: int) -> int:
    """The batches of an epoch: of nearly one size, at most `batch_size`, and never of one sample alone."""
    return max(1, min(math.ceil(samples / batch_size), samples // 2))


def epoch_of_triplets(neighbours: Neighbours, batch_size: int, generator: torch.Generator) -> Iterator[TripletBatch]:
    """The batches of one epoch, which shows the samples in a new order. batch_size: at most as many as samples.

    generator: on the CPU, for all that is drawn, so that chance is the same on every device; once an epoch, not once a
    batch, because each move to a device makes it wait.
    """
    device = neighbours.indices.device
    samples = len(neighbours.indices)
    steps = steps_in_an_epoch(samples, batch_size)
    order = torch.randperm(samples, generator=generator).to(device)
    chance = torch.rand(samples, generator=generator).to(device)
    pick = (chance * neighbours.counts[order]).long()
    all_positives = neighbours.indices[order, pick]
    for anchors, positives in zip(order.tensor_split(steps), all_positives.tensor_split(steps), strict=True):
        size = len(anchors)
        # The order is random, so the next rows of the batch are random other samples.
        shifts = 1 + torch.arange(min(NEGATIVES, size - 1), device=device)
        negatives = (torch.arange(size, device=device)[:, None] + shifts) % size
        forbidden = neighbours.indices[anchors]
        usable = ~(forbidden[:, :, None] == anchors[negatives][:, None, :]).any(dim=1)
        yield TripletBatch(anchors, positives, negatives, usable)
