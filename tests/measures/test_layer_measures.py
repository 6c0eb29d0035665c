"""What all measures of one layer have in common: declared invariances, ranges, precision, devices, and refusals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.compactness import calinski_harabasz, davies_bouldin, scatter_ratio, silhouette
from kd_projector.measures.intrinsic_dimension import intrinsic_dimension
from kd_projector.measures.linear_probe import linear_probe_accuracy
from kd_projector.measures.neighbours import knn_accuracy
from kd_projector.measures.neural_collapse import nc1, nc2
from kd_projector.measures.norms import anisotropy, mean_norm, norm_variation
from kd_projector.measures.spectrum import effective_rank, participation_ratio

from .constructed import blobs, labelled_embeddings, rotation, whole_number_embeddings

Value = Callable[[Tensor, Tensor], float]


@dataclass(frozen=True)
class Declared:
    """A measure of (embedding, labels), and what its docstring says it does not notice."""

    value: Value
    translation: bool = True
    rotation: bool = True
    scale: bool = True
    order: bool = True
    names: bool = True  # of the classes


def without_labels(measure: Callable[[Tensor], float]) -> Value:
    return lambda X, labels: measure(X)


MEASURES = {
    "knn_accuracy": Declared(knn_accuracy, names=False),
    "linear_probe_accuracy": Declared(linear_probe_accuracy, rotation=False, order=False),
    "silhouette": Declared(silhouette),
    "calinski_harabasz": Declared(calinski_harabasz),
    "davies_bouldin": Declared(davies_bouldin),
    "scatter_ratio": Declared(scatter_ratio),
    "nc1": Declared(nc1),
    "nc2": Declared(nc2),
    "effective_rank": Declared(without_labels(effective_rank)),
    "participation_ratio": Declared(without_labels(participation_ratio)),
    "intrinsic_dimension": Declared(without_labels(intrinsic_dimension)),
    "anisotropy": Declared(without_labels(anisotropy), translation=False),
    "mean_norm": Declared(without_labels(mean_norm), translation=False, scale=False),
    "norm_variation": Declared(without_labels(norm_variation), translation=False),
}
each_measure = pytest.mark.parametrize("name", MEASURES)


def same(value: float, expected: float, rel: float = 1e-6) -> bool:
    if math.isnan(expected):
        return math.isnan(value)
    return value == pytest.approx(expected, rel=rel, abs=1e-9)


def test_every_measure_of_one_layer_is_here() -> None:
    assert set(MEASURES) == {name for name, measure in CATALOGUE.items() if measure.scope == "layer"}


@each_measure
@settings(max_examples=25, deadline=None)
@given(labelled=labelled_embeddings(), seed=st.integers(0, 1000), scale=st.floats(1e-3, 1e3))
def test_a_measure_ignores_what_it_declares(
    name: str, labelled: tuple[Tensor, Tensor], seed: int, scale: float
) -> None:
    declared, (X, labels) = MEASURES[name], labelled
    expected = declared.value(X, labels)
    moved = X
    if declared.rotation:
        moved = moved @ rotation(X.shape[1], seed)
    if declared.scale:
        moved = moved * scale
    if declared.translation:
        moved = moved + scale
    names = 50 - 3 * labels if declared.names else labels
    if declared.order:
        order = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))
        moved, names = moved[order], names[order]
    assert same(declared.value(moved, names), expected)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("mean_norm", lambda X: X * 2),
        ("mean_norm", lambda X: X + 2),
        ("norm_variation", lambda X: X + 2),
        ("anisotropy", lambda X: X + 2),
        ("nc1", lambda X: torch.cat([X[:, :1] * 9, X[:, 1:]], dim=1)),
        ("effective_rank", lambda X: torch.cat([X[:, :1] * 9, X[:, 1:]], dim=1)),
    ],
)
def test_a_measure_notices_what_it_does_not_declare(name: str, change: Callable[[Tensor], Tensor]) -> None:
    X, labels = blobs(d=12)
    assert not same(MEASURES[name].value(change(X), labels), MEASURES[name].value(X, labels), rel=1e-2)


@each_measure
@settings(max_examples=40, deadline=None)
@given(X=whole_number_embeddings(max_n=60), classes=st.integers(1, 6), zeros=st.integers(0, 2))
def test_a_value_is_in_the_catalogues_range_or_undefined(name: str, X: Tensor, classes: int, zeros: int) -> None:
    X = torch.cat([X, X.new_full((len(X), zeros), 0.1)], dim=1)
    value = MEASURES[name].value(X, torch.arange(len(X)) % classes)
    low, high = CATALOGUE[name].range
    assert type(value) is float
    if not math.isnan(value):
        assert (-math.inf if low is None else low - 1e-12) <= value <= (math.inf if high is None else high + 1e-12)
        assert math.isfinite(value)


@each_measure
@pytest.mark.parametrize("scale", [1e-280, 1e-30, 1e30, 1e280])
def test_very_small_and_very_large_numbers_lose_nothing(name: str, scale: float) -> None:
    X, labels = blobs(d=5)
    X = X.double()
    expected = MEASURES[name].value(X, labels) * (scale if name == "mean_norm" else 1)
    assert MEASURES[name].value(X * scale, labels) == pytest.approx(expected, rel=1e-9)


@each_measure
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_sums_run_in_float64_whatever_the_embeddings_precision(name: str, dtype: torch.dtype) -> None:
    X, labels = blobs(n=400, d=30)
    X = (X * 8).round().to(dtype) + 300  # which none of them can hold the squares of
    assert MEASURES[name].value(X, labels) == MEASURES[name].value(X.double(), labels)


@each_measure
@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_samples_are_measured_or_undefined_but_no_error(name: str, n: int) -> None:
    for d in (1, 4):
        for labels in (torch.zeros(n, dtype=torch.long), torch.arange(n)):
            value = MEASURES[name].value(torch.arange(1.0, n * d + 1).view(n, d), labels)
            assert type(value) is float


@each_measure
def test_a_measure_of_one_column_is_defined(name: str) -> None:
    X, labels = blobs(n=120, d=1)
    assert math.isfinite(MEASURES[name].value(X, labels))


@each_measure
def test_a_collapsed_layer_makes_no_error_and_no_infinity(name: str) -> None:
    for collapsed in (torch.zeros(40, 4), torch.full((40, 4), 0.1, dtype=torch.float64)):
        assert not math.isinf(MEASURES[name].value(collapsed, torch.arange(40) % 3))


@each_measure
def test_values_that_are_not_finite_are_refused_with_their_number(name: str) -> None:
    X, labels = blobs(n=30)
    X[[3, 9], 1] = math.nan
    X[5, 0] = math.inf
    with pytest.raises(UsageError, match="in 3 of 30 samples"):
        MEASURES[name].value(X, labels)


@each_measure
def test_the_embedding_stays_as_it_is_and_needs_no_graph(name: str) -> None:
    X, labels = blobs(n=60)
    before = X.clone()
    random_state = torch.random.get_rng_state()
    expected = MEASURES[name].value(X, labels)
    assert MEASURES[name].value(X.requires_grad_(), labels) == expected
    with torch.inference_mode():
        assert MEASURES[name].value(before * 1, labels) == expected
    assert torch.equal(X, before)
    assert X.grad is None
    assert torch.equal(torch.random.get_rng_state(), random_state)


@each_measure
def test_columns_and_rows_that_are_not_contiguous_are_measured(name: str) -> None:
    X, labels = blobs(n=60, d=6)
    assert same(MEASURES[name].value(X.T.contiguous().T, labels), MEASURES[name].value(X, labels), rel=1e-9)
    assert same(
        MEASURES[name].value(X.repeat(2, 2)[::2, :6][:30], labels[::2]), MEASURES[name].value(X[::2], labels[::2])
    )


if torch.cuda.is_available():  # no test at all elsewhere: a skip is a failure in CI

    @each_measure
    def test_a_gpu_gives_the_same_value(name: str) -> None:
        X, labels = blobs(n=500, d=40)
        X = torch.cat([X, X[:30]])
        labels = torch.cat([labels, labels[:30]])
        expected = MEASURES[name].value(X, labels)
        assert MEASURES[name].value(X.cuda(), labels.cuda()) == pytest.approx(expected, rel=1e-9)
