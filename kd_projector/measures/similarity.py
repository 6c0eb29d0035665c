"""Measures of how alike two embeddings of the same samples are: linear CKA, biased and unbiased."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.measures.inputs import same_samples
from kd_projector.measures.prepared import PreparedLayer


def linear_cka(X: Tensor, Y: Tensor) -> float:
    """Linear centred kernel alignment of two embeddings of the same samples.

        |Y^T X|_F^2 / (|X^T X|_F |Y^T Y|_F),   X and Y with column means 0

    X: (N, D), Y: (N, E), row i the same sample in both. The same number comes from the (N, N) Gram matrices,
    <X X^T, Y Y^T> / (|X X^T|_F |Y Y^T|_F), where those are there or smaller. Centred and summed in float64, so that
    float16 and float32 input with a large offset loses nothing.

    Range [0, 1]; higher means more alike, 1 the same up to rotation and scale. (This is the biased estimate: for
    unrelated embeddings it grows towards 1 as D and E approach N.) Symmetric. Invariant to translation, orthogonal
    transformation and isotropic scaling of either, not to other linear maps. Undefined (nan) where all rows of X or of
    Y are the same (so for N = 1). Cost: N (D^2 + E^2 + D E) multiplications, or N^2 (D + E) / 2 for N <= 4,096.
    Source: Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019.
    """
    return float(linear_cka_of(*_both(X, Y)))


def linear_cka_of(x: PreparedLayer, y: PreparedLayer) -> Tensor:
    """`linear_cka` of prepared layers, a 0-dimensional tensor: reading it waits for the device."""
    shared = x.product(y)
    value = shared / (x.self_product.sqrt() * y.self_product.sqrt())  # 0 / 0 is nan
    return value.clamp(0.0, 1.0)  # rounding alone can leave [0, 1]


def unbiased_cka(X: Tensor, Y: Tensor) -> float:
    """Linear centred kernel alignment with the unbiased estimate of HSIC.

        HSIC_1(K, L) / sqrt(HSIC_1(K, K) HSIC_1(L, L)),   K = X X^T and L = Y Y^T, both with diagonal 0,
        HSIC_1(K, L) = [ tr(K L) + (1'K1)(1'L1) / ((N - 1)(N - 2)) - 2 / (N - 2) 1'KL1 ] / (N (N - 3))

    X: (N, D), Y: (N, E), row i the same sample in both. Centring the rows first, which HSIC_1 does not notice, makes
    the sums of K's rows known, and all of it follows from |Y^T X|_F^2 and the lengths of the rows.

    Range [-1, 1]; higher means more alike, about 0 unrelated, however wide the layers. Symmetric. Invariant to
    translation, orthogonal transformation and isotropic scaling of either. Undefined (nan) for N < 4, and where all
    rows of X or of Y are equally far from each other. Cost: that of `linear_cka`.
    Source: HSIC_1 of Song et al., "Feature Selection via Dependence Maximization", JMLR 2012, in CKA by Nguyen et al.,
    "Do Wide and Deep Networks Learn the Same Things?", ICLR 2021.
    """
    return float(unbiased_cka_of(*_both(X, Y)))


def unbiased_cka_of(x: PreparedLayer, y: PreparedLayer) -> Tensor:
    """`unbiased_cka` of prepared layers, a 0-dimensional tensor."""
    n = len(x.X)
    if n < 4:
        return torch.full((), torch.nan, dtype=torch.float64, device=x.squared_norms.device)
    shared = _unbiased(x.product(y), x.squared_norms, y.squared_norms)
    own = [_unbiased(side.self_product, side.squared_norms, side.squared_norms) for side in (x, y)]
    for k, side in enumerate((x, y)):
        # What is smaller than the rounding of the sums it is left over from is 0, which makes the quotient undefined.
        dust = 4 * n * torch.finfo(torch.float64).eps * side.self_product
        own[k] = torch.where(own[k] > dust, own[k], torch.nan)
    return (shared / (own[0].sqrt() * own[1].sqrt())).clamp(-1.0, 1.0)


def _unbiased(product: Tensor, norms: Tensor, other_norms: Tensor) -> Tensor:
    """HSIC_1 but for its factor 1 / (N (N - 3)). A centred Gram matrix's rows add up to 0, without their diagonal to
    minus that: 1'K1 = -sum k_ii, 1'KL1 = sum k_ii l_ii."""
    n = len(norms)
    diagonals = norms @ other_norms
    return product - diagonals * (n / (n - 2)) + norms.sum() * other_norms.sum() / ((n - 1) * (n - 2))


def _both(X: Tensor, Y: Tensor) -> tuple[PreparedLayer, PreparedLayer]:
    same_samples(X, Y)
    x = PreparedLayer.of(X)
    return x, PreparedLayer.of(Y.to(X.device) if isinstance(Y, Tensor) else Y)
