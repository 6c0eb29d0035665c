"""CentredEmbedding: rows less their mean, and the products of all pairs of rows, which many measures start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from kd_projector.measures.inputs import as_double, centred

LARGEST_GRAM = 4096  # samples up to which all products of pairs are kept: 75 MiB there, 18 MiB for 2,000
_BLOCK_ROWS = 256  # rows at a time: what is done to them stays within a processor's cache
_BLOCK_ELEMENTS = 2**22  # float64 numbers in a temporary: 32 MiB


@dataclass(frozen=True, eq=False)
class Gram:
    """Z Z^T (N, N) without what symmetry tells, half the multiplications and half the memory; by blocks of B rows.

    squares: (B, B) float64 each, a block's rows with themselves; rights: (B, N - end) each, with all later rows.
    """

    squares: tuple[Tensor, ...]
    rights: tuple[Tensor, ...]

    @staticmethod
    def of(Z: Tensor) -> Gram:
        blocks = [(Z[start : start + _BLOCK_ROWS], Z[start + _BLOCK_ROWS :]) for start in range(0, len(Z), _BLOCK_ROWS)]
        return Gram(tuple(own @ own.T for own, _ in blocks), tuple(own @ later.T for own, later in blocks))

    def dot(self, other: Gram) -> Tensor:
        """sum_ij K_ij L_ij over the whole matrices, a 0-dimensional tensor."""
        once = [_dot(mine, theirs) for mine, theirs in zip(self.squares, other.squares, strict=True)]
        twice = [_dot(mine, theirs) for mine, theirs in zip(self.rights, other.rights, strict=True)]
        return torch.stack(once).sum() + 2 * torch.stack(twice).sum()

    def rows(self) -> Iterator[tuple[int, Tensor]]:
        """All of it, block by block: (index of the first row, (B, N) float64, the caller's own)."""
        start = 0
        for i, square in enumerate(self.squares):
            end = start + len(square)
            # Column j of an earlier block's right part is row (its end + j) of the whole.
            ends = range(_BLOCK_ROWS, start + 1, _BLOCK_ROWS)
            above = [right[:, start - e : end - e].T for right, e in zip(self.rights[:i], ends, strict=True)]
            yield start, torch.cat([*above, square, self.rights[i]], dim=1)
            start = end


def reads_gram(n: int, d: int, e: int) -> bool:
    """Whether two kept Gram matrices of N samples are the way to the product of embeddings of D and of E columns: for
    narrower ones reading them would take longer than multiplying anew."""
    return d * e > 4 * n


def _dot(A: Tensor, B: Tensor) -> Tensor:
    return A.flatten() @ B.flatten()


@dataclass(frozen=True, eq=False)
class CentredEmbedding:
    """`Z` (N, D) float64 with column means 0 and entries of magnitude below 2, and what is worked out from it once.

    float64 also on a GPU, though consumer cards have a 32nd or 64th of their speed there: the order of neighbours and
    the zero between duplicates hang on it, half the products of 2,000 x 512 are 2 GFLOP, and the logger's writer has a
    stream of its own for them. `kept_gram`: where the products of pairs are kept elsewhere, what gives them.
    """

    Z: Tensor
    kept_gram: Callable[[], Gram | None] | None = None

    @staticmethod
    def of(X: Tensor, name: str = "The embedding") -> CentredEmbedding:
        """Raises UsageError, beginning with `name`, unless X is an (N, D) tensor of finite numbers."""
        return CentredEmbedding(centred(as_double(X, name)))

    @cached_property
    def norms(self) -> Tensor:
        """(N,) squared length of each row."""
        return self.Z.square().sum(dim=1)

    @cached_property
    def gram(self) -> Gram | None:
        """None where it would be too large to keep."""
        if self.kept_gram is not None:
            return self.kept_gram()
        return Gram.of(self.Z) if len(self.Z) <= LARGEST_GRAM else None

    def squared_distances(self) -> Iterator[tuple[int, Tensor]]:
        """Squared Euclidean distances, block by block: (index of the first row, (B, N) float64, the caller's own).

        As |z|^2 + |z'|^2 - 2 z.z', so each within `rounding_error` of the true one, and 0 from a sample to itself.
        """
        for start, products in self._products():
            own = self.norms[start : start + len(products), None]
            squared = products.mul_(-2).add_(self.norms).add_(own).clamp_(min=0)
            squared.diagonal(start).fill_(0.0)
            yield start, squared

    @cached_property
    def rounding_error(self) -> Tensor:
        """A bound on the rounding error of a squared distance, 0-dimensional, also of one by summed differences.

        The first term is the summation's (d + 4 roundings of terms that add up to at most 8 times the largest squared
        norm), the others are the centring's, for entries of magnitude at most 1.
        """
        d, largest = self.Z.shape[1], self.norms.max()
        eps = torch.finfo(torch.float64).eps
        return eps * (8 * (d + 4) * largest + 16 * (d * largest).sqrt() + 16 * d * eps)

    def product(self, other: CentredEmbedding) -> Tensor:
        """|Z'^T Z|_F^2 = <Z Z^T, Z' Z'^T> with the rows Z' of `other`, a 0-dimensional tensor; by the cheapest way."""
        n, d, e = len(self.Z), self.Z.shape[1], other.Z.shape[1]
        if reads_gram(n, d, e):
            if self.gram is not None and other.gram is not None:
                return self.gram.dot(other.gram)
            if d * e > n * n:
                blocks = zip(self._products(), other._products(), strict=True)
                return torch.stack([(mine * theirs).sum() for (_, mine), (_, theirs) in blocks]).sum()
        return (other.Z.T @ self.Z).square().sum()

    def _products(self) -> Iterator[tuple[int, Tensor]]:
        if self.gram is not None:
            yield from self.gram.rows()
            return
        rows = max(1, _BLOCK_ELEMENTS // len(self.Z))
        for start in range(0, len(self.Z), rows):
            yield start, self.Z[start : start + rows] @ self.Z.T
