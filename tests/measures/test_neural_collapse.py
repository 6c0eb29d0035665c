"""NC1 and NC2 are their published formulas, and 0 where classes have collapsed."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from kd_projector.measures.neural_collapse import nc1, nc2

from .constructed import blobs, labelled_embeddings, rotation, whole_number_embeddings


def class_means(X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.stack([X[labels == c].mean(0) for c in np.unique(labels)])


def published_nc1(X: np.ndarray, labels: np.ndarray) -> float:
    """tr(S_W pinv(S_B)) / C with both scatters written out as (D, D) matrices."""
    means = class_means(X, labels)
    centred_means = means - means.mean(0)
    residuals = X - means[np.unique(labels, return_inverse=True)[1]]
    within, between = residuals.T @ residuals / len(X), centred_means.T @ centred_means / len(means)
    return float(np.trace(within @ np.linalg.pinv(between, rcond=1e-11)) / len(means))


def published_nc2(X: np.ndarray, labels: np.ndarray) -> float:
    means = class_means(X, labels)
    centred_means = means - means.mean(0)
    gram, classes = centred_means @ centred_means.T, len(means)
    simplex = (np.eye(classes) - 1 / classes) / math.sqrt(classes - 1)
    return float(np.linalg.norm(gram / np.linalg.norm(gram) - simplex))


def simplex_frame(classes: int, d: int) -> Tensor:
    """(C, d) float64: points at equal distances from each other around 0, rotated into d >= C dimensions."""
    frame = torch.eye(classes, d, dtype=torch.float64)
    return (frame - frame.mean(dim=0)) @ rotation(d, 3)


@settings(max_examples=80, deadline=None)
@given(labelled_embeddings())
def test_nc1_is_the_trace_of_within_times_pseudo_inverse_of_between(labelled: tuple[Tensor, Tensor]) -> None:
    X, labels = labelled
    assert nc1(X, labels) == pytest.approx(published_nc1(X.numpy(), labels.numpy()), rel=1e-5)


@settings(max_examples=80, deadline=None)
@given(labelled_embeddings())
def test_nc2_is_the_distance_of_the_gram_matrix_from_the_simplex(labelled: tuple[Tensor, Tensor]) -> None:
    X, labels = labelled
    if len(labels.unique()) == 2:
        assert math.isnan(nc2(X, labels))
        return
    assert nc2(X, labels) == pytest.approx(published_nc2(X.numpy(), labels.numpy()), abs=1e-9)


@pytest.mark.parametrize("classes", [3, 4, 10])
@pytest.mark.parametrize("per_class", [1, 7])
def test_class_means_on_a_simplex_have_nc2_zero(classes: int, per_class: int) -> None:
    labels = torch.arange(classes * per_class) % classes
    X = simplex_frame(classes, 12)[labels] * 30 + 5
    noise = torch.randn(len(X), 12, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    noise -= torch.zeros(classes, 12, dtype=torch.float64).index_add_(0, labels, noise)[labels] / per_class
    assert nc2(X, labels) == pytest.approx(0, abs=1e-12)
    assert nc2(X + noise, labels) == pytest.approx(0, abs=1e-12)  # which leaves the means where they were


@pytest.mark.parametrize("classes", [3, 5, 40])
def test_class_means_on_a_line_have_the_greatest_nc2(classes: int) -> None:
    labels = torch.arange(3 * classes) % classes
    X = torch.zeros(len(labels), 6)
    X[:, 2] = labels.float() ** 2
    assert nc2(X, labels) == pytest.approx(math.sqrt(2 - 2 / math.sqrt(classes - 1)))
    assert nc2(X, labels) < math.sqrt(2)


def test_classes_that_are_points_have_nc1_zero() -> None:
    labels = torch.arange(60) % 5
    points = torch.randn(5, 9, generator=torch.Generator().manual_seed(2))
    assert nc1(points[labels] + 100, labels) == 0


def test_nc1_weighs_each_direction_by_how_far_the_means_differ_in_it() -> None:
    # Means at (+-3, +-2): between 9 and 4 along the axes. Within: one class of two samples, 1 apart along an axis.
    corners = torch.tensor([[3.0, 2.0], [3.0, -2.0], [-3.0, 2.0], [-3.0, -2.0]])
    labels = torch.tensor([0, 1, 2, 3, 0, 1, 2, 3])
    for axis, between in ((0, 9), (1, 4)):
        offset = torch.zeros(8, 2)
        offset[:4, axis], offset[4:, axis] = 0.5, -0.5
        assert nc1(corners[labels] + offset, labels) == pytest.approx(0.25 / between / 4)


def test_scatter_where_the_means_do_not_differ_costs_nc1_nothing() -> None:
    X, labels = torch.zeros(8, 2), torch.arange(8) % 2
    X[:, 0] = labels
    X[:, 1] = torch.tensor([1.0, 1, -1, -1, 1, 1, -1, -1])
    assert nc1(X, labels) == pytest.approx(0, abs=1e-20)


def test_classes_count_once_whatever_their_size() -> None:
    X, labels = blobs(n=90, d=5, classes=3)
    means = torch.from_numpy(class_means(X.double().numpy(), labels.numpy()))
    assert nc2(torch.cat([X.double(), means[:1].expand(500, -1)]), torch.cat([labels, torch.zeros(500).long()])) == (
        pytest.approx(nc2(X, labels), rel=1e-9)
    )


@pytest.mark.parametrize("measure", [nc1, nc2])
@settings(max_examples=60, deadline=None)
@given(X=whole_number_embeddings(), classes=st.integers(1, 5))
def test_both_stay_in_their_range_whatever_the_duplicates(measure: object, X: Tensor, classes: int) -> None:
    labels = torch.arange(len(X)) % classes
    value = measure(X, labels)  # type: ignore[operator]
    assert math.isnan(value) or 0 <= value < (1e8 if measure is nc1 else math.sqrt(2))


@pytest.mark.parametrize("offset", [0.0, 0.1, 1000.0])
def test_class_means_that_coincide_leave_both_undefined(offset: float) -> None:
    points = torch.randn(6, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    X, labels = torch.cat([points, points.flip(0), points]) + offset, torch.arange(18) // 6
    assert math.isnan(nc1(X, labels))
    assert math.isnan(nc2(X, labels))


def test_undefined_for_one_class_one_sample_and_collapsed_layers() -> None:
    X = torch.randn(6, 3)
    for measure in (nc1, nc2):
        assert math.isnan(measure(X, torch.zeros(6, dtype=torch.long)))
        assert math.isnan(measure(X[:1], torch.tensor([0])))
        assert math.isnan(measure(torch.full((6, 3), 0.1), torch.arange(6) % 3))
    assert math.isnan(nc1(X, torch.arange(6)))  # only classes of one sample: no scatter within
