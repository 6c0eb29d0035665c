"""Effective rank and participation ratio are their formulas by singular values, and count dimensions."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy
from torch import Tensor

from kd_projector.measures.prepared import PreparedLayer
from kd_projector.measures.spectrum import effective_rank, participation_ratio, participation_ratio_of

from .constructed import labelled_embeddings, rotation, whole_number_embeddings


def singular_values(X: Tensor) -> np.ndarray:
    rows = X.double().numpy()
    return np.linalg.svd(rows - rows.mean(0), compute_uv=False)


@st.composite
def spectra(draw: st.DrawFn) -> Tensor:
    """(N, D) float64, wider or longer, with singular values that fall off more or less fast."""
    n, d = draw(st.integers(2, 40)), draw(st.integers(1, 60))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    scales = torch.logspace(0, -draw(st.floats(0, 4)), d, dtype=torch.float64)
    return torch.randn(n, d, dtype=torch.float64, generator=generator) * scales + 3


@settings(max_examples=80, deadline=None)
@given(spectra())
def test_effective_rank_is_the_exponential_of_the_entropy_of_the_singular_values(X: Tensor) -> None:
    assert effective_rank(X) == pytest.approx(math.exp(entropy(singular_values(X))), rel=1e-5)


@settings(max_examples=80, deadline=None)
@given(spectra())
def test_participation_ratio_is_that_of_the_eigenvalues_of_the_covariance(X: Tensor) -> None:
    variances = singular_values(X) ** 2
    assert participation_ratio(X) == pytest.approx(variances.sum() ** 2 / (variances**2).sum(), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(spectra())
def test_participation_ratio_from_what_a_prepared_layer_knows_is_the_same(X: Tensor) -> None:
    layer = PreparedLayer.of(X)
    shared = participation_ratio_of(layer.squared_norms.sum(), layer.self_product)
    assert shared == pytest.approx(participation_ratio(X), rel=1e-9)


@pytest.mark.parametrize(("n", "d"), [(200, 30), (30, 200)])
@pytest.mark.parametrize("rank", [1, 2, 7])
def test_neither_exceeds_the_rank(n: int, d: int, rank: int) -> None:
    generator = torch.Generator().manual_seed(rank)
    X = torch.randn(n, rank, dtype=torch.float64, generator=generator) @ torch.randn(
        rank, d, dtype=torch.float64, generator=generator
    )
    assert 1 <= participation_ratio(X + 100) <= effective_rank(X + 100) + 1e-9 <= rank + 2e-9
    assert effective_rank(X + 100) > 0.7 * rank


@pytest.mark.parametrize("d", [1, 2, 9])
def test_samples_spread_evenly_over_d_dimensions_have_exactly_d_of_both(d: int) -> None:
    axes = torch.eye(d, dtype=torch.float64) @ rotation(d, 1)
    X = torch.cat([axes, -axes, torch.zeros(3, d, dtype=torch.float64)]) * 7 - 3
    assert effective_rank(X) == pytest.approx(d, rel=1e-9)
    assert participation_ratio(X) == pytest.approx(d, rel=1e-9)


def test_one_large_direction_counts_for_more_in_the_participation_ratio() -> None:
    X = torch.cat([torch.eye(4), -torch.eye(4)]) * torch.tensor([10.0, 1, 1, 1])
    p = np.array([10, 1, 1, 1]) / 13
    assert effective_rank(X) == pytest.approx(math.exp(-(p * np.log(p)).sum()), rel=1e-5)
    assert participation_ratio(X) == pytest.approx(103**2 / 10003)


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings())
def test_both_are_between_one_and_the_number_of_dimensions(X: Tensor) -> None:
    values = effective_rank(X), participation_ratio(X)
    if bool((X[0] == X).all()):
        assert all(math.isnan(value) for value in values)
        return
    for value in values:
        assert 1 <= value <= min(len(X) - 1, X.shape[1]) + 1e-9


@settings(max_examples=40, deadline=None)
@given(labelled_embeddings(max_d=12))
def test_constant_columns_add_nothing(labelled: tuple[Tensor, Tensor]) -> None:
    X = labelled[0]
    wider = torch.cat([X, torch.full((len(X), 9), 0.7, dtype=X.dtype)], dim=1)
    assert effective_rank(wider) == pytest.approx(effective_rank(X), rel=1e-4)
    assert participation_ratio(wider) == pytest.approx(participation_ratio(X), rel=1e-9)


def test_half_precision_and_an_offset_change_little() -> None:
    X = torch.randn(300, 20, generator=torch.Generator().manual_seed(0))
    assert effective_rank((X + 4).half()) == pytest.approx(effective_rank(X), rel=1e-3)
    assert participation_ratio((X + 4).half()) == pytest.approx(participation_ratio(X), rel=1e-3)


def test_undefined_for_one_sample_and_a_collapsed_layer() -> None:
    for X in (torch.ones(1, 3), torch.full((50, 4), 0.1, dtype=torch.float64)):
        assert math.isnan(effective_rank(X))
        assert math.isnan(participation_ratio(X))
