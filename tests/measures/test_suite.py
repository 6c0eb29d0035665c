"""The suite computes the chosen measures and no others, and gives the single measures' values."""

from __future__ import annotations

import math
from collections.abc import Callable

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
from kd_projector.measures.compactness import calinski_harabasz, davies_bouldin, scatter_ratio, silhouette
from kd_projector.measures.intrinsic_dimension import intrinsic_dimension
from kd_projector.measures.linear_probe import linear_probe_accuracy
from kd_projector.measures.neighbours import knn_accuracy, mutual_knn, neighbour_overlap
from kd_projector.measures.neural_collapse import nc1, nc2
from kd_projector.measures.norms import anisotropy, mean_norm, norm_variation
from kd_projector.measures.procrustes import procrustes_disparity
from kd_projector.measures.rsa import rsa
from kd_projector.measures.similarity import linear_cka, unbiased_cka
from kd_projector.measures.spectrum import effective_rank, participation_ratio
from kd_projector.measures.suite import measure_change, measure_layers, measure_outputs, measure_pairs

from .values import ALL, PREVIOUS, Key, by_key, names

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
