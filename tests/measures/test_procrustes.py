"""Procrustes disparity is scipy's where widths are equal, and what filling up with zeros makes of it where not."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.procrustes import procrustes_disparity

from .constructed import blobs, related_pairs, rotation


def filled_up(X: Tensor, columns: int) -> Tensor:
    return torch.cat([X, X.new_zeros(len(X), columns - X.shape[1])], dim=1)


def disparity_by_fitting(X: Tensor, Y: Tensor) -> float:
    """The definition: rotate and scale Y onto X, and look at what is left."""
    width = max(X.shape[1], Y.shape[1])
    x, y = ((side - side.mean(dim=0)).double() for side in (filled_up(X, width), filled_up(Y, width)))
    x, y = (side.numpy() / float(side.norm()) for side in (x, y))
    R, scale = orthogonal_procrustes(y, x)
    return float(((x - scale * (y @ R)) ** 2).sum())


@settings(max_examples=60, deadline=None)
@given(related_pairs())
def test_it_is_what_the_best_rotation_and_scaling_leave(pair: tuple[Tensor, Tensor]) -> None:
    X, Y = pair
    assert procrustes_disparity(X, Y) == pytest.approx(disparity_by_fitting(X, Y), abs=1e-9)
    assert procrustes_disparity(Y, X) == pytest.approx(procrustes_disparity(X, Y), abs=1e-12)
    assert 0 <= procrustes_disparity(X, Y) <= 1


@settings(max_examples=60, deadline=None)
@given(related_pairs())
def test_it_is_scipys_where_both_have_the_same_width(pair: tuple[Tensor, Tensor]) -> None:
    width = max(side.shape[1] for side in pair)
    X, Y = (filled_up(side, width) for side in pair)
    assert procrustes_disparity(X, Y) == pytest.approx(procrustes(X.numpy(), Y.numpy())[2], abs=1e-9)
    assert procrustes_disparity(*pair) == pytest.approx(procrustes_disparity(X, Y), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(related_pairs(), st.integers(0, 1000), st.floats(1e-6, 1e6))
def test_rotation_scale_offset_and_order_of_samples_do_not_matter(
    pair: tuple[Tensor, Tensor], seed: int, scale: float
) -> None:
    X, Y = pair
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    moved = X @ rotation(X.shape[1], seed) * scale + scale
    assert procrustes_disparity(moved[order], Y[order]) == pytest.approx(procrustes_disparity(X, Y), abs=1e-7)
    assert procrustes_disparity(moved, X) == pytest.approx(0, abs=1e-7)


def test_orthogonal_embeddings_share_what_a_rotation_makes_of_them() -> None:
    # One direction each: a rotation brings the one onto the other's, and then all depends on the samples.
    X = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    assert procrustes_disparity(X, X.flip(1)) == pytest.approx(0, abs=1e-12)
    assert procrustes_disparity(X, torch.tensor([[1.0], [1.0], [-1.0], [-1.0]])) == 1


def test_float16_with_a_large_offset_loses_nothing_and_large_values_do_not_overflow() -> None:
    X, Y = (blobs(n=80, d=6)[0] * 4).round(), blobs(n=80, d=5, seed=2)[0]
    assert procrustes_disparity((X + 1024).half(), Y) == pytest.approx(procrustes_disparity(X, Y), abs=1e-12)
    assert procrustes_disparity(X * 1e36, Y * 1e-36) == pytest.approx(procrustes_disparity(X, Y), rel=1e-5)


@pytest.mark.parametrize("d", [3, 60])
def test_degenerate_input(d: int) -> None:
    X = torch.randn(41, d, generator=torch.Generator().manual_seed(0))
    assert math.isnan(procrustes_disparity(X, torch.full((41, 4), 0.1)))
    assert math.isnan(procrustes_disparity(torch.full((41, d), 0.1, dtype=torch.float64), X))
    assert math.isnan(procrustes_disparity(X[:1], X[:1]))
    assert procrustes_disparity(torch.cat([X, torch.full((41, 2), 0.3)], 1), X) == pytest.approx(0, abs=1e-12)
    with pytest.raises(UsageError, match="41 and 40 rows"):
        procrustes_disparity(X, X[:40])
    with pytest.raises(UsageError, match="in 41 of 41 samples"):
        procrustes_disparity(X, X / 0)
