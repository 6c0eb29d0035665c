"""Anisotropy and the statistics of norms are those of scikit-learn and scipy, and keep to what a length is."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import variation
from sklearn.metrics.pairwise import cosine_similarity
from torch import Tensor

from kd_projector.measures.norms import anisotropy, mean_norm, norm_variation

from .constructed import labelled_embeddings, rotation, whole_number_embeddings


@settings(max_examples=80, deadline=None)
@given(labelled_embeddings(), st.floats(-3, 3))
def test_anisotropy_is_the_mean_cosine_of_all_pairs(labelled: tuple[Tensor, Tensor], offset: float) -> None:
    X = labelled[0] + offset
    cosines = cosine_similarity(X.numpy())
    assert anisotropy(X) == pytest.approx(cosines[~np.eye(len(X), dtype=bool)].mean(), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings())
def test_samples_of_zeros_have_no_direction_and_are_left_out(X: Tensor) -> None:
    present = X[X.any(dim=1)]
    if len(present) < 2:
        assert math.isnan(anisotropy(X))
        return
    assert anisotropy(X) == pytest.approx(anisotropy(present), abs=1e-12)
    assert -1 / (len(present) - 1) - 1e-9 <= anisotropy(X) <= 1


def test_anisotropy_of_known_directions() -> None:
    assert anisotropy(torch.tensor([[1.0, 0], [5.0, 0]])) == 1
    assert anisotropy(torch.tensor([[1.0, 0], [-5.0, 0]])) == -1
    assert anisotropy(torch.eye(6)) == pytest.approx(0, abs=1e-15)
    noise = torch.randn(2000, 30, generator=torch.Generator().manual_seed(0))
    assert anisotropy(noise) == pytest.approx(0, abs=0.002)
    assert anisotropy(noise + 50) > 0.99


@settings(max_examples=40, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000))
def test_anisotropy_ignores_rotation_and_each_samples_own_scale(labelled: tuple[Tensor, Tensor], seed: int) -> None:
    X = labelled[0]
    scales = torch.logspace(-100, 100, len(X), dtype=torch.float64)[:, None]
    assert anisotropy(X @ rotation(X.shape[1], seed) * scales) == pytest.approx(anisotropy(X), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000), st.floats(1e-6, 1e6))
def test_norms_are_those_of_the_rows(labelled: tuple[Tensor, Tensor], seed: int, scale: float) -> None:
    X = labelled[0]
    norms = np.linalg.norm(X.numpy(), axis=1)
    assert mean_norm(X) == pytest.approx(norms.mean())
    assert norm_variation(X) == pytest.approx(variation(norms), abs=1e-9)
    moved = X @ rotation(X.shape[1], seed) * scale
    assert mean_norm(moved) == pytest.approx(scale * norms.mean())
    assert norm_variation(moved) == pytest.approx(norm_variation(X), abs=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_lengths_whose_squares_would_overflow_are_measured(scale: float) -> None:
    X = torch.tensor([[3.0, 4.0], [6.0, 8.0]], dtype=torch.float64)
    assert mean_norm(X * scale) == pytest.approx(7.5 * scale)
    assert norm_variation(X * scale) == pytest.approx(1 / 3)


def test_half_precision_does_not_overflow() -> None:
    assert mean_norm(torch.full((4, 100), 6e4).half()) == pytest.approx(10 * float(torch.tensor(6e4).half()))


def test_greatest_variation_is_of_one_sample_alone_with_a_length() -> None:
    X = torch.zeros(10, 3)
    X[4] = 2.0
    assert norm_variation(X) == pytest.approx(math.sqrt(9))


def test_degenerate_input() -> None:
    assert mean_norm(torch.zeros(5, 2)) == 0
    assert math.isnan(norm_variation(torch.zeros(5, 2)))
    assert norm_variation(torch.ones(5, 2)) == pytest.approx(0, abs=1e-15)
    assert mean_norm(torch.tensor([[-3.0]])) == 3
    assert norm_variation(torch.tensor([[-3.0]])) == 0
    assert math.isnan(anisotropy(torch.ones(1, 3)))
