"""Neighbourhood overlap, Euclidean and by cosine: the share of common neighbours, where those are determined."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import centred, neighbours
from kd_projector.measures.neighbours import mutual_knn, neighbour_overlap, neighbour_overlap_per_sample

from .constructed import blobs, labelled_embeddings, rotation, whole_number_embeddings

Overlap = Callable[[Tensor, Tensor], float]


def determined_neighbours(X: Tensor, k: int) -> list[set[int] | None]:
    """The definition, straightforwardly: of each sample those nearer than its (k + 1)-th, None if the k-th is not."""
    rows = X.double().numpy()
    squared = ((rows[:, None] - rows[None]) ** 2).sum(-1)
    np.fill_diagonal(squared, np.inf)
    ordered = np.sort(squared, axis=1)
    nearer = [set(np.flatnonzero(mine < far)) for mine, far in zip(squared, ordered[:, k], strict=True)]
    return [found if len(found) == k else None for found in nearer]


@settings(max_examples=100, deadline=None)
@given(whole_number_embeddings(), st.integers(0, 1000), st.integers(1, 12))
def test_overlap_is_the_share_of_common_neighbours_where_both_have_determined_ones(
    X: Tensor, seed: int, k: int
) -> None:
    Y = torch.randint(0, 9, (len(X), 3), generator=torch.Generator().manual_seed(seed)).float()
    k = min(k, len(X) - 1)
    expected = [
        math.nan if mine is None or theirs is None else len(mine & theirs) / k
        for mine, theirs in zip(determined_neighbours(X, k), determined_neighbours(Y, k), strict=True)
    ]
    left = [value for value in expected if not math.isnan(value)]
    mean = np.mean(left) if left else math.nan
    assert neighbour_overlap_per_sample(X, Y, k).tolist() == pytest.approx(expected, nan_ok=True)
    assert neighbour_overlap(X, Y, k) == pytest.approx(mean, nan_ok=True)
    assert neighbour_overlap(Y, X, k) == pytest.approx(mean, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings(), st.integers(0, 1000), st.integers(1, 12))
def test_coinciding_samples_do_not_make_the_order_of_the_samples_matter(X: Tensor, seed: int, k: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    Y = torch.randint(0, 3, (len(X), 2), generator=generator).float()
    order = torch.randperm(len(X), generator=generator)
    moved = neighbour_overlap_per_sample(X[order], Y[order], k).tolist()
    assert moved == pytest.approx(neighbour_overlap_per_sample(X, Y, k)[order].tolist(), nan_ok=True)
    assert mutual_knn(X[order], Y[order], k) == pytest.approx(mutual_knn(X, Y, k), nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings(), st.integers(1, 12))
def test_an_embedding_agrees_with_itself_wholly_where_anything_is_determined(X: Tensor, k: int) -> None:
    per_sample = neighbour_overlap_per_sample(X, X.clone(), k)
    assert per_sample[~per_sample.isnan()].tolist() == [1.0] * int((~per_sample.isnan()).sum())
    assert neighbour_overlap(X, X.double(), k) == pytest.approx(
        math.nan if per_sample.isnan().all() else 1, nan_ok=True
    )


def half_dead(seed: int, n: int = 1000) -> Tensor:
    """Rectified Gaussians of which half of the rows, chosen at random, are 0."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.relu(torch.randn(n, 30, generator=generator))
    return X * (torch.rand(n, 1, generator=generator) < 0.5)


@pytest.mark.parametrize("overlap", [neighbour_overlap, mutual_knn])
def test_unrelated_layers_of_which_half_the_samples_are_dead_are_at_chance(overlap: Overlap) -> None:
    X, Y = half_dead(0), half_dead(1)
    # Of the samples that are alive in both, about 250: 10 / 999, with a standard error of 0.002.
    assert overlap(X, Y) == pytest.approx(10 / 999, abs=0.007)
    assert overlap(X, X) == 1
    # Dead samples have no ten nearest among 500 that are equally near.
    dead = (X == 0).all(dim=1) | (Y == 0).all(dim=1)
    assert neighbour_overlap_per_sample(X, Y)[dead].isnan().all()


@pytest.mark.parametrize("overlap", [neighbour_overlap, mutual_knn])
def test_collapsed_layers_have_nothing_to_compare(overlap: Overlap) -> None:
    collapsed = torch.full((40, 5), 0.1)
    assert math.isnan(overlap(collapsed, torch.full((40, 3), -2.0)))
    assert math.isnan(overlap(collapsed, blobs(n=40)[0]))
    assert math.isnan(overlap(collapsed, collapsed))


def test_a_sample_that_occurs_twice_has_neighbours_all_the_same() -> None:
    X, Y = (torch.cat([side, side[:1]]) for side in (blobs(n=100)[0], blobs(n=100, seed=1)[0]))
    shared = neighbour_overlap_per_sample(X, Y)
    assert shared[0] == shared[100] >= 0.1  # its double is its nearest in both; the others follow in an order
    undetermined = [None in pair for pair in zip(*(determined_neighbours(side, 10) for side in (X, Y)), strict=True)]
    assert shared.isnan().tolist() == undetermined


