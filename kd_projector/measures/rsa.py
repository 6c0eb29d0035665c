"""RSA: whether two embeddings agree on which pairs of samples are far apart."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from kd_projector.measures.centred import CentredEmbedding
from kd_projector.measures.inputs import same_samples

SAMPLES = 2048  # at most: 2.1 million pairs, 16 MiB as float64, about 130 MiB while they are ranked
_SEED = 0


def rsa(X: Tensor, Y: Tensor) -> float:
    """Representational similarity analysis: Spearman's rank correlation of the distances between all pairs of samples.

        corr(rank |x_i - x_j|, rank |y_i - y_j|)   over i < j, ties at their mean rank

    X: (N, D), Y: (N, E), row i the same sample in both; Euclidean distances. Distances that differ by less than their
    rounding error are ties. Of more than 2,048 samples, 2,048 are taken, the same ones each time (drawn without
    replacement with a fixed seed): sorting the 5 * 10^7 pairs of 10,000 would take seconds a layer and over 1 GiB.

    Range [-1, 1]; higher means more alike, about 0 unrelated. Symmetric. Invariant to translation, rotation and
    isotropic scaling of either, and, up to 2,048 samples, to their order. Undefined (nan) for N < 3 and where all
    distances of X or of Y are the same. Cost: N^2 (D + E) / 2 multiplications and two sorts of N^2 / 2 numbers,
    N <= 2,048; for 2,048 samples about 130 MiB while a layer's 2.1 million distances are ranked, of which 16 stay.
    Source: Kriegeskorte et al., "Representational similarity analysis", 2008; the same as scipy.stats.spearmanr of
    scipy.spatial.distance.pdist.
    """
    same_samples(X, Y)
    x = distance_ranks(chosen_rows(X))
    return float(rsa_of(x, distance_ranks(chosen_rows(Y)).to(x.device)))


def rsa_of(ranks: Tensor, other_ranks: Tensor) -> Tensor:
    """`rsa` from `distance_ranks` of both, a 0-dimensional tensor."""
    return (ranks @ other_ranks).clamp(-1.0, 1.0)  # rounding alone can leave [-1, 1]


def chosen_rows(X: Tensor) -> CentredEmbedding:
    """The samples that `rsa` looks at, centred."""
    n = len(X) if isinstance(X, Tensor) and X.ndim else 0
    return CentredEmbedding.of(X[_chosen(n).to(X.device)] if n > SAMPLES else X)


def distance_ranks(rows: CentredEmbedding) -> Tensor:
    """(M,) float64: the ranks of the distances of all M = N (N - 1) / 2 pairs, less their mean, at length 1.

    All nan where there are not two different distances.
    """
    n = len(rows.Z)
    condensed = rows.Z.new_empty(n * (n - 1) // 2)
    filled = 0
    for start, squared in rows.squared_distances():
        later = squared[torch.ones_like(squared, dtype=torch.bool).triu_(start + 1)]
        condensed[filled : filled + len(later)] = later
        filled += len(later)
    if n < 3:
        return condensed.new_full((1,), torch.nan)
    # Each of these is 16 MiB for 2,048 samples, so one gives its memory to the next where it can.
    ordered, order = condensed.sort()
    is_new = ordered.diff() > 4 * rows.rounding_error  # two errors, each with a margin
    places = torch.cat([is_new.new_zeros(1), is_new]).cumsum(0, dtype=torch.int32)
    sizes = torch.bincount(places)
    # The mean rank of a tie: the last rank in it, less half of what stands before that in the tie.
    means = sizes.cumsum(0, dtype=torch.float64).sub_(sizes, alpha=0.5).add_(0.5)
    del sizes
    ranks = condensed.scatter_(0, order, torch.index_select(means, 0, places, out=ordered))
    ranks -= (len(ranks) + 1) / 2
    return ranks.div_(torch.linalg.vector_norm(ranks))  # 0 / 0 is nan


@lru_cache(maxsize=4)
def _chosen(n: int) -> Tensor:
    # On the CPU also where torch has another default device.
    drawn = torch.randperm(n, generator=torch.Generator("cpu").manual_seed(_SEED), device="cpu")[:SAMPLES]
    return drawn.sort().values
