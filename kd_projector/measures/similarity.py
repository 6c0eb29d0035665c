"""Measures of how alike two embeddings of the same samples are: linear CKA."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from kd_projector.measures.inputs import as_double, centred, same_samples


@dataclass(frozen=True, eq=False)
class CentredEmbedding:
    """One side of a linear CKA: `Z` (N, D) float64 with column means 0, and what each comparison needs of it again."""

    Z: Tensor

    @staticmethod
    def of(X: Tensor) -> CentredEmbedding:
        """Raises UsageError unless X is an (N, D) tensor of finite numbers."""
        return CentredEmbedding(centred(as_double(X)))

    @cached_property
    def gram(self) -> Tensor:
        """Z Z^T, (N, N). Only asked for where it is smaller than Z^T Z."""
        return self.Z @ self.Z.T

    @cached_property
    def self_similarity(self) -> float:
        """|Z^T Z|_F = |Z Z^T|_F, by the smaller of the two."""
        n, d = self.Z.shape
        return float(torch.linalg.matrix_norm(self.Z.T @ self.Z if d <= n else self.gram))

    def linear_cka(self, other: CentredEmbedding) -> float:
        """See the function `linear_cka`."""
        scale = self.self_similarity * other.self_similarity
        if scale == 0:
            return float("nan")
        n = len(self.Z)
        if self.Z.shape[1] * other.Z.shape[1] <= n * n:
            shared = float((other.Z.T @ self.Z).square().sum())
        else:
            shared = float((self.gram * other.gram).sum())
        return min(max(shared / scale, 0.0), 1.0)  # rounding alone can leave [0, 1]


def linear_cka(X: Tensor, Y: Tensor) -> float:
    """Linear centred kernel alignment of two embeddings of the same samples.

        |Y^T X|_F^2 / (|X^T X|_F |Y^T Y|_F),   X and Y with column means 0

    X: (N, D), Y: (N, E), row i the same sample in both. Where D E > N^2 the same number comes from the (N, N) Gram
    matrices, <X X^T, Y Y^T> / (|X X^T|_F |Y Y^T|_F). Centred and summed in float64, so that float16 and float32 input
    with a large offset loses nothing.

    Range [0, 1]; higher means more alike, 1 the same up to rotation and scale. (This is the biased estimate: for
    unrelated embeddings it grows towards 1 as D and E approach N.) Symmetric. Invariant to translation, orthogonal
    transformation and isotropic scaling of either, not to other linear maps. Undefined (nan) where all rows of X or of
    Y are the same (so for N = 1). Cost: N (D^2 + E^2 + D E) multiplications.
    Source: Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019.
    """
    same_samples(X, Y)
    x, y = CentredEmbedding.of(X), CentredEmbedding.of(Y)
    return x.linear_cka(CentredEmbedding(y.Z.to(x.Z.device)))
