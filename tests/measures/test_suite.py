"""The default suite gives the single measures' values, names what it compares, and leaves out what is undefined."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import neighbours, suite
from kd_projector.measures.agreement import accuracy, kl_divergence, top1_agreement
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.compactness import scatter_ratio, silhouette
from kd_projector.measures.neighbours import knn_accuracy, neighbour_overlap
from kd_projector.measures.similarity import linear_cka
from kd_projector.measures.suite import measure_layers, measure_outputs, measure_pairs, prepare
from kd_projector.store.schema import MeasureValue

from .constructed import blobs

Key = tuple[str, str | None, str | None, str | None]


def by_key(values: list[MeasureValue]) -> dict[Key, float]:
    found = {(value.measure, value.layer, value.other_model, value.other_layer): value.value for value in values}
    assert len(found) == len(values), "two values for one thing"
    return found


@pytest.fixture
def student() -> dict[str, Tensor]:
    return {"stage1": blobs(d=6)[0], "stage2": blobs(d=20, seed=1)[0], "fc": blobs(d=200, seed=2)[0]}


@pytest.fixture
def teacher() -> dict[str, Tensor]:
    return {"layer1": blobs(d=9, seed=3)[0], "layer2": blobs(d=180, seed=4)[0]}


@pytest.fixture
def labels() -> Tensor:
    return blobs()[1]


def test_layers_have_the_values_of_the_single_measures(student: dict[str, Tensor], labels: Tensor) -> None:
    expected = {}
    for name, X in student.items():
        expected["knn_accuracy", name, None, None] = knn_accuracy(X, labels)
        expected["silhouette", name, None, None] = silhouette(X, labels)
        expected["scatter_ratio", name, None, None] = scatter_ratio(X, labels)
    assert by_key(measure_layers(student, labels)) == pytest.approx(expected, rel=1e-12)


def test_pairs_have_the_values_of_the_single_measures(student: dict[str, Tensor], teacher: dict[str, Tensor]) -> None:
    expected = {}
    for name, X in student.items():
        for other, Y in teacher.items():
            expected["linear_cka", name, "big", other] = linear_cka(X, Y)
            expected["neighbour_overlap", name, "big", other] = neighbour_overlap(X, Y)
    assert by_key(measure_pairs(student, teacher, "big")) == pytest.approx(expected, rel=1e-12)


def test_outputs_have_the_values_of_the_single_measures(labels: Tensor) -> None:
    logits, first, second = torch.randn(3, len(labels), 4, generator=torch.Generator().manual_seed(0))
    expected = {("accuracy", None, None, None): accuracy(logits, labels)}
    for name, theirs in {"first": first, "second": second}.items():
        expected["top1_agreement", None, name, None] = top1_agreement(logits, theirs)
        expected["kl_divergence", None, name, None] = kl_divergence(logits, theirs)
    assert by_key(measure_outputs(logits, labels, {"first": first, "second": second})) == pytest.approx(expected)


def test_every_value_is_of_a_measure_in_the_catalogue_and_in_its_scope_and_range(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor
) -> None:
    logits = student["stage1"]
    parts = {
        "layer": measure_layers(student, labels),
        "pair": measure_pairs(student, teacher, "teacher"),
        "output": measure_outputs(logits, labels, {"teacher": logits * 2}),
    }
    assert {value.measure for values in parts.values() for value in values} == set(CATALOGUE)
    for scope, values in parts.items():
        for value in values:
            low, high = CATALOGUE[value.measure].range
            assert CATALOGUE[value.measure].scope == scope
            assert type(value.value) is float
            assert (-math.inf if low is None else low) <= value.value <= (math.inf if high is None else high)


def test_neighbours_are_found_once_a_layer_not_once_a_pair(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Tensor] = []

    def counted(X: Tensor) -> Tensor:
        asked.append(X)
        return neighbours.nearest_neighbours(X)

    monkeypatch.setattr(suite, "nearest_neighbours", counted)
    measure_pairs(student, teacher, "teacher")
    assert len(asked) == len(student) + len(teacher)

    asked.clear()
    mine, theirs = prepare(student), prepare(teacher)
    for _ in range(3):
        measure_layers(mine, labels)
        measure_pairs(prepare(mine), theirs, "teacher")
    assert len(asked) == len(student) + len(teacher)


def test_prepared_layers_give_the_same_values(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor
) -> None:
    assert measure_layers(prepare(student), labels) == measure_layers(student, labels)
    assert measure_pairs(prepare(student), prepare(teacher), "t") == measure_pairs(student, teacher, "t")


def test_without_labels_there_is_only_what_needs_none(student: dict[str, Tensor]) -> None:
    logits = student["stage1"]
    assert measure_layers(student, None) == []
    assert {value.measure for value in measure_outputs(logits, None, {"t": logits})} == {
        "top1_agreement",
        "kl_divergence",
    }


def test_what_is_undefined_is_left_out() -> None:
    collapsed, labels = torch.full((30, 4), 0.1), torch.arange(30) % 3
    assert {value.measure for value in measure_layers({"dead": collapsed}, labels)} == {"knn_accuracy", "silhouette"}
    pairs = measure_pairs({"dead": collapsed}, {"alive": torch.randn(30, 4)}, "t")
    assert {value.measure for value in pairs} == {"neighbour_overlap"}


def test_outputs_that_cannot_be_compared_are_left_out() -> None:
    logits = torch.randn(6, 4)
    assert measure_outputs(logits, torch.arange(6), {"t": torch.randn(6, 9)}) == []
    assert measure_outputs(logits[:, :1], torch.zeros(6, dtype=torch.long), {"t": logits[:, :1]}) == []


def test_a_diverged_layer_is_named(student: dict[str, Tensor], labels: Tensor) -> None:
    student["stage2"][7] = math.nan
    with pytest.raises(UsageError, match=r"Layer 'stage2' .* NaN .* in 1 of 150 samples"):
        measure_layers(student, labels)
    with pytest.raises(UsageError, match="Layer 'stage2'"):
        measure_pairs({"stage1": student["stage1"]}, student, "t")


def test_layers_of_different_probes_are_refused(student: dict[str, Tensor]) -> None:
    with pytest.raises(UsageError, match="150 and 20 rows"):
        measure_pairs(student, {"layer1": torch.randn(20, 3)}, "t")


def test_tensors_of_an_inference_pass_in_half_precision_are_measured_on_a_thread_and_left_as_they_are(
    labels: Tensor,
) -> None:
    with torch.inference_mode():
        X = blobs()[0].half() * 1
    before = X.clone()
    with ThreadPoolExecutor(1) as pool:
        values = pool.submit(measure_layers, {"a": X}, labels).result()
        values += pool.submit(measure_pairs, {"a": X}, {"b": X}, "t").result()
        values += pool.submit(measure_outputs, X, labels, {"t": X}).result()
    assert len(values) == 8
    assert torch.equal(X, before)


def test_tensors_that_need_gradients_are_measured_without_a_graph(labels: Tensor) -> None:
    X = blobs()[0].requires_grad_()
    assert len(measure_layers({"a": X}, labels)) == 3
    assert len(measure_pairs({"a": X}, {"b": X}, "t")) == 2
    assert not prepare({"a": X})["a"].X.requires_grad
