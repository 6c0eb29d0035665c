"""Silhouette, Calinski-Harabasz and Davies-Bouldin are scikit-learn's; the scatter ratio is its closed form."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import centred, compactness
from kd_projector.measures.compactness import calinski_harabasz, davies_bouldin, scatter_ratio, silhouette

from .constructed import blobs, labelled_embeddings, rotation, whole_number_embeddings

Measure = Callable[[Tensor, Tensor], float]
MEASURES: list[Measure] = [silhouette, scatter_ratio, calinski_harabasz, davies_bouldin]


@settings(max_examples=80, deadline=None)
@given(labelled_embeddings())
def test_silhouette_is_scikit_learns(labelled: tuple[Tensor, Tensor]) -> None:
    X, labels = labelled
    assert silhouette(X, labels) == pytest.approx(silhouette_score(X.numpy(), labels.numpy()), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(whole_number_embeddings(), st.integers(2, 4))
def test_silhouette_with_duplicates_and_singletons_is_scikit_learns(X: Tensor, classes: int) -> None:
    labels = torch.arange(len(X)) % classes
    if len(labels.unique()) in (1, len(X)):
        assert math.isnan(silhouette(X, labels))
        return
    # Its own distances keep scikit-learn's rounding of duplicates (1e-8 in place of 0) out of the comparison.
    distances = np.linalg.norm(X.numpy()[:, None].astype(float) - X.numpy()[None], axis=2)
    expected = silhouette_score(distances, labels.numpy(), metric="precomputed")
    assert silhouette(X, labels) == pytest.approx(expected, abs=1e-9)


def test_silhouette_does_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = blobs(n=333)
    whole = silhouette(X, labels)
    monkeypatch.setattr(centred, "_BLOCK_ROWS", 50)
    assert silhouette(X, labels) == pytest.approx(whole, abs=1e-12)
    monkeypatch.setattr(centred, "LARGEST_GRAM", 100)
    monkeypatch.setattr(centred, "_BLOCK_ELEMENTS", 1000)
    assert silhouette(X, labels) == pytest.approx(whole, abs=1e-12)


def test_silhouette_survives_a_large_offset_in_float32() -> None:
    X, labels = blobs()
    X = (X * 64).round() / 64  # so that the offset rounds nothing away
    assert silhouette(X + 4096, labels) == pytest.approx(silhouette(X, labels), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(labelled_embeddings())
def test_scatter_ratio_follows_from_calinski_harabasz(labelled: tuple[Tensor, Tensor]) -> None:
    X, labels = labelled
    n, classes = len(X), len(labels.unique())
    ratio = (n - classes) / (classes - 1) / calinski_harabasz_score(X.numpy(), labels.numpy())
    assert scatter_ratio(X, labels) == pytest.approx(ratio, rel=1e-9)


def test_scatter_ratio_of_two_pairs_on_a_line() -> None:
    # Means -3 and 3: between 4 * 9; within 4 * 1.
    X = torch.tensor([[-4.0], [-2.0], [2.0], [4.0]])
    assert scatter_ratio(X, torch.tensor([0, 0, 1, 1])) == pytest.approx(4 / 36)


def test_tighter_classes_have_a_lower_scatter_ratio_and_a_higher_silhouette() -> None:
    X, labels = blobs()
    centres = torch.from_numpy(LinearDiscriminantAnalysis().fit(X.numpy(), labels.numpy()).means_).float()
    tighter = centres[labels] + 0.5 * (X - centres[labels])
    assert scatter_ratio(tighter, labels) == pytest.approx(scatter_ratio(X, labels) / 4, rel=1e-5)
    assert silhouette(tighter, labels) > silhouette(X, labels) + 0.1


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=40, deadline=None)
@given(labelled=labelled_embeddings(), seed=st.integers(0, 1000), scale=st.floats(1e-6, 1e6))
def test_neither_rotation_scale_offset_order_nor_names_of_classes_matter(
    measure: Measure, labelled: tuple[Tensor, Tensor], seed: int, scale: float
) -> None:
    X, labels = labelled
    order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
    moved = (X @ rotation(X.shape[1], seed) * scale + scale)[order]
    assert measure(moved, 100 - 3 * labels[order]) == pytest.approx(measure(X, labels), rel=1e-6, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(whole_number_embeddings(), st.integers(1, 5))
def test_all_stay_in_their_range_whatever_the_duplicates(X: Tensor, classes: int) -> None:
    labels = torch.arange(len(X)) % classes
    value, ratio = silhouette(X, labels), scatter_ratio(X, labels)
    assert math.isnan(value) or -1 <= value <= 1
    assert math.isnan(ratio) or 0 <= ratio < 1e8  # not what is left of means that coincide but for rounding
    index, confusion = calinski_harabasz(X, labels), davies_bouldin(X, labels)
    assert math.isnan(index) or 0 <= index < 1e8
    assert math.isnan(confusion) or 0 <= confusion < 1e8


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("X", "labels"),
    [
        (torch.ones(1, 3), torch.tensor([0])),
        (torch.randn(5, 3), torch.zeros(5, dtype=torch.long)),
        (torch.randn(5, 3), torch.arange(5)),
    ],
    ids=["one sample", "one class", "only classes of one sample"],
)
def test_undefined_without_two_classes_or_two_samples_of_one(measure: Measure, X: Tensor, labels: Tensor) -> None:
    assert math.isnan(measure(X, labels))


def test_classes_on_one_point_have_silhouette_zero_without_rounding_noise() -> None:
    # Classes 0 and 1 share a point (a = b = 0, so s = 0); class 2 is another point (a = 0, so s = 1).
    points = torch.randn(2, 16, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(90) % 3
    assert silhouette(points[labels // 2], labels) == pytest.approx(1 / 3, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(labelled_embeddings())
def test_calinski_harabasz_and_davies_bouldin_are_scikit_learns(labelled: tuple[Tensor, Tensor]) -> None:
    X, labels = labelled
    rows, classes = X.numpy(), labels.numpy()
    assert calinski_harabasz(X, labels) == pytest.approx(calinski_harabasz_score(rows, classes), rel=1e-9)
    # Scikit-learn's own distances are rounded: a sample is some 1e-8 from itself.
    assert davies_bouldin(X, labels) == pytest.approx(davies_bouldin_score(rows, classes), rel=1e-6)


@settings(max_examples=80, deadline=None)
@given(whole_number_embeddings(), st.integers(2, 4))
def test_with_duplicates_both_are_scikit_learns_wherever_they_are_defined(X: Tensor, classes: int) -> None:
    labels = torch.arange(len(X)) % classes
    if len(labels.unique()) in (1, len(X)):
        return
    rows = X.double().numpy()
    means = np.stack([rows[labels == c].mean(0) for c in labels.unique()])
    within = sum(((rows[labels == c] - means[c]) ** 2).sum() for c in labels.unique())
    index, confusion = calinski_harabasz(X, labels), davies_bouldin(X, labels)
    assert math.isnan(index) == (within < 1e-20)
    if within > 1e-20:
        assert index == pytest.approx(calinski_harabasz_score(rows, labels.numpy()), rel=1e-9, abs=1e-20)
    apart = np.linalg.norm(means[:, None] - means[None], axis=2)[~np.eye(len(means), dtype=bool)]
    assert math.isnan(confusion) == bool(apart.min() < 1e-10)
    if apart.min() > 1e-10:
        assert confusion == pytest.approx(davies_bouldin_score(rows, labels.numpy()), rel=1e-6, abs=1e-6)


def test_davies_bouldin_does_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = blobs(n=200, classes=20)
    whole = davies_bouldin(X, labels)
    monkeypatch.setattr(compactness, "_BLOCK_ELEMENTS", 60)
    assert davies_bouldin(X, labels) == pytest.approx(whole, abs=1e-12)


def test_davies_bouldin_of_three_pairs_on_a_line() -> None:
    # Spreads 1, 1, 2 around means 0, 10, 16: the worst of each is (1 + 1) / 10, (1 + 2) / 6, (2 + 1) / 6.
    X = torch.tensor([[-1.0], [1.0], [9.0], [11.0], [14.0], [18.0]])
    assert davies_bouldin(X, torch.tensor([0, 0, 1, 1, 2, 2])) == pytest.approx((0.2 + 0.5 + 0.5) / 3)


def test_two_classes_around_one_point_leave_what_divides_by_their_distance_undefined() -> None:
    X = torch.tensor([[0.1, 3.0], [0.7, 1.0], [0.7, 1.0], [0.1, 3.0]]) + 0.3
    labels = torch.tensor([0, 0, 1, 1])
    assert math.isnan(scatter_ratio(X, labels))
    assert math.isnan(davies_bouldin(X, labels))
    assert calinski_harabasz(X, labels) == 0


def test_a_collapsed_layer_has_silhouette_zero_and_no_scatter_ratio() -> None:
    X, labels = torch.full((41, 4), 0.1, dtype=torch.float64), torch.arange(41) % 2
    assert silhouette(X, labels) == 0
    for measure in (scatter_ratio, calinski_harabasz, davies_bouldin):
        assert math.isnan(measure(X, labels))


def test_classes_that_are_single_points_have_silhouette_one_and_scatter_ratio_zero() -> None:
    labels = torch.arange(20) % 3
    X = torch.tensor([[0.1, 7.0], [0.7, 7.0], [0.2, 7.0]])[labels]  # the second column is constant
    assert silhouette(X, labels) == pytest.approx(1)
    assert scatter_ratio(X, labels) == 0
    assert davies_bouldin(X, labels) == 0
    assert math.isnan(calinski_harabasz(X, labels))


@pytest.mark.parametrize("measure", MEASURES)
def test_values_that_are_not_finite_are_refused(measure: Measure) -> None:
    X = torch.randn(8, 3)
    X[3, 1] = math.nan
    with pytest.raises(UsageError, match="in 1 of 8 samples"):
        measure(X, torch.arange(8) % 2)


@pytest.mark.parametrize("d", [3, 512])
def test_classes_that_are_one_point_each_have_silhouette_one_however_wide_the_layer(d: int) -> None:
    # Distances by products of rows are off in the last digits, the more the wider: those of duplicates have to be 0.
    X = torch.randn(100, d, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert silhouette(torch.cat([X, X]), torch.arange(100).repeat(2)) == 1
