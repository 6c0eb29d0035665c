"""The pair measures have the values that published toy cases and closed forms say."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.linalg import subspace_angles
from scipy.spatial.distance import pdist, squareform
from torch import Tensor

from kd_projector.measures.neighbours import mutual_knn, neighbour_overlap
from kd_projector.measures.procrustes import procrustes_disparity
from kd_projector.measures.rsa import rsa
from kd_projector.measures.similarity import linear_cka, unbiased_cka

from .constructed import rotation


def gaussian(n: int, d: int, seed: int) -> Tensor:
    return torch.randn(n, d, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def mean_squared_cca(X: Tensor, Y: Tensor) -> float:
    """R^2_CCA of Kornblith et al. 2019: the mean squared canonical correlation, over the columns of X."""
    x, y = ((side - side.mean(dim=0)).numpy() for side in (X, Y))
    cosines = torch.from_numpy(subspace_angles(x, y)).cos()
    return float(cosines.square().sum()) / X.shape[1]


def orthonormal(X: Tensor) -> Tensor:
    return torch.linalg.qr(X - X.mean(dim=0)).Q


@pytest.mark.parametrize("seed", range(3))
def test_cka_of_orthonormal_bases_is_mean_squared_cca(seed: int) -> None:
    """Kornblith et al. 2019, table 1: R^2_CCA = |Q_Y^T Q_X|_F^2 / p, which is linear CKA where all of Q's columns have
    the same variance; of p and q columns, linear CKA has sqrt(p q) in place of p."""
    X, Y = gaussian(80, 6, seed), gaussian(80, 9, seed + 10)
    Y[:, :3] += X[:, :3]
    expected = mean_squared_cca(X, Y) * math.sqrt(6 / 9)
    assert linear_cka(orthonormal(X), orthonormal(Y)) == pytest.approx(expected, rel=1e-9)


def test_cka_is_invariant_to_rotations_and_not_to_invertible_maps_as_cca_is() -> None:
    """Kornblith et al. 2019, section 2."""
    X, Y = gaussian(100, 8, 0), gaussian(100, 8, 1)
    Y += X
    stretched = X * torch.logspace(0, 2, 8, dtype=torch.float64) @ rotation(8, 2)
    assert mean_squared_cca(stretched, Y) == pytest.approx(mean_squared_cca(X, Y), rel=1e-9)
    assert linear_cka(X @ rotation(8, 3), Y) == pytest.approx(linear_cka(X, Y), rel=1e-9)
    assert linear_cka(stretched, Y) < 0.5 * linear_cka(X, Y)
    assert linear_cka(stretched, X) < 0.5


def test_with_as_many_columns_as_samples_cca_is_one_and_cka_still_tells_layers_apart() -> None:
    """Kornblith et al. 2019, theorem 1: what is invariant to invertible maps cannot tell wide layers apart."""
    X, unrelated = gaussian(40, 60, 0), gaussian(40, 60, 1)
    related = X + 0.3 * unrelated
    assert mean_squared_cca(X, unrelated) * 60 == pytest.approx(39)  # all there are: 40 samples, less their mean
    assert linear_cka(X, related) > linear_cka(X, unrelated) + 0.2
    assert unbiased_cka(X, related) > unbiased_cka(X, unrelated) + 0.5


@pytest.mark.parametrize(("d", "e"), [(10, 10), (100, 100), (900, 900), (50, 400)])
def test_cka_of_unrelated_gaussians_grows_with_their_width_and_the_unbiased_one_does_not(d: int, e: int) -> None:
    """Murphy et al. 2024, "Correcting biased centered kernel alignment measures in biological and artificial neural
    networks". With the Wishart moments E tr K L = D E (N - 1) and E |K|_F^2 = D (N - 1) (N + D) it is about
    sqrt(D E / ((N + D) (N + E)))."""
    n = 100
    X, Y = gaussian(n, d, 0), gaussian(n, e, 1)
    assert linear_cka(X, Y) == pytest.approx(math.sqrt(d * e / ((n + d) * (n + e))), abs=0.02)
    assert unbiased_cka(X, Y) == pytest.approx(0, abs=0.05)


def test_cka_after_a_few_samples_are_moved_far_away_is_that_of_who_was_moved() -> None:
    """Davari et al. 2023, "Reliability of CKA as a similarity measure in deep learning": a subset moved by c v, c to
    infinity. With h the centred indicator of the subset it tends to h^T K h / (|h|^2 |K|_F), whatever v; neighbours
    stay as they were, but for those on the other side."""
    X = gaussian(200, 5, 0)
    moved = X.clone()
    moved[:20] += 1e7 * torch.tensor([1.0, 2.0, 0.0, 0.0, -1.0])
    Z = X - X.mean(dim=0)
    h = (torch.arange(200) < 20).double()
    h -= h.mean()
    K = Z @ Z.T
    assert linear_cka(X, moved) == pytest.approx(float(h @ K @ h / (h @ h * K.norm())), abs=1e-6)
    assert linear_cka(X, moved) < 0.1
    assert neighbour_overlap(X, moved) > 0.7


@pytest.mark.parametrize("k", [1, 10, 100])
def test_random_embeddings_share_k_of_n_minus_1_neighbours(k: int) -> None:
    """Huh et al. 2024, "The Platonic Representation Hypothesis": unrelated embeddings are at chance; the number of
    common neighbours is hypergeometric, with mean k^2 / (N - 1)."""
    n = 800
    X, Y = gaussian(n, 20, 0), gaussian(n, 30, 1)
    chance = k / (n - 1)
    standard_error = math.sqrt(chance * (1 - chance) * (n - 1 - k) / (n - 2) / k / n)
    for overlap in (mutual_knn, neighbour_overlap):
        assert overlap(X, Y, k) == pytest.approx(chance, abs=4 * standard_error)


def test_rsa_is_one_for_any_monotone_change_of_the_dissimilarities() -> None:
    """Kriegeskorte et al. 2008 compare ranks, so that only the order of the dissimilarities counts. Powers of at most 1
    of Euclidean distances are Euclidean again (Schoenberg 1937), so there is an embedding that has them."""
    X = gaussian(40, 3, 0)
    distances = torch.from_numpy(squareform(pdist(X.numpy())))
    for power in (0.9, 0.5, 0.1):
        # Classical scaling: the Gram matrix of points at these distances from each other.
        squared = distances.pow(2 * power)
        gram = -0.5 * (squared - squared.mean(dim=0) - squared.mean(dim=1, keepdim=True) + squared.mean())
        values, vectors = torch.linalg.eigh(gram)
        assert float(values.min()) > -1e-9
        Y = vectors * values.clamp(min=0).sqrt()
        assert rsa(X, Y) == pytest.approx(1, abs=1e-9)
    assert linear_cka(X, Y) < 0.6
    assert procrustes_disparity(X, Y) > 0.3
