"""RSA is scipy's Spearman correlation of scipy's distances, ties included, with the invariances it declares."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import centred
from kd_projector.measures import rsa as module
from kd_projector.measures.rsa import rsa

from .constructed import blobs, labelled_embeddings, rotation, whole_number_embeddings


def rsa_by_scipy(X: Tensor, Y: Tensor) -> float:
    return float(spearmanr(pdist(X.double().numpy()), pdist(Y.double().numpy())).statistic)


@settings(max_examples=60, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000), st.integers(1, 9))
def test_it_is_spearmans_correlation_of_the_distances(labelled: tuple[Tensor, Tensor], seed: int, e: int) -> None:
    X, _ = labelled
    Y = torch.randn(len(X), e, generator=torch.Generator().manual_seed(seed))
    Y[:, 0] += X[:, 0]
    assert rsa(X, Y) == pytest.approx(rsa_by_scipy(X, Y), abs=1e-9)
    assert rsa(Y, X) == pytest.approx(rsa(X, Y), abs=1e-12)
    assert -1 <= rsa(X, Y) <= 1


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings(), st.integers(0, 1000))
def test_equal_distances_share_their_mean_rank(X: Tensor, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    Y = torch.randint(0, 3, (len(X), 2), generator=generator).float()
    if len(np.unique(pdist(X.numpy()))) < 2 or len(np.unique(pdist(Y.numpy()))) < 2:
        assert math.isnan(rsa(X, Y))
    else:
        assert rsa(X, Y) == pytest.approx(rsa_by_scipy(X, Y), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_rotation_scale_offset_and_order_of_samples_do_not_matter(
    labelled: tuple[Tensor, Tensor], seed: int, scale: float
) -> None:
    X, _ = labelled
    Y = torch.randn(len(X), 3, generator=torch.Generator().manual_seed(seed))
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    moved = X @ rotation(X.shape[1], seed) * scale + scale
    assert rsa(moved[order], Y[order]) == pytest.approx(rsa(X, Y), abs=1e-6)
    assert rsa(X, moved) == pytest.approx(1, abs=1e-6)


def test_any_monotone_change_of_the_distances_leaves_it_one() -> None:
    # On a line of squares the order of the distances is that of a line of cubes only in part; scaled, wholly.
    places = torch.arange(1.0, 12.0)[:, None]
    assert rsa(places**2, 5 - 3 * places**2) == 1
    assert rsa(places**2, places**6) < 1


def test_ties_are_found_whatever_the_offset() -> None:
    X = torch.randint(0, 2, (80, 12), generator=torch.Generator().manual_seed(0)).double()
    Y = blobs(n=80)[0]
    # Distances by products of rows are off in the last digits: what was equal has to stay equal.
    assert rsa(X / 3 + 1000, Y) == pytest.approx(rsa_by_scipy(X, Y), abs=1e-9)


def test_unrelated_embeddings_are_about_zero() -> None:
    X, Y = torch.randn(2, 400, 20, generator=torch.Generator().manual_seed(0))
    assert abs(rsa(X, Y)) < 0.05


def test_of_more_samples_than_it_sorts_it_takes_the_same_ones_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = blobs(n=400)[0], blobs(n=400, seed=1)[0] + blobs(n=400)[0]
    whole = rsa(X, Y)
    monkeypatch.setattr(module, "SAMPLES", 300)
    module._chosen.cache_clear()
    try:
        part = rsa(X, Y)
        rows = module._chosen(400)
        assert rows.tolist() == sorted(set(rows.tolist()))
        assert len(rows) == 300
        assert part == rsa(X, Y) == pytest.approx(rsa_by_scipy(X[rows], Y[rows]), abs=1e-9)
        assert part == pytest.approx(whole, abs=0.03)
    finally:
        module._chosen.cache_clear()


def test_the_samples_are_drawn_on_the_cpu_also_where_torch_has_another_default_device() -> None:
    expected = module._chosen(3000)
    module._chosen.cache_clear()
    with torch.device("meta"):
        assert torch.equal(module._chosen(3000), expected)


def test_it_does_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = blobs(n=90)[0], blobs(n=90, seed=1)[0]
    whole = rsa(X, Y)
    monkeypatch.setattr(centred, "_BLOCK_ROWS", 7)
    assert rsa(X, Y) == pytest.approx(whole, abs=1e-12)


def test_degenerate_input() -> None:
    X = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    assert math.isnan(rsa(X[:1], X[:1]))
    assert math.isnan(rsa(X[:2], X[:2]))
    assert math.isnan(rsa(X, torch.full((6, 2), 0.1)))
    assert math.isnan(rsa(torch.eye(6), X))  # all equally far from each other
    with pytest.raises(UsageError, match="6 and 5 rows"):
        rsa(X, X[:5])
    with pytest.raises(UsageError, match="in 6 of 6 samples"):
        rsa(X, X / 0)
