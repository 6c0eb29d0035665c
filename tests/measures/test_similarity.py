"""Linear CKA, biased and unbiased, agrees with HSIC of Gram matrices, known identities and declared invariances."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import centred
from kd_projector.measures.similarity import linear_cka, unbiased_cka

from .constructed import blobs, related_pairs, rotation


def cka_by_hsic(X: Tensor, Y: Tensor) -> float:
    """The second implementation: HSIC of linear kernels with an explicit centring matrix."""
    x, y = X.double().numpy(), Y.double().numpy()
    n = len(x)
    H = np.eye(n) - 1 / n
    K, L = x @ x.T, y @ y.T

    def hsic(A: np.ndarray, B: np.ndarray) -> float:
        return float(np.trace(A @ H @ B @ H)) / (n - 1) ** 2

    return hsic(K, L) / math.sqrt(hsic(K, K) * hsic(L, L))


@settings(max_examples=100, deadline=None)
@given(related_pairs(fewest=3))
def test_it_is_hsic_of_gram_matrices_for_narrow_and_wide_layers(pair: tuple[Tensor, Tensor]) -> None:
    X, Y = pair
    assert linear_cka(X, Y) == pytest.approx(cka_by_hsic(X, Y), rel=1e-8, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(related_pairs(fewest=3), st.integers(0, 1000), st.floats(1e-6, 1e6))
def test_rotation_scale_offset_and_order_of_samples_do_not_matter(
    pair: tuple[Tensor, Tensor], seed: int, scale: float
) -> None:
    X, Y = pair
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    moved = X @ rotation(X.shape[1], seed) * scale + scale
    assert linear_cka(moved[order], Y[order]) == pytest.approx(linear_cka(X, Y), rel=1e-6, abs=1e-9)
    assert linear_cka(moved, X) == pytest.approx(1, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(related_pairs(fewest=3))
def test_it_is_symmetric_and_between_zero_and_one(pair: tuple[Tensor, Tensor]) -> None:
    X, Y = pair
    assert linear_cka(X, Y) == pytest.approx(linear_cka(Y, X), abs=1e-12)
    assert 0 <= linear_cka(X, Y) <= 1


def test_of_two_single_columns_it_is_the_squared_correlation() -> None:
    X = blobs(n=50, d=2)[0].double()
    correlation = pearsonr(X[:, 0].numpy(), X[:, 1].numpy()).statistic
    assert linear_cka(X[:, :1], X[:, 1:]) == pytest.approx(correlation**2, rel=1e-9)


def test_orthogonal_embeddings_have_zero_and_another_linear_map_less_than_one() -> None:
    X = torch.tensor([[1.0], [-1.0], [1.0], [-1.0]])
    Y = torch.tensor([[1.0], [1.0], [-1.0], [-1.0]])
    assert linear_cka(X, Y) == 0
    # Columns X and 10 Y against X and Y: (1 * 1 + 100 * 1) / sqrt(1 + 100^2) / sqrt(2).
    both, stretched = torch.cat([X, Y], 1), torch.cat([X, 10 * Y], 1)
    assert linear_cka(both, stretched) == pytest.approx(101 / math.sqrt(2 * 10001))


def test_float16_with_a_large_offset_loses_nothing() -> None:
    X = (blobs(n=80, d=6)[0] * 4).round()
    Y = blobs(n=80, d=5, seed=2)[0]
    assert linear_cka((X + 1024).half(), Y) == pytest.approx(linear_cka(X, Y), abs=1e-12)


def test_large_values_in_float32_do_not_overflow() -> None:
    X, Y = blobs(n=30)[0], blobs(n=30, seed=1)[0]
    assert linear_cka(X * 1e36, Y * 1e-36) == pytest.approx(linear_cka(X, Y), rel=1e-5)


@pytest.mark.parametrize("d", [3, 50])
def test_a_collapsed_layer_and_a_single_sample_are_undefined(d: int) -> None:
    collapsed = torch.full((41, d), 0.1, dtype=torch.float64)  # 41 times 0.1 has a mean that is not exactly 0.1
    assert math.isnan(linear_cka(collapsed, torch.randn(41, 4)))
    assert math.isnan(linear_cka(torch.randn(41, 4), collapsed))
    assert math.isnan(linear_cka(torch.randn(1, d), torch.randn(1, d)))


def test_constant_columns_add_nothing() -> None:
    X, Y = blobs(n=40)[0], blobs(n=40, seed=1)[0]
    assert linear_cka(torch.cat([X, torch.full((40, 3), 0.3)], 1), Y) == pytest.approx(linear_cka(X, Y), abs=1e-12)


def test_wrong_input_is_refused() -> None:
    X = torch.randn(6, 2)
    with pytest.raises(UsageError, match="6 and 7 rows"):
        linear_cka(X, torch.randn(7, 2))
    with pytest.raises(UsageError, match="in 6 of 6 samples"):
        linear_cka(X, X / 0)


def hsic_1(K: np.ndarray, L: np.ndarray) -> float:
    """Equation 5 of Song et al. 2012, with matrices of ones and uncentred kernels."""
    n = len(K)
    K, L = K - np.diag(np.diag(K)), L - np.diag(np.diag(L))
    one = np.ones(n)
    first = np.trace(K @ L)
    second = (one @ K @ one) * (one @ L @ one) / ((n - 1) * (n - 2))
    third = 2 / (n - 2) * (one @ K @ L @ one)
    return float(first + second - third) / (n * (n - 3))


def unbiased_cka_by_hsic_1(X: Tensor, Y: Tensor) -> float:
    x, y = X.double().numpy(), Y.double().numpy()
    K, L = x @ x.T, y @ y.T
    return hsic_1(K, L) / math.sqrt(hsic_1(K, K) * hsic_1(L, L))


@settings(max_examples=100, deadline=None)
@given(related_pairs(fewest=3))
def test_unbiased_is_hsic_1_of_gram_matrices(pair: tuple[Tensor, Tensor]) -> None:
    X, Y = pair
    if len(X) < 4:
        assert math.isnan(unbiased_cka(X, Y))
    else:
        assert unbiased_cka(X, Y) == pytest.approx(unbiased_cka_by_hsic_1(X, Y), rel=1e-6, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(related_pairs(fewest=3), st.integers(0, 1000), st.floats(1e-6, 1e6))
def test_unbiased_ignores_rotation_scale_offset_and_order_of_samples(
    pair: tuple[Tensor, Tensor], seed: int, scale: float
) -> None:
    X, Y = (torch.cat([side, side.flip(1).square()]) for side in pair)  # at least 6 samples
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    moved = X @ rotation(X.shape[1], seed) * scale + scale
    assert unbiased_cka(moved[order], Y[order]) == pytest.approx(unbiased_cka(X, Y), rel=1e-5, abs=1e-8)
    assert unbiased_cka(moved, X) == pytest.approx(1, abs=1e-8)
    assert unbiased_cka(X, Y) == pytest.approx(unbiased_cka(Y, X), abs=1e-12)
    assert -1 <= unbiased_cka(X, Y) <= 1


def test_wide_unrelated_layers_look_alike_only_to_the_biased_estimate() -> None:
    generator = torch.Generator().manual_seed(0)
    X, Y = torch.randn(2, 60, 500, generator=generator)
    assert linear_cka(X, Y) > 0.85
    assert abs(unbiased_cka(X, Y)) < 0.05


def test_samples_that_are_all_equally_far_from_each_other_have_no_unbiased_cka() -> None:
    # U-centring leaves nothing of such a Gram matrix, whatever its scale.
    assert math.isnan(unbiased_cka(torch.eye(30), torch.randn(30, 4)))
    assert math.isnan(unbiased_cka(torch.full((30, 3), 0.1), torch.randn(30, 4)))
    assert math.isnan(unbiased_cka(torch.randn(3, 4), torch.randn(3, 4)))


@pytest.mark.parametrize("widths", [(2, 3), (20, 90), (90, 80)], ids=["narrow", "one wide", "both wide"])
@pytest.mark.parametrize("measure", [linear_cka, unbiased_cka])
def test_all_ways_to_the_same_number_agree(
    measure: Callable[[Tensor, Tensor], float], widths: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    X, Y = (blobs(n=70, d=width, seed=width)[0] for width in widths)
    whole = measure(X, Y)
    monkeypatch.setattr(centred, "_BLOCK_ROWS", 9)
    assert measure(X, Y) == pytest.approx(whole, rel=1e-12)
    monkeypatch.setattr(centred, "LARGEST_GRAM", 10)
    monkeypatch.setattr(centred, "_BLOCK_ELEMENTS", 500)
    assert measure(X, Y) == pytest.approx(whole, rel=1e-12)
