"""Nearest neighbours are exact and ordered; kNN accuracy is scikit-learn's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import centred, neighbours
from kd_projector.measures.neighbours import knn_accuracy, nearest_neighbours

from .constructed import blobs, labelled_embeddings, rotation, whole_number_embeddings


def sorted_by_distance_then_index(X: Tensor, k: int) -> np.ndarray:
    """The definition, straightforwardly: every distance in float64, ties by index."""
    rows = X.double().numpy()
    squared = ((rows[:, None] - rows[None]) ** 2).sum(-1)
    np.fill_diagonal(squared, np.inf)
    return np.argsort(squared, axis=1, kind="stable")[:, :k]


@settings(max_examples=150, deadline=None)
@given(whole_number_embeddings(), st.integers(1, 12))
def test_neighbours_are_exact_with_ties_by_index(X: Tensor, k: int) -> None:
    expected = sorted_by_distance_then_index(X, min(k, len(X) - 1))
    assert nearest_neighbours(X, k).tolist() == expected.tolist()


@pytest.mark.parametrize("offset", [0.0, 3e4])
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_neighbours_are_exact_in_tight_clusters_far_from_the_origin(dtype: torch.dtype, offset: float) -> None:
    X, labels = blobs(n=200, d=24, classes=3, spread=50)
    X = (X - (X - X[labels]) * 0.98 + offset).to(dtype)
    assert nearest_neighbours(X, 10).tolist() == sorted_by_distance_then_index(X, 10).tolist()


def test_neighbours_do_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, _ = blobs(n=150)
    X = torch.cat([X, X[:40], torch.zeros(30, X.shape[1])])  # duplicates, and a collapsed part
    whole = nearest_neighbours(X)
    assert whole.tolist() == sorted_by_distance_then_index(X, 10).tolist()
    monkeypatch.setattr(neighbours, "_BLOCK_ELEMENTS", 1000)
    for rows in (1, 7, 100):
        monkeypatch.setattr(centred, "_BLOCK_ROWS", rows)
        assert torch.equal(nearest_neighbours(X), whole)
    monkeypatch.setattr(centred, "LARGEST_GRAM", 100)
    monkeypatch.setattr(centred, "_BLOCK_ELEMENTS", 1000)
    assert torch.equal(nearest_neighbours(X), whole)


def test_a_collapsed_layer_has_its_neighbours_in_order_of_index() -> None:
    found = nearest_neighbours(torch.full((40, 5), 0.1), 3)
    assert found[0].tolist() == [1, 2, 3]
    assert found[2].tolist() == [0, 1, 3]
    assert found[39].tolist() == [0, 1, 2]


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1e30, 1e300])
def test_neighbours_of_very_small_and_very_large_numbers(scale: float) -> None:
    X = blobs(n=60)[0].double()
    assert torch.equal(nearest_neighbours(X * scale), nearest_neighbours(X))


def test_neighbours_agree_with_scikit_learn() -> None:
    X, _ = blobs(n=700, d=40)
    expected = (
        NearestNeighbors(n_neighbors=10, algorithm="brute").fit(X.double().numpy()).kneighbors(return_distance=False)
    )
    assert (nearest_neighbours(X).numpy() == expected).all()


@settings(max_examples=40, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000), st.floats(1e-3, 1e3), st.integers(1, 10))
def test_neighbours_are_the_same_after_rotation_scaling_and_translation(
    labelled: tuple[Tensor, Tensor], seed: int, scale: float, k: int
) -> None:
    X, _ = labelled
    moved = X @ rotation(X.shape[1], seed) * scale + 5
    assert torch.equal(nearest_neighbours(moved, k), nearest_neighbours(X, k))


@settings(max_examples=40, deadline=None)
@given(labelled_embeddings(), st.integers(0, 1000))
def test_neighbours_follow_a_permutation_of_the_samples(labelled: tuple[Tensor, Tensor], seed: int) -> None:
    X, _ = labelled
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    assert torch.equal(order[nearest_neighbours(X[order])], nearest_neighbours(X)[order])


@settings(max_examples=60, deadline=None)
@given(labelled_embeddings(), st.integers(1, 12))
def test_knn_accuracy_is_scikit_learns_leave_one_out(labelled: tuple[Tensor, Tensor], k: int) -> None:
    X, labels = labelled
    k = min(k, len(X) - 1)
    classifier = KNeighborsClassifier(n_neighbors=k, algorithm="brute")
    predicted = cross_val_predict(classifier, X.numpy(), labels.numpy(), cv=LeaveOneOut())
    assert knn_accuracy(X, labels, k) == pytest.approx(float(np.mean(predicted == labels.numpy())))


def test_a_tied_vote_goes_to_the_smallest_label() -> None:
    X = torch.tensor([[0.0], [1.0], [2.0]])
    # With k = 2 the first and the last sample have one vote for 3 and one for 5; the middle one has two for 3.
    assert knn_accuracy(X, torch.tensor([3, 5, 3]), k=2) == pytest.approx(2 / 3)
    assert knn_accuracy(X, torch.tensor([5, 3, 5]), k=2) == 0


def test_labels_may_be_any_whole_numbers() -> None:
    X, labels = blobs()
    assert knn_accuracy(X, labels * 1000 - 7) == knn_accuracy(X, labels)


def test_classes_apart_have_knn_accuracy_one_and_noise_has_chance() -> None:
    X, labels = blobs(n=400, d=30, classes=4, spread=20)
    assert knn_accuracy(X, labels) == 1
    noise = torch.randn(1000, 20, generator=torch.Generator().manual_seed(1))
    assert knn_accuracy(noise, torch.arange(1000) % 10) == pytest.approx(0.1, abs=0.03)


def test_knn_accuracy_of_degenerate_input() -> None:
    assert math.isnan(knn_accuracy(torch.ones(1, 3), torch.tensor([0])))
    assert knn_accuracy(torch.randn(6, 3), torch.zeros(6, dtype=torch.long)) == 1  # one class; k is more than there are
    assert knn_accuracy(torch.ones(30, 3), torch.arange(30) % 2) == 0.5  # constant: all vote alike


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_values_that_are_not_finite_are_refused_with_their_number(broken: float) -> None:
    X = torch.randn(8, 3)
    X[[2, 5], 1] = broken
    with pytest.raises(UsageError, match="in 2 of 8 samples"):
        nearest_neighbours(X)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (torch.zeros(4), "shape \\(4,\\)"),
        (torch.zeros(4, 2, 2), "shape \\(4, 2, 2\\)"),
        (torch.zeros(0, 2), "at least one sample"),
        (torch.zeros(3, 0), "one column"),
        (torch.zeros(3, 2, dtype=torch.complex64), "complex64"),
        ([[1.0]], "list"),
    ],
)
def test_what_is_no_embedding_is_refused_with_what_it_is(X: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        nearest_neighbours(X)  # type: ignore[arg-type]


def test_wrong_k_labels_and_sizes_are_refused() -> None:
    X = torch.randn(5, 2)
    with pytest.raises(UsageError, match="k = 0"):
        nearest_neighbours(X, 0)
    with pytest.raises(UsageError, match="are \\(4,\\)"):
        knn_accuracy(X, torch.zeros(4, dtype=torch.long))
    with pytest.raises(UsageError, match="float32"):
        knn_accuracy(X, torch.zeros(5))
