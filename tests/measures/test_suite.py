"""The suite computes the chosen measures, gives the single measures' values, and leaves out what is undefined."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import prepared as preparing
from kd_projector.measures import suite
from kd_projector.measures.agreement import (
    accuracy,
    js_divergence,
    kl_divergence,
    reverse_kl_divergence,
    top1_agreement,
)
from kd_projector.measures.calibration import confidence, expected_calibration_error
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.centred import CentredEmbedding
from kd_projector.measures.compactness import calinski_harabasz, davies_bouldin, scatter_ratio, silhouette
from kd_projector.measures.intrinsic_dimension import intrinsic_dimension
from kd_projector.measures.linear_probe import linear_probe_accuracy
from kd_projector.measures.neighbours import Neighbours, knn_accuracy, mutual_knn, neighbour_overlap, neighbours_by
from kd_projector.measures.neural_collapse import nc1, nc2
from kd_projector.measures.norms import anisotropy, mean_norm, norm_variation
from kd_projector.measures.prepared import KnownNeighbours, PreparedLayer, prepare, prepare_sound
from kd_projector.measures.procrustes import procrustes_disparity
from kd_projector.measures.rsa import rsa
from kd_projector.measures.selection import chosen
from kd_projector.measures.similarity import linear_cka, unbiased_cka
from kd_projector.measures.spectrum import effective_rank, participation_ratio
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs
from kd_projector.store.schema import MeasureValue

from .constructed import blobs

ALL = chosen("all", while_training=False)
DEFAULTS = chosen(True, while_training=True)
PREVIOUS = ("neighbour_overlap_previous", "linear_cka_previous")

OF_CLASSES: dict[str, Callable[[Tensor, Tensor], float]] = {
    "knn_accuracy": knn_accuracy,
    "linear_probe_accuracy": linear_probe_accuracy,
    "silhouette": silhouette,
    "calinski_harabasz": calinski_harabasz,
    "davies_bouldin": davies_bouldin,
    "scatter_ratio": scatter_ratio,
    "nc1": nc1,
    "nc2": nc2,
}
OF_LAYERS: dict[str, Callable[[Tensor], float]] = {
    "effective_rank": effective_rank,
    "participation_ratio": participation_ratio,
    "intrinsic_dimension": intrinsic_dimension,
    "anisotropy": anisotropy,
    "mean_norm": mean_norm,
    "norm_variation": norm_variation,
}
OF_PAIRS: dict[str, Callable[[Tensor, Tensor], float]] = {
    "linear_cka": linear_cka,
    "unbiased_cka": unbiased_cka,
    "rsa": rsa,
    "procrustes_disparity": procrustes_disparity,
    "neighbour_overlap": neighbour_overlap,
    "mutual_knn": mutual_knn,
}
OF_TEACHERS: dict[str, Callable[[Tensor, Tensor, float], float]] = {
    "top1_agreement": lambda logits, theirs, temperature: top1_agreement(logits, theirs),
    "kl_divergence": kl_divergence,
    "reverse_kl_divergence": reverse_kl_divergence,
    "js_divergence": js_divergence,
}

Key = tuple[str, str | None, str | None, str | None]


def by_key(values: list[MeasureValue]) -> dict[Key, float]:
    found = {(value.measure, value.layer, value.other_model, value.other_layer): value.value for value in values}
    assert len(found) == len(values), "two values for one thing"
    return found


def names(values: list[MeasureValue]) -> set[str]:
    return {value.measure for value in values}


@pytest.fixture
def student() -> dict[str, Tensor]:
    return {"stage1": blobs(d=6)[0], "stage2": blobs(d=20, seed=1)[0], "fc": blobs(d=200, seed=2)[0] * 30}


@pytest.fixture
def teacher() -> dict[str, Tensor]:
    return {"layer1": blobs(d=9, seed=3)[0], "layer2": blobs(d=180, seed=4)[0]}


@pytest.fixture
def labels() -> Tensor:
    return blobs()[1]


@pytest.mark.parametrize("scope", ["layer", "pair", "output", "change"])
def test_each_measure_of_the_catalogue_is_one_of_the_suites_by_scope(scope: str) -> None:
    registered = {
        "layer": {**suite.OF_CLASSES, **suite.OF_LAYERS},
        "pair": suite.OF_PAIRS,
        "output": {**suite.OF_OUTPUTS, **suite.OF_LABELLED_OUTPUTS, **suite.OF_TWO_OUTPUTS},
        "change": suite.OF_CHANGES,
    }
    assert set(registered[scope]) == {name for name, measure in CATALOGUE.items() if measure.scope == scope}


def test_what_needs_labels_or_a_teacher_is_registered_as_such() -> None:
    needs_labels = {name for name, measure in CATALOGUE.items() if measure.needs_labels}
    assert {*suite.OF_CLASSES, *suite.OF_LABELLED_OUTPUTS} == needs_labels
    assert set(suite.OF_TWO_OUTPUTS) == {name for name, measure in CATALOGUE.items() if measure.needs_teacher}


def test_layers_have_the_values_of_the_single_measures(student: dict[str, Tensor], labels: Tensor) -> None:
    expected = {
        (one, name, None, None): measure(X) for one, measure in OF_LAYERS.items() for name, X in student.items()
    }
    for one, of_classes in OF_CLASSES.items():
        expected |= {(one, name, None, None): of_classes(X, labels) for name, X in student.items()}
    assert by_key(measure_layers(student, labels, ALL)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_pairs_have_the_values_of_the_single_measures(student: dict[str, Tensor], teacher: dict[str, Tensor]) -> None:
    expected = {
        (one, name, "big", other): measure(X, Y)
        for one, measure in OF_PAIRS.items()
        for name, X in student.items()
        for other, Y in teacher.items()
    }
    found = measure_pairs(student, teacher, "big", ALL, "../distilled")
    assert by_key(found) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert {value.other_run for value in found} == {"../distilled"}


def test_change_has_the_values_of_the_pairs_measures_of_a_layer_with_itself(student: dict[str, Tensor]) -> None:
    before = {name: X + torch.randn_like(X) for name, X in student.items() if name != "fc"}
    before["gone"] = student["fc"]
    for step in ("previous", "last"):
        wanted = (f"neighbour_overlap_{step}", f"linear_cka_{step}")
        expected = {
            (one, name, None, None): OF_PAIRS[one.removesuffix(f"_{step}")](student[name], before[name])
            for name in ("stage1", "stage2")
            for one in wanted
        }
        assert by_key(measure_change(student, before, wanted)) == pytest.approx(expected, rel=1e-9)
    with pytest.raises(UsageError, match="different steps"):
        measure_change(student, before, ALL)


def test_known_neighbours_of_another_step_do_for_the_overlap(student: dict[str, Tensor]) -> None:
    before = {"fc": blobs(d=200, seed=9)[0]}
    known = {"fc": KnownNeighbours(PreparedLayer.of(before["fc"]).neighbours)}
    overlap = PREVIOUS[:1]
    assert measure_change(student, known, overlap) == measure_change(student, before, overlap)
    with pytest.raises(UsageError, match="only neighbours are known"):
        measure_change(student, known, PREVIOUS)


def test_outputs_have_the_values_of_the_single_measures(labels: Tensor) -> None:
    logits, first, second = 3 * torch.randn(3, len(labels), 4, generator=torch.Generator().manual_seed(0))
    expected: dict[Key, float] = {
        ("accuracy", None, None, None): accuracy(logits, labels),
        ("confidence", None, None, None): confidence(logits),
        ("expected_calibration_error", None, None, None): expected_calibration_error(logits, labels),
    }
    for name, theirs in {"first": first, "second": second}.items():
        expected |= {(one, None, name, None): measure(logits, theirs, 4.0) for one, measure in OF_TEACHERS.items()}
    found = measure_outputs(logits, labels, {"first": first, "second": second}, ALL, 4.0, "../big")
    assert by_key(found) == pytest.approx(expected)
    assert {value.other_run for value in found if value.other_model} == {"../big"}
    assert {value.other_run for value in found if not value.other_model} == {None}


def test_every_value_is_a_plain_number_in_its_measures_range(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor
) -> None:
    logits = student["stage1"]
    parts = {
        "layer": measure_layers(student, labels, ALL),
        "pair": measure_pairs(student, teacher, "teacher", ALL),
        "output": measure_outputs(logits, labels, {"teacher": logits * 2}, ALL),
        "change": [
            *measure_change(student, student, PREVIOUS),
            *measure_change(student, student, ("linear_cka_last", "neighbour_overlap_last")),
        ],
    }
    assert {name for values in parts.values() for name in names(values)} == set(CATALOGUE)
    for scope, values in parts.items():
        for value in values:
            low, high = CATALOGUE[value.measure].range
            assert CATALOGUE[value.measure].scope == scope
            assert type(value.value) is float
            assert (-math.inf if low is None else low) <= value.value <= (math.inf if high is None else high)


@pytest.mark.parametrize("one", ALL)
def test_any_measure_can_be_had_alone(
    one: str, student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor
) -> None:
    logits = student["stage1"]
    values = [
        *measure_layers(student, labels, [one]),
        *measure_pairs(student, teacher, "teacher", [one]),
        *measure_change(student, student, [one]),
        *measure_outputs(logits, labels, {"teacher": logits}, [one]),
    ]
    assert names(values) == {one}


def test_what_is_not_chosen_costs_nothing(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("nobody asked for this")

    for work in ("neighbours_by", "cosine_neighbours", "CentredEmbedding", "distance_ranks", "procrustes_factor"):
        monkeypatch.setattr(preparing, work, refused)
    assert measure_layers(student, labels, []) == measure_pairs(student, teacher, "t", []) == []
    assert measure_outputs(student["stage1"], labels, {}, []) == measure_change(student, student, []) == []
    # A broken layer is not even looked at where no layer is measured.
    broken = {"nan": torch.full((150, 3), math.nan)}
    assert measure_layers(broken, labels, ["accuracy"]) == measure_pairs(broken, teacher, "t", ["accuracy"]) == []
    assert names(measure_outputs(student["stage1"], labels, {}, ["accuracy"])) == {"accuracy"}
    assert names(measure_layers(student, labels, ["mean_norm"])) == {"mean_norm"}


def test_neighbours_and_products_are_worked_out_once_a_layer_not_once_a_pair_or_measure(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def neighbours(X: Tensor, rows: CentredEmbedding) -> Neighbours:
        asked.append("neighbours")
        return neighbours_by(X, rows)

    class Centred:
        @staticmethod
        def of(X: Tensor) -> CentredEmbedding:
            asked.append("centred")
            return CentredEmbedding.of(X)

    monkeypatch.setattr(preparing, "neighbours_by", neighbours)
    monkeypatch.setattr(preparing, "CentredEmbedding", Centred)
    measure_pairs(student, teacher, "teacher", DEFAULTS)
    assert asked.count("neighbours") == asked.count("centred") == len(student) + len(teacher)

    asked.clear()
    mine, theirs = prepare(student), prepare(teacher)
    for _ in range(3):
        measure_layers(mine, labels, DEFAULTS)
        measure_pairs(prepare(mine), theirs, "teacher", DEFAULTS)
        measure_change(mine, mine, PREVIOUS)
    assert asked.count("neighbours") == asked.count("centred") == len(student) + len(teacher)


def test_layers_too_large_to_keep_their_copies_have_the_same_values(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = by_key([*measure_layers(student, labels, ALL), *measure_pairs(student, teacher, "t", ALL)])
    monkeypatch.setattr(preparing, "_LARGEST_KEPT", 0)
    monkeypatch.setattr("kd_projector.measures.centred.LARGEST_GRAM", 0)
    large = {name: PreparedLayer.of(X) for name, X in student.items()}
    found = by_key([*measure_layers(large, labels, ALL), *measure_pairs(large, teacher, "t", ALL)])
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)
    for layer in large.values():
        kept = [value for value in vars(layer).values() if isinstance(value, Tensor | CentredEmbedding)]
        assert not any(isinstance(value, CentredEmbedding) for value in kept)


def test_prepared_layers_give_the_same_values(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor
) -> None:
    assert measure_layers(prepare(student), labels, ALL) == measure_layers(student, labels, ALL)
    assert measure_pairs(prepare(student), prepare(teacher), "t", ALL) == measure_pairs(student, teacher, "t", ALL)


def test_without_labels_there_is_only_what_needs_none(student: dict[str, Tensor]) -> None:
    logits = student["stage1"]
    assert names(measure_layers(student, None, ALL)) == set(OF_LAYERS)
    assert names(measure_outputs(logits, None, {"t": logits}, ALL)) == {"confidence", *OF_TEACHERS}


def test_what_is_undefined_is_left_out() -> None:
    collapsed, labels = torch.full((30, 4), 0.1), torch.arange(30) % 3
    assert names(measure_layers({"dead": collapsed}, labels, ["knn_accuracy", "silhouette", "scatter_ratio"])) == {
        "knn_accuracy",
        "silhouette",
    }
    pairs = measure_pairs({"dead": collapsed}, {"alive": torch.randn(30, 4)}, "t", ALL)
    assert not pairs


def test_a_single_sample_breaks_nothing() -> None:
    X, label = torch.randn(1, 5), torch.tensor([2])
    values = [
        *measure_layers({"a": X}, label, ALL),
        *measure_pairs({"a": X}, {"b": X}, "t", ALL),
        *measure_change({"a": X}, {"a": X}, PREVIOUS),
        *measure_outputs(X, label, {"t": X}, ALL),
    ]
    assert all(math.isfinite(value.value) for value in values)
    assert "mean_norm" in names(values)


def test_outputs_that_cannot_be_compared_are_left_out() -> None:
    logits, labels = torch.randn(6, 4), torch.arange(6)
    assert names(measure_outputs(logits, labels, {"t": torch.randn(6, 9)}, ALL)) == {"confidence"}
    assert measure_outputs(logits[:, :1], torch.zeros(6, dtype=torch.long), {"t": logits[:, :1]}, ALL) == []


def test_a_diverged_layer_is_named_with_its_model(student: dict[str, Tensor], labels: Tensor) -> None:
    student["stage2"][7] = math.nan
    named = r"Layer 'stage2' of model 'small' .* NaN .* in 1 of 150 samples"
    with pytest.raises(UsageError, match=named):
        measure_layers(student, labels, DEFAULTS, "small")
    with pytest.raises(UsageError, match=named):
        measure_pairs({"stage1": student["stage1"]}, student, "small", DEFAULTS)
    with pytest.raises(UsageError, match=named):
        measure_change(student, student, PREVIOUS, "small")
    with pytest.raises(UsageError, match=r"The output of model 'small' .* in 1 of 150"):
        measure_outputs(student["stage2"], labels, {}, DEFAULTS, model="small")
    with pytest.raises(UsageError, match=r"The output of model 'big' .* in 1 of 150"):
        measure_outputs(torch.zeros(150, 20), labels, {"big": student["stage2"]}, DEFAULTS, model="small")


def test_the_layers_that_are_sound_can_be_had_without_the_others(student: dict[str, Tensor]) -> None:
    student["stage2"][7] = math.inf
    sound, errors = prepare_sound(student, "small")
    assert list(sound) == ["stage1", "fc"]
    assert len(errors) == 1
    assert "Layer 'stage2' of model 'small'" in str(errors[0])


def test_layers_of_different_probes_are_refused(student: dict[str, Tensor]) -> None:
    with pytest.raises(UsageError, match="Layer 'stage1' and Layer 'layer1' of model 't' have 150 and 20 rows"):
        measure_pairs(student, {"layer1": torch.randn(20, 3)}, "t", DEFAULTS)
    with pytest.raises(UsageError, match="150 and 20 rows"):
        measure_change(student, {"fc": torch.randn(20, 3)}, PREVIOUS)


def test_a_name_that_there_is_not_is_refused(student: dict[str, Tensor]) -> None:
    with pytest.raises(UsageError, match="no measure called 'knn'"):
        measure_layers(student, None, ["knn"])


def test_tensors_of_an_inference_pass_in_half_precision_are_measured_on_a_thread_and_left_as_they_are(
    labels: Tensor,
) -> None:
    with torch.inference_mode():
        X = blobs()[0].half() * 1
    before = X.clone()
    with ThreadPoolExecutor(1) as pool:
        values = pool.submit(measure_layers, {"a": X}, labels, ALL).result()
        values += pool.submit(measure_pairs, {"a": X}, {"b": X}, "t", ALL).result()
        values += pool.submit(measure_change, {"a": X}, {"a": X}, PREVIOUS).result()
        values += pool.submit(measure_outputs, X, labels, {"t": X}, ALL).result()
    assert names(values) == set(CATALOGUE) - {"linear_cka_last", "neighbour_overlap_last"}
    assert torch.equal(X, before)


def test_tensors_that_need_gradients_are_measured_without_a_graph(labels: Tensor) -> None:
    X = blobs()[0].requires_grad_()
    assert len(measure_layers({"a": X}, labels, ALL)) == len(OF_CLASSES) + len(OF_LAYERS)
    assert len(measure_pairs({"a": X}, {"b": X}, "t", ALL)) == len(OF_PAIRS)
    layer = prepare({"a": X})["a"]
    assert not layer.X.requires_grad
    assert not layer.centred.Z.requires_grad