def test_what_is_determined_does_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X = torch.cat([half_dead(0, 120), torch.randint(0, 2, (80, 30), generator=torch.Generator().manual_seed(2))])
    Y = torch.randn(200, 4, generator=torch.Generator().manual_seed(3))
    whole = neighbour_overlap_per_sample(X, Y).tolist()
    assert whole == pytest.approx(
        [
            math.nan if mine is None or theirs is None else len(mine & theirs) / 10
            for mine, theirs in zip(determined_neighbours(X, 10), determined_neighbours(Y, 10), strict=True)
        ],
        nan_ok=True,
    )
    monkeypatch.setattr(neighbours, "_BLOCK_ELEMENTS", 1000)
    monkeypatch.setattr(centred, "LARGEST_GRAM", 100)
    monkeypatch.setattr(centred, "_BLOCK_ELEMENTS", 1000)
    assert neighbour_overlap_per_sample(X, Y).tolist() == pytest.approx(whole, nan_ok=True)


def test_overlap_is_one_with_itself_rotated_and_chance_for_unrelated_embeddings() -> None:
    X = blobs(n=500)[0].double()
    assert neighbour_overlap(X, X @ rotation(X.shape[1], 3) * 7 - 2) == 1
    unrelated = torch.randn(500, 9, generator=torch.Generator().manual_seed(5))
    assert neighbour_overlap(X, unrelated) == pytest.approx(10 / 499, abs=0.01)


def test_overlap_of_a_single_sample_is_undefined() -> None:
    assert math.isnan(neighbour_overlap(torch.ones(1, 2), torch.ones(1, 3)))
    assert neighbour_overlap_per_sample(torch.ones(1, 2), torch.ones(1, 3)).isnan().tolist() == [True]


@settings(max_examples=60, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000), st.integers(1, 12))
def test_mutual_knn_is_the_share_of_common_neighbours_by_scikit_learns_cosine(
    labelled: tuple[Tensor, Tensor], seed: int, k: int
) -> None:
    X = labelled[0].repeat(1, 2)  # more than one column: with one, there are only two directions
    X[:, -1] += torch.randn(len(X), generator=torch.Generator().manual_seed(seed + 1))
    Y = torch.randn(len(X), 3, generator=torch.Generator().manual_seed(seed))
    k = min(k, len(X) - 1)
    mine, theirs = (
        NearestNeighbors(n_neighbors=k, metric="cosine").fit(side.numpy()).kneighbors(return_distance=False)
        for side in (X, Y)
    )
    expected = np.mean([len(set(a) & set(b)) / k for a, b in zip(mine, theirs, strict=True)])
    assert mutual_knn(X, Y, k) == pytest.approx(expected)
    assert mutual_knn(Y, X, k) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000), st.integers(1, 10))
def test_mutual_knn_looks_at_directions_alone(labelled: tuple[Tensor, Tensor], seed: int, k: int) -> None:
    X = torch.cat([labelled[0], torch.randn(len(labelled[0]), 2, generator=torch.Generator().manual_seed(seed))], 1)
    lengths = torch.rand(len(X), 1, dtype=torch.float64, generator=torch.Generator().manual_seed(seed + 1)) + 0.1
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    Y = torch.randn(len(X), 3, generator=torch.Generator().manual_seed(seed + 2))
    moved = X @ rotation(X.shape[1], seed) * lengths
    assert mutual_knn(X, moved, k) == 1
    assert mutual_knn(moved[order], Y[order], k) == pytest.approx(mutual_knn(X, Y, k), abs=1e-12)


def test_rows_of_zeros_are_each_others_neighbours_and_nobody_elses() -> None:
    # Zero is nearer to (1, 0) than (0.3, 0.95) is, but of these only the latter points into the same half.
    X = torch.tensor([[1.0, 0.0], [0.3, 0.95], [0.0, 0.0], [0.0, 0.0]])
    assert mutual_knn(X, torch.tensor([[1.0], [1.0], [-1.0], [-1.0]]), k=1) == 1


def test_mutual_knn_of_degenerate_input() -> None:
    assert math.isnan(mutual_knn(torch.ones(1, 2), torch.ones(1, 3)))
    assert mutual_knn(torch.zeros(11, 2), torch.zeros(11, 3)) == 1  # all ten others
    tiny = blobs(n=30)[0].double() * 1e-300
    assert mutual_knn(tiny, blobs(n=30)[0]) == 1
    with pytest.raises(UsageError, match="5 and 6 rows"):
        mutual_knn(torch.ones(5, 2), torch.ones(6, 2))
    with pytest.raises(UsageError, match="5 and 6 rows"):
        neighbour_overlap(torch.ones(5, 2), torch.ones(6, 2))
