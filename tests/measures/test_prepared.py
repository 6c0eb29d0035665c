"""What is worked out of a layer is worked out once, and prepared layers have the values of plain tensors."""

from __future__ import annotations

import math

import pytest
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import prepared as preparing
from kd_projector.measures import suite
from kd_projector.measures.centred import CentredEmbedding, Gram
from kd_projector.measures.neighbours import Neighbours, neighbours_by
from kd_projector.measures.prepared import KnownNeighbours, PreparedLayer, prepare, prepare_sound
from kd_projector.measures.suite import measure_change, measure_layers, measure_pairs

from .constructed import blobs
from .values import ALL, DEFAULTS, PREVIOUS, by_key


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


def test_a_layer_too_large_to_keep_its_copies_keeps_its_products_of_pairs(
    labels: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = {f"wide{i}": blobs(d=200, seed=i)[0] for i in range(3)}
    expected = by_key([*measure_layers(wide, labels, ALL), *measure_pairs(wide, wide, "t", ALL)])
    made = []
    gram_of = Gram.of

    def counted(Z: Tensor) -> Gram:
        made.append(Z)
        return gram_of(Z)

    monkeypatch.setattr(preparing, "_LARGEST_KEPT", 0)
    monkeypatch.setattr(Gram, "of", staticmethod(counted))
    measures = [one for one in ALL if one not in ("rsa", "mutual_knn")]  # these look at other rows than the layer's
    large = prepare(wide)
    found = by_key([*measure_layers(large, labels, measures), *measure_pairs(large, large, "t", measures)])
    assert len(made) == len(wide)
    assert found == pytest.approx({key: value for key, value in expected.items() if key[0] in measures}, rel=1e-9)


def test_prepared_layers_give_the_same_values(
    student: dict[str, Tensor], teacher: dict[str, Tensor], labels: Tensor
) -> None:
    assert measure_layers(prepare(student), labels, ALL) == measure_layers(student, labels, ALL)
    assert measure_pairs(prepare(student), prepare(teacher), "t", ALL) == measure_pairs(student, teacher, "t", ALL)


def test_known_neighbours_of_another_step_do_for_the_overlap(student: dict[str, Tensor]) -> None:
    before = {"fc": blobs(d=200, seed=9)[0]}
    known = {"fc": KnownNeighbours(PreparedLayer.of(before["fc"]).neighbours)}
    overlap = PREVIOUS[:1]
    assert measure_change(student, known, overlap) == measure_change(student, before, overlap)
    with pytest.raises(UsageError, match="only neighbours are known"):
        measure_change(student, known, PREVIOUS)


def test_the_layers_that_are_sound_can_be_had_without_the_others(student: dict[str, Tensor]) -> None:
    student["stage2"][7] = math.inf
    sound, errors = prepare_sound(student, "small")
    assert list(sound) == ["stage1", "fc"]
    assert len(errors) == 1
    assert "Layer 'stage2' of model 'small'" in str(errors[0])


def test_tensors_that_need_gradients_are_measured_without_a_graph(labels: Tensor) -> None:
    X = blobs()[0].requires_grad_()
    assert len(measure_layers({"a": X}, labels, ALL)) == len(suite.OF_CLASSES) + len(suite.OF_LAYERS)
    assert len(measure_pairs({"a": X}, {"b": X}, "t", ALL)) == len(suite.OF_PAIRS)
    layer = prepare({"a": X})["a"]
    assert not layer.X.requires_grad
    assert not layer.centred.Z.requires_grad
