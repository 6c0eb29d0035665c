"""IVIS's triplet losses, by the names that the ivis package gives them, and the term that keeps the coarse layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

# (None, (3, M, C): anchors, positives and negatives on the map) -> the loss of those M triplets, one number.
TripletLoss = Callable[[Any, Tensor], Tensor]
_TINY = 1e-12


@dataclass(frozen=True)
class Triplets:
    """Where the network puts a batch: anchors, positives (B, C); negatives: (B, S) rows of the batch, usable: (B, S).

    A sample is the negative of several anchors: in-batch negatives cost no pass through the network.
    """

    anchors: Tensor
    positives: Tensor
    negatives: Tensor
    usable: Tensor

    @property
    def of_negatives(self) -> Tensor:
        """(B, S, C) places of the negatives."""
        return self.anchors[self.negatives]

    def mean(self, values: Tensor) -> Tensor:
        """The mean of `values` (B, S) over usable triplets; 0 where there are none."""
        return (values * self.usable).sum() / self.usable.sum().clamp(min=1)


def euclidean(left: Tensor, right: Tensor) -> Tensor:
    """Euclidean distances over the last dimension."""
    # The root's slope at zero is infinite; two samples may well lie at one place.
    return ((left - right) ** 2).sum(dim=-1).clamp(min=_TINY).sqrt()


def _manhattan(left: Tensor, right: Tensor) -> Tensor:
    return (left - right).abs().sum(dim=-1)


def _chebyshev(left: Tensor, right: Tensor) -> Tensor:
    return (left - right).abs().amax(dim=-1)


def _cosine(left: Tensor, right: Tensor) -> Tensor:
    # Of each pair. (The package sums it over the batch, so that all triplets share one number.)
    return 1.0 - torch.nn.functional.cosine_similarity(left, right, dim=-1)


@dataclass(frozen=True)
class _Named:
    distance: Callable[[Tensor, Tensor], Tensor]
    pn: bool  # the positive's distance from the negative counts too, where it is the smaller one
    ratio: bool = False  # softmax over the two distances instead of a hinge at the margin


_LOSSES: Mapping[str, _Named] = {
    "pn": _Named(euclidean, pn=True),
    "euclidean": _Named(euclidean, pn=False),
    "manhattan_pn": _Named(_manhattan, pn=True),
    "manhattan": _Named(_manhattan, pn=False),
    "chebyshev_pn": _Named(_chebyshev, pn=True),
    "chebyshev": _Named(_chebyshev, pn=False),
    "cosine_pn": _Named(_cosine, pn=True),
    "cosine": _Named(_cosine, pn=False),
    "softmax_ratio_pn": _Named(euclidean, pn=True, ratio=True),
    "softmax_ratio": _Named(euclidean, pn=False, ratio=True),
}
LOSSES = tuple(_LOSSES)


def triplet_loss(triplets: Triplets, loss: str | TripletLoss, margin: float) -> Tensor:
    """The mean loss of the usable triplets, one number.

    With a = d(anchor, positive) and n = d(anchor, negative), or in the losses called "..pn" the smaller of that and
    d(positive, negative): max(a - n + margin, 0); for the softmax ratios e^a / (e^a + e^n), without a margin.
    "pn" is the paper's loss (Szubert et al., "Structure-preserving visualisation of high dimensional single-cell
    datasets", 2019); the package takes the mean over both negative distances instead of the smaller one.

    loss: one of LOSSES, or a function (None, (3, M, C)) -> number as the package takes them, of torch tensors.
    """
    anchors, positives, negatives = triplets.anchors[:, None], triplets.positives[:, None], triplets.of_negatives
    if callable(loss):
        stacked = torch.stack([anchors.expand_as(negatives), positives.expand_as(negatives), negatives])
        return loss(None, stacked[:, triplets.usable])
    named = _LOSSES[loss]
    near, far = named.distance(anchors, positives), named.distance(anchors, negatives)
    if named.pn:
        far = torch.minimum(far, named.distance(positives, negatives))
    return triplets.mean(torch.sigmoid(near - far) if named.ratio else torch.relu(near - far + margin))


def layout_loss(triplets: Triplets, given: Tensor) -> Tensor:
    """1 - Pearson's correlation of the map's distances and those in the samples themselves, `given` (B, S): 0..2.

    Over the pairs of anchors and in-batch negatives, which are random pairs of samples. A hinge is content once a
    negative is farther than the neighbour by the margin, wherever it is: by triplets alone, how far apart groups lie is
    left to chance (rank correlation of distances on digits .51, of their PCA .58, with a tenth of this term .63).
    """
    on_map = euclidean(triplets.anchors[:, None], triplets.of_negatives)
    left, right = on_map - on_map.mean(), given - given.mean()
    norms = torch.linalg.vector_norm(left) * torch.linalg.vector_norm(right)
    correlation: Tensor = (left * right).sum() / norms.clamp(min=_TINY)
    return 1.0 - correlation


def hold_loss(places: Tensor, held: Tensor, margin: float) -> Tensor:
    """How far `places` (B, C) are from where they are `held` (B, C): the mean of d² / (1 + d²), d in margins; 0..1.

    Geman & McClure's (1985): the pull fades where a place is margins away, that is, where the network could not learn
    it. With plain squares, of noise in 5 dimensions the smoothed read-out stayed (label accuracy .13, chance is .10):
    a sample's neighbours are held where its own reference place is. So of noise nothing is held (.10), and of two
    steps of a real layer as much as with squares (.92).
    """
    squares = ((places - held) ** 2).sum(dim=1) / margin**2
    return (squares / (1 + squares)).mean()
