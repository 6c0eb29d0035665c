"""IVIS's triplets (an anchor, one of its nearest neighbours, samples of the batch that are not) and their loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from kd_projector.errors import UsageError

NEGATIVES = 8  # in-batch negatives for each anchor: they cost no pass through the network
DISTANCES = ("pn", "euclidean")


@dataclass(frozen=True)
class TripletBatch:
    """anchors, positives: (B,) indices of samples. negatives: (B, S) rows of this batch. usable: (B, S) bool."""

    anchors: Tensor
    positives: Tensor
    negatives: Tensor
    usable: Tensor


def triplet_batches(
    neighbours: Tensor, batch_size: int, steps: int, generator: torch.Generator
) -> Iterator[TripletBatch]:
    """`steps` batches of triplets. neighbours: (N, k) indices. Every epoch goes through all samples in a new order."""
    samples, k = neighbours.shape
    batch_size = min(batch_size, samples)
    shifts = 1 + torch.arange(min(NEGATIVES, batch_size - 1))
    order, position = torch.randperm(samples, generator=generator), 0
    for _ in range(steps):
        if position + batch_size > samples:
            order, position = torch.randperm(samples, generator=generator), 0
        anchors = order[position : position + batch_size]
        position += batch_size
        of_anchors = neighbours[anchors]
        pick = torch.randint(k, (batch_size, 1), generator=generator)
        # The order is random, so the next rows of the batch are random other samples.
        negatives = (torch.arange(batch_size)[:, None] + shifts) % batch_size
        usable = ~(of_anchors[:, :, None] == anchors[negatives][:, None, :]).any(dim=1)
        yield TripletBatch(anchors, of_anchors.gather(1, pick)[:, 0], negatives, usable)


def triplet_loss(batch: TripletBatch, anchors: Tensor, positives: Tensor, distance: str, margin: float) -> Tensor:
    """The mean triplet loss of a batch whose samples the network put at `anchors` and `positives`, each (B, C).

    "pn": max(d(a, p) - min(d(a, n), d(p, n)) + margin, 0), the paper's (Szubert et al., "Structure-preserving
    visualisation of high dimensional single-cell datasets", 2019); "euclidean": without d(p, n).
    """
    negatives = anchors[batch.negatives]
    near = _distance(anchors, positives)[:, None]
    far = _distance(anchors[:, None], negatives)
    if distance == "pn":
        far = torch.minimum(far, _distance(positives[:, None], negatives))
    elif distance != "euclidean":
        raise UsageError(f"No IVIS loss is called {distance!r}; there are {', '.join(DISTANCES)}.")
    hinge = torch.relu(near - far + margin) * batch.usable
    return hinge.sum() / batch.usable.sum().clamp(min=1)


def _distance(left: Tensor, right: Tensor) -> Tensor:
    # The root's slope at zero is infinite; two samples may well lie at one place.
    return ((left - right) ** 2).sum(dim=-1).clamp(min=1e-12).sqrt()
