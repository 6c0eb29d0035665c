"""Measures that ask who is near whom: exact nearest neighbours, kNN accuracy, neighbourhood overlap."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.centred import CentredEmbedding
from kd_projector.measures.inputs import as_double, integer_labels, same_samples

K = 10  # neighbours, where the caller does not say
_SPARE = 8  # candidates beyond k that the quick distances offer to the exact ones
_BLOCK_ELEMENTS = 2**22  # float64 numbers in a temporary: 32 MiB


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Who is near whom: `indices` (N, k) int64, as `nearest_neighbours` has them, and `determined` (N,) bool.

    A sample's neighbours are determined unless its k-th and the next one are equally far, as where many samples
    coincide: then who is among the k is the order of the samples, and says nothing of the embedding.
    """

    indices: Tensor
    determined: Tensor

    def to(self, device: torch.device) -> Neighbours:
        return Neighbours(self.indices.to(device), self.determined.to(device))


def nearest_neighbours(X: Tensor, k: int = K) -> Tensor:
    """The k nearest neighbours of every sample by Euclidean distance, nearest first, the sample itself left out.

    X: (N, D). Returns (N, min(k, N - 1)) int64: row i holds the indices of sample i's neighbours. Exact: distances are
    compared as sums of squared differences in float64, and equal ones (duplicates) go by index, lowest first; so the
    result depends on nothing but X and k.

    Invariant to translation, rotation and isotropic scaling (up to rounding). Cost: N^2 D multiplications (matrix
    products; half of them up to 4,096 samples), blockwise: no temporary is larger than 32 MiB or X itself, except half
    an (N, N) matrix where N <= 4,096. Embeddings with many near-ties cost up to N^2 D subtractions more, but only once
    for each distinct row.

    Raises UsageError if k < 1, or X is not an (N, D) tensor of finite numbers.
    """
    return _neighbours(X, k).indices


def _neighbours(X: Tensor, k: int) -> Neighbours:
    if k < 1:
        raise UsageError(f"k = {k}: ask for at least one neighbour.")
    return neighbours_by(X, CentredEmbedding.of(X), k)


def neighbours_by(X: Tensor, rows: CentredEmbedding, k: int = K) -> Neighbours:
    """The k nearest neighbours in X (N, D), finite, where `rows`, CentredEmbedding.of(X), is there already."""
    n = len(X)
    k = min(k, n - 1)
    found = torch.empty(n, k, dtype=torch.int64, device=X.device)
    determined = torch.ones(n, dtype=torch.bool, device=X.device)
    if k == 0:
        return Neighbours(found, determined)
    certain = torch.empty(n, dtype=torch.bool, device=X.device)
    for start, squared in rows.squared_distances():
        block = slice(start, start + len(squared))
        squared.diagonal(start).fill_(torch.inf)
        nearest, order = squared.topk(min(k + 1, n - 1), largest=False)
        found[block] = order[:, :k]
        # Two of these distances can only be the other way round if they are closer than both their rounding errors;
        # whoever was not offered is at least as far as the last one offered.
        certain[block] = (nearest.diff(dim=1) > 4 * rows.rounding_error).all(dim=1)
    uncertain = (~certain).nonzero().squeeze(1)
    if len(uncertain):
        exact = _nearest_of_candidates(as_double(X), rows, uncertain, k)
        found[uncertain], determined[uncertain] = exact.indices, exact.determined
    return Neighbours(found, determined)


