"""TwoNN is scikit-dimension's, finds the dimension of known shapes, and is not misled by duplicates."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from skdim.id import TwoNN
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import intrinsic_dimension as module
from kd_projector.measures.intrinsic_dimension import intrinsic_dimension, intrinsic_dimension_of_distances
from kd_projector.measures.neighbours import nearest_neighbours

from .constructed import rotation, whole_number_embeddings


def gaussian(n: int, d: int, seed: int = 0) -> Tensor:
    return torch.randn(n, d, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def facco(X: Tensor) -> float:
    """The published recipe, straightforwardly, for distinct samples."""
    rows = X.double().numpy()
    distances = np.sort(np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(-1)), axis=1)
    mu = np.sort(distances[:, 2] / distances[:, 1])
    kept = int(len(mu) * 0.9)
    x, y = np.log(mu[:kept]), -np.log(1 - np.arange(1, kept + 1) / len(mu))
    return float((x * y).sum() / (x * x).sum())


@settings(max_examples=50, deadline=None)
@given(st.integers(20, 90), st.integers(2, 40), st.integers(0, 1000))
def test_the_value_is_scikit_dimensions_and_the_papers(n: int, d: int, seed: int) -> None:
    X = gaussian(n, d, seed)
    assert intrinsic_dimension(X) == pytest.approx(facco(X), rel=1e-6)
    assert intrinsic_dimension(X) == pytest.approx(float(TwoNN().fit(X.numpy()).dimension_), rel=1e-6)


@pytest.mark.parametrize(("d", "tolerance"), [(1, 0.1), (2, 0.2), (5, 0.5), (10, 1.2)])
def test_gaussians_have_about_their_dimension_however_wide_the_layer(d: int, tolerance: float) -> None:
    X = gaussian(1500, d) @ gaussian(d, 40, seed=1)
    assert intrinsic_dimension(X) == pytest.approx(d, abs=tolerance)


def test_a_curved_surface_has_fewer_dimensions_than_its_variance() -> None:
    angle = torch.rand(1500, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 6
    torus = torch.cat([angle.cos(), angle.sin(), (2 * angle).cos()], dim=1)
    assert intrinsic_dimension(torus) == pytest.approx(2, abs=0.25)


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 60), st.integers(1, 8), st.integers(0, 1000), st.floats(1e-6, 1e6))
def test_rotation_scale_offset_and_order_do_not_matter(n: int, d: int, seed: int, scale: float) -> None:
    X = gaussian(n, d, seed)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    moved = (X @ rotation(d, seed) * scale + scale)[order]
    assert intrinsic_dimension(moved) == pytest.approx(intrinsic_dimension(X), rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 60), st.integers(1, 60), st.integers(0, 1000))
def test_duplicates_count_once(n: int, copies: int, seed: int) -> None:
    X = gaussian(n, 3, seed)
    again = torch.randint(n, (copies,), generator=torch.Generator().manual_seed(seed))
    assert intrinsic_dimension(torch.cat([X, X[again]])) == pytest.approx(intrinsic_dimension(X), rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 60), st.integers(0, 40), st.integers(0, 1000), st.integers(2, 10))
def test_neighbours_that_are_known_already_give_the_same_value(n: int, copies: int, seed: int, k: int) -> None:
    X = gaussian(n, 3, seed)
    X = torch.cat([X, X[:copies]])
    assert intrinsic_dimension(X, nearest_neighbours(X, k)) == intrinsic_dimension(X)


def test_known_neighbours_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    X = gaussian(50, 4)
    expected, neighbours = intrinsic_dimension(X), nearest_neighbours(X)

    def searched(X: Tensor, k: int) -> Tensor:
        raise AssertionError("searched again")

    monkeypatch.setattr(module, "nearest_neighbours", searched)
    assert intrinsic_dimension(X, neighbours) == expected


def test_it_does_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X = gaussian(130, 7)
    whole = intrinsic_dimension(X)
    monkeypatch.setattr(module, "_BLOCK_ELEMENTS", 100)
    assert intrinsic_dimension(X) == whole


def test_distances_alone_are_enough() -> None:
    X = gaussian(70, 6)
    distances = torch.cdist(X, X).sort(dim=1).values[:, 1:3]
    assert intrinsic_dimension_of_distances(distances) == pytest.approx(intrinsic_dimension(X), rel=1e-6)
    with pytest.raises(UsageError, match=r"\(70, 3\)"):
        intrinsic_dimension_of_distances(torch.ones(70, 3))


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings(max_n=120, max_d=5))
def test_it_is_positive_or_undefined_whatever_the_ties_and_duplicates(X: Tensor) -> None:
    value = intrinsic_dimension(X)
    assert math.isnan(value) or 0 < value < math.inf
    if len(X.unique(dim=0)) < 20:
        assert math.isnan(value)


def test_float16_and_an_offset_change_little() -> None:
    X = gaussian(800, 4).float()
    assert intrinsic_dimension((X + 10).half()) == pytest.approx(intrinsic_dimension(X), rel=0.02)


def test_undefined_with_too_few_distinct_samples_and_on_a_grid() -> None:
    assert math.isnan(intrinsic_dimension(gaussian(19, 2)))
    assert math.isnan(intrinsic_dimension(gaussian(19, 2).repeat(5, 1)))
    assert math.isnan(intrinsic_dimension(torch.ones(1, 3)))
    assert math.isnan(intrinsic_dimension(torch.full((50, 3), 0.1)))
    corners = torch.cartesian_prod(*[torch.arange(5.0)] * 2)
    assert math.isnan(intrinsic_dimension(corners))