def _nearest_of_candidates(X: Tensor, rows: CentredEmbedding, samples: Tensor, k: int) -> Neighbours:
    """Of `samples`, by the exact distances of a few candidates, or of all."""
    n, d = X.shape
    taken = min(k + _SPARE, n - 1)
    found = torch.empty(len(samples), k, dtype=torch.int64, device=X.device)
    determined = torch.empty(len(samples), dtype=torch.bool, device=X.device)
    certain = torch.empty(len(samples), dtype=torch.bool, device=X.device)
    at_once = max(1, _BLOCK_ELEMENTS // max(n, taken * d))
    for start in range(0, len(samples), at_once):
        block = slice(start, start + at_once)
        here = samples[block]
        # |z_j|^2 - 2 z_i.z_j: the squared distance but for |z_i|^2, which is the same along a row.
        quick = torch.addmm(rows.norms, rows.Z[here], rows.Z.T, alpha=-2)
        quick.scatter_(1, here[:, None], torch.inf)
        offered, candidates = quick.topk(taken, largest=False)
        # Lowest index first, so that the stable sort by distance leaves ties in that order.
        candidates = candidates.sort(dim=1).values
        distances, order = _squared_distances(X[here], X[candidates]).sort(dim=1, stable=True)
        found[block] = candidates.gather(1, order[:, :k])
        determined[block] = _are_apart(distances, k, d)
        # Whoever was not offered is at least as far as the last one offered, within the rounding error; the second one
        # is the distance from which on it is no tie.
        certain[block] = distances[:, k - 1] + 2 * rows.rounding_error < offered[:, -1] + rows.norms[here]
    if taken < n - 1 and not certain.all():
        unsettled = (~certain).nonzero().squeeze(1)
        by_all = _nearest_by_all_distances(X, samples[unsettled], k)
        found[unsettled], determined[unsettled] = by_all.indices, by_all.determined
    return Neighbours(found, determined)


def _are_apart(ordered: Tensor, k: int, d: int) -> Tensor:
    """(B,) bool: whether the k-th and the next of each row's exact distances (B, M), smallest first, differ by more
    than the rounding of sums of d squares. True where there is no next one."""
    if ordered.shape[1] <= k:
        return ordered.new_ones(len(ordered), dtype=torch.bool)
    last, following = ordered[:, k - 1], ordered[:, k]
    return following - last > 2 * (d + 4) * torch.finfo(torch.float64).eps * last


def _squared_distances(X: Tensor, others: Tensor) -> Tensor:
    """(B, M): from row i of X (B, D) to each of its own others (B, M, D) or to shared ones (1, M, D)."""
    return (X[:, None, :] - others).square_().sum(dim=2)


def _nearest_by_all_distances(X: Tensor, samples: Tensor, k: int) -> Neighbours:
    """Of `samples`, by sorting all exact distances, worked out once for each distinct row."""
    distinct, which = torch.unique(X[samples], dim=0, return_inverse=True)
    nearest = torch.empty(len(distinct), k + 1, dtype=torch.int64, device=X.device)
    determined = torch.empty(len(distinct), dtype=torch.bool, device=X.device)
    rows = max(1, _BLOCK_ELEMENTS // X.numel())
    for start in range(0, len(distinct), rows):
        block = slice(start, start + rows)
        distances, order = _squared_distances(distinct[block], X[None]).sort(dim=1, stable=True)
        nearest[block] = order[:, : k + 1]
        determined[block] = _are_apart(distances, k + 1, X.shape[1])  # the sample itself is one of them
    listed = nearest[which]
    keep = listed != samples[:, None]
    # A sample with more than k duplicates before it is not in its own list: then the last one goes.
    keep[keep.all(dim=1), -1] = False
    return Neighbours(listed[keep].view(len(samples), k), determined[which])


def knn_accuracy(X: Tensor, labels: Tensor, k: int = K) -> float:
    """Share of samples whose k nearest neighbours vote for their own class (leave-one-out kNN classification).

        (1 / N) sum_i [ majority of labels over the k nearest neighbours of i, i left out, = label of i ]

    X: (N, D); labels: (N,) integers. Each neighbour has one vote; a tied vote goes to the smallest of the tied labels,
    as in scikit-learn. With fewer than k other samples, all of them vote.

    Range [0, 1]; higher means that classes are easier to tell apart; chance is about the share of the largest class.
    Invariant to translation, rotation, isotropic scaling. Undefined (nan) for N = 1; 1 where there is only one class.
    Cost: that of `nearest_neighbours`. Source: Cover & Hart, "Nearest neighbor pattern classification", 1967;
    the same as sklearn.neighbors.KNeighborsClassifier with leave-one-out.
    """
    neighbours = nearest_neighbours(X, k)
    return accuracy_of_vote(neighbours, integer_labels(labels, neighbours))


def accuracy_of_vote(neighbours: Tensor, labels: Tensor) -> float:
    """`knn_accuracy` from neighbours (N, k) that are known already. labels: (N,) int64 on the same device."""
    if neighbours.shape[1] == 0:
        return float("nan")
    _, codes = torch.unique(labels, return_inverse=True)
    voted = codes[neighbours]
    votes = (voted[:, :, None] == voted[:, None, :]).sum(dim=2)
    # One whole number that orders by votes first and by the smaller label second.
    winner = (votes * len(labels) - voted).argmax(dim=1, keepdim=True)
    return float((voted.gather(1, winner).squeeze(1) == codes).double().mean())


def neighbour_overlap(X: Tensor, Y: Tensor, k: int = K) -> float:
    """Mean share of a sample's k nearest neighbours that two embeddings of the same samples have in common.

        mean_i |N_k^X(i) & N_k^Y(i)| / k

    X: (N, D), Y: (N, E), row i the same sample in both. A sample whose neighbours are not determined in X or in Y,
    because its k-th and the next one are equally far, has no neighbourhood to compare and is left out of the mean:
    ties that both sides break alike, by index, would make unrelated layers with coinciding rows (dead samples) look
    alike. With no more than k other samples, all of them count (the overlap is then 1).

    Range [0, 1]; higher means more alike, 1 an embedding with itself; unrelated embeddings have about k / (N - 1).
    Symmetric. Invariant to translation, rotation, isotropic scaling of either (up to rounding). Undefined (nan) for
    N = 1, and where no sample is left (a collapsed layer). Cost: `nearest_neighbours` of both.
    Source: mutual k-nearest neighbours, Huh et al., "The Platonic Representation Hypothesis", 2024 (which has no rule
    for ties).
    """
    return float(neighbour_overlap_per_sample(X, Y, k).nanmean())


def neighbour_overlap_per_sample(X: Tensor, Y: Tensor, k: int = K) -> Tensor:
    """(N,) float64: `neighbour_overlap` sample by sample; nan for those that it leaves out, and for N = 1."""
    same_samples(X, Y)
    neighbours = _neighbours(X, k)
    return shared_neighbours(neighbours, _neighbours(Y, k).to(neighbours.indices.device))


def shared_neighbours(neighbours: Neighbours, others: Neighbours) -> Tensor:
    """(N,) float64: the share of each sample's neighbours that the others have too; nan where either's are not
    determined."""
    common = (neighbours.indices[:, :, None] == others.indices[:, None, :]).any(dim=2).double().mean(dim=1)
    return common.masked_fill_(~(neighbours.determined & others.determined), torch.nan)


def mutual_knn(X: Tensor, Y: Tensor, k: int = K) -> float:
    """Mean share of a sample's k nearest neighbours by cosine similarity that two embeddings have in common.

        mean_i |N_k^X(i) & N_k^Y(i)| / k,   neighbours by x_i.x_j / (|x_i| |x_j|)

    X: (N, D), Y: (N, E), row i the same sample in both. The same as `neighbour_overlap` of embeddings whose rows have
    been brought to length 1; as there, a sample whose k-th neighbour and the next one are equally far is left out. A
    row of zeros has no direction: it counts as at right angles to all others, and as the duplicate of other rows of
    zeros.

    Range [0, 1]; higher means more alike; unrelated embeddings have about k / (N - 1). Symmetric. Invariant to rotation
    and scaling, of each row by its own positive number, of either (up to rounding), not to translation. Undefined (nan)
    for N = 1, and where no sample is left. Cost: `nearest_neighbours` of both.
    Source: Huh et al., "The Platonic Representation Hypothesis", ICML 2024 (mutual_knn of their package `platonic`,
    which has no rule for ties).
    """
    same_samples(X, Y)
    neighbours, others = (cosine_neighbours(side, k) for side in (X, Y))
    return float(shared_neighbours(neighbours, others.to(neighbours.indices.device)).nanmean())


def cosine_neighbours(X: Tensor, k: int = K) -> Neighbours:
    """The k nearest neighbours in X (N, D) by cosine similarity, as `mutual_knn` compares them."""
    return _neighbours(directions(X), k)


def directions(X: Tensor) -> Tensor:
    """The rows of X (N, D) at length 1, float64; where some are all 0, a further column in which only those are 1."""
    X = as_double(X)
    # A row's own largest magnitude first: squares of the smallest numbers would vanish.
    largest = X.abs().amax(dim=1, keepdim=True)
    nothing = largest == 0
    X = X / largest.masked_fill(nothing, 1.0)
    X = X / torch.linalg.vector_norm(X, dim=1, keepdim=True).masked_fill_(nothing, 1.0)
    return torch.cat([X, nothing.double()], dim=1) if nothing.any() else X
