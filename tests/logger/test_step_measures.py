"""The logger computes the chosen measures and no others, against the teacher and against the step before."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from kd_projector import DistillationLogger
from kd_projector.errors import UsageError
from kd_projector.measures import inputs, prepared
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.prepared import KnownNeighbours
from kd_projector.measures.selection import Selection, chosen
from kd_projector.probing.capture import Captured
from kd_projector.recording import step_measures
from kd_projector.recording.step_measures import StepMeasures
from kd_projector.store import MeasureValue, RunReader
from tests.logger.training import logged_training, make_net, make_probe

DEFAULTS = chosen(True, while_training=True)


def names(values: list[MeasureValue]) -> set[str]:
    return {value.measure for value in values}


def captured(*layers: Tensor, logits: Tensor | None = None) -> Captured:
    return Captured((), {f"layer{i}": X for i, X in enumerate(layers)}, logits)


def noise(seed: int, n: int = 60, d: int = 8) -> Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("measures", [True, "all", ["rsa", "outputs"], ["accuracy"], []], ids=str)
def test_what_is_chosen_is_what_is_stored_and_the_manifest_says_what_was_chosen(
    tmp_path: Path, measures: Selection
) -> None:
    logged_training(tmp_path, steps=5, every=2, measures=measures, temperature=4.0)
    reader = RunReader(tmp_path)
    wanted = chosen(measures, while_training=True)
    assert reader.manifest.settings["measures"] == list(wanted)
    assert reader.manifest.settings["temperature"] == 4.0
    assert reader.manifest.warnings == {}
    assert names(reader.measures("student", 4)) == set(wanted)
    needs_another = {name for name in wanted if CATALOGUE[name].scope == "pair" or CATALOGUE[name].needs_teacher}
    later = {name for name in wanted if CATALOGUE[name].scope == "change"}
    assert names(reader.measures("student", 0)) == set(wanted) - later
    assert names(reader.measures("teacher", 0)) == set(wanted) - later - needs_another


def test_a_choice_that_cannot_be_made_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no measure called 'knn'"):
        DistillationLogger(tmp_path, make_probe(), measures=["knn"])
    with pytest.raises(UsageError, match="linear_cka_last' needs the run's last step"):
        DistillationLogger(tmp_path, make_probe(), measures=["linear_cka_last"])
    with pytest.raises(UsageError, match=r"no measure called \['rsa'\]"):
        DistillationLogger(tmp_path, make_probe(), measures=[["rsa"]])  # type: ignore[list-item]
    impossible: tuple[Any, ...] = (0, -1.0, math.nan, math.inf, "4", None, [1.0])
    for temperature in impossible:
        refused = re.escape(f"temperature is {temperature!r} but must be a positive number")
        with pytest.raises(UsageError, match=refused):
            DistillationLogger(tmp_path, make_probe(), temperature=temperature)
    assert not list(tmp_path.iterdir())


def test_the_temperature_is_that_of_the_divergences(tmp_path: Path) -> None:
    logged_training(tmp_path / "sharp", steps=1, temperature=1.0)
    logged_training(tmp_path / "soft", steps=1, temperature=20.0)
    sharp, soft = (
        next(v.value for v in RunReader(tmp_path / run).measures("student", 0) if v.measure == "kl_divergence")
        for run in ("sharp", "soft")
    )
    assert 0 < soft < sharp / 50  # it falls with about the square of the temperature


def test_a_layer_is_compared_with_itself_at_the_logged_step_before(tmp_path: Path) -> None:
    student = make_net(0)
    with DistillationLogger(tmp_path, make_probe(), every=1, measures=["default", "change"]) as kd:
        kd.watch("student", student)
        kd.step(0)
        kd.step(1)  # nothing has changed
        with torch.no_grad():
            student.embedding.weight.copy_(make_net(5).embedding.weight)
        kd.step(2)
    reader = RunReader(tmp_path)
    change = {
        (step, value.layer, value.measure): value.value
        for step in (0, 1, 2)
        for value in reader.measures("student", step)
        if value.measure.endswith("_previous")
    }
    assert not [key for key in change if key[0] == 0]
    assert all(value == pytest.approx(1) for key, value in change.items() if key[0] == 1)
    assert change[2, "stage2", "neighbour_overlap_previous"] == 1
    assert change[2, "embedding", "neighbour_overlap_previous"] < 0.9
    assert change[2, "embedding", "linear_cka_previous"] < 0.99


def test_after_a_restart_the_first_step_has_nothing_before_it(tmp_path: Path) -> None:
    logged_training(tmp_path, steps=4, every=2)
    logged_training(tmp_path, steps=3, every=2, first_step=4)
    reader = RunReader(tmp_path)
    stored = {step: names(reader.measures("student", step)) for step in reader.steps("student")}
    assert list(stored) == [0, 2, 4, 6]
    assert [step for step, measures in stored.items() if "neighbour_overlap_previous" in measures] == [2, 6]


def test_between_steps_only_neighbours_are_kept_of_a_student_unless_more_is_chosen() -> None:
    default = StepMeasures(None, DEFAULTS, 1.0)
    default.of("teacher", captured(noise(0), logits=noise(1)), is_teacher=True)
    student = captured(noise(2), noise(3))
    default.of("student", student, is_teacher=False)
    default.written("student")
    kept = default._before["student"]
    assert all(
        isinstance(layer, KnownNeighbours) and layer.neighbours.indices.shape == (60, 10) for layer in kept.values()
    )
    embeddings = {X.data_ptr() for X in student.embeddings.values()}
    assert not embeddings & {tensor.data_ptr() for tensor in default.tensors()}

    more = StepMeasures(None, [*DEFAULTS, "linear_cka_previous"], 1.0)
    more.of("student", student, is_teacher=False)
    more.written("student")
    assert embeddings <= {tensor.data_ptr() for tensor in more.tensors()}

    nothing = StepMeasures(None, ["accuracy", "kl_divergence"], 1.0)
    nothing.of("teacher", captured(noise(0), logits=noise(1)), is_teacher=True)
    nothing.of("student", student, is_teacher=False)
    assert [tensor.shape for tensor in nothing.tensors()] == [(60, 8)]  # the teacher's logits


def test_only_a_step_that_was_written_is_one_that_the_next_comes_after() -> None:
    measures = StepMeasures(None, DEFAULTS, 1.0)
    for _ in range(2):  # as a static model is, that could not be written the first time
        again = measures.of("teacher", captured(noise(0)), is_teacher=True)
        assert "neighbour_overlap_previous" not in names(again.values)
    measures.written("teacher")
    measures.of("teacher", captured(noise(1)), is_teacher=True)  # lost
    same = measures.of("teacher", captured(noise(0)), is_teacher=True)
    assert [v.value for v in same.values if v.measure == "neighbour_overlap_previous"] == [1.0]


def test_a_broken_layer_costs_no_other_its_measures() -> None:
    broken = noise(5)
    broken[3] = math.inf
    measures = StepMeasures(torch.arange(60) % 3, chosen("all", while_training=True), 1.0)
    teacher = measures.of("teacher", captured(noise(0), broken, logits=noise(1)), is_teacher=True)
    assert [str(failure).split(" cannot")[0] for failure in teacher.failures] == ["Layer 'layer1' of model 'teacher'"]
    student = measures.of("student", captured(broken, noise(2), logits=broken), is_teacher=False)
    assert [str(failure).split(" cannot")[0] for failure in student.failures] == [
        "Layer 'layer0' of model 'student'",
        "The output of model 'student'",
    ]
    assert {value.layer for value in student.values} == {"layer1"}
    assert {value.other_layer for value in student.values} == {None, "layer0"}
    measures.written("student")
    # At the next step nothing was there before for the layer that was broken.
    whole = measures.of("student", captured(noise(4), noise(6), logits=noise(7)), is_teacher=False)
    assert not whole.failures
    assert {v.layer for v in whole.values if v.measure == "neighbour_overlap_previous"} == {"layer1"}


def test_a_measure_that_fails_costs_no_other_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    measure_layers = step_measures.measure_layers

    def failing(*arguments: object) -> list[MeasureValue]:
        if arguments[2] == ["silhouette"]:
            raise RuntimeError("no memory left")
        return measure_layers(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(step_measures, "measure_layers", failing)
    measured = StepMeasures(torch.arange(60) % 3, DEFAULTS, 1.0).of("student", captured(noise(0), noise(1)), False)
    assert [str(failure) for failure in measured.failures] == ["no memory left"]
    assert {"knn_accuracy", "scatter_ratio", "mean_norm"} <= names(measured.values)
    assert "silhouette" not in names(measured.values)


class _NoMemory:
    """Stands where something is worked out on a device on which nothing is left."""

    def __init__(self, *_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")


def test_neighbours_for_which_no_memory_is_left_cost_only_what_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    measures = StepMeasures(torch.arange(60) % 3, DEFAULTS, 1.0)
    measures.of("student", captured(noise(0), logits=noise(1)), is_teacher=False)
    measures.written("student")
    with monkeypatch.context() as patched:
        patched.setattr(prepared, "neighbours_by", _NoMemory)
        failing = measures.of("student", captured(noise(2), logits=noise(3)), is_teacher=False)
    assert [str(failure) for failure in failing.failures] == ["CUDA out of memory"]
    assert {"scatter_ratio", "mean_norm", "accuracy", "confidence"} <= names(failing.values)
    assert not {"knn_accuracy", "neighbour_overlap_previous"} & names(failing.values)
    measures.written("student")
    # The step after has no neighbours to compare with, and all else.
    after = measures.of("student", captured(noise(4), logits=noise(5)), is_teacher=False)
    assert not after.failures
    assert "knn_accuracy" in names(after.values)
    assert "neighbour_overlap_previous" not in names(after.values)


def test_a_layer_that_cannot_be_prepared_costs_no_other_its_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    def finite_double(X: Tensor, name: str) -> Tensor:
        return _NoMemory() if "layer0" in name else inputs.finite_double(X, name)  # type: ignore[return-value]

    monkeypatch.setattr(prepared, "finite_double", finite_double)
    outcome = StepMeasures(None, DEFAULTS, 1.0).of("student", captured(noise(0), noise(1), logits=noise(2)), False)
    assert [str(failure) for failure in outcome.failures] == ["CUDA out of memory"]
    assert {value.layer for value in outcome.values} == {"layer1", None}


@pytest.mark.parametrize("lost", ["labels", "teacher's layers", "teacher's logits"])
def test_a_failing_transfer_costs_only_what_it_was_for(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    labels, theirs, logits = torch.arange(60) % 3, noise(0), noise(1)
    measures = StepMeasures(labels, chosen("all", while_training=True), 1.0)
    measures.of("teacher", captured(theirs, logits=logits), is_teacher=True)
    victim = {"labels": labels, "teacher's layers": theirs, "teacher's logits": logits}[lost]

    def brought(tensor: Tensor, device: torch.device) -> Tensor:
        return _NoMemory() if tensor.data_ptr() == victim.data_ptr() else tensor.to(device)  # type: ignore[return-value]

    # As where the teacher is on another device than the student; this machine may have but one.
    monkeypatch.setattr(step_measures, "_brought", brought)
    monkeypatch.setattr(step_measures, "_is_on", lambda layer, device: False)
    outcome = measures.of("student", captured(noise(2), logits=noise(3)), is_teacher=False)
    assert [str(failure) for failure in outcome.failures] == ["CUDA out of memory"]
    later = {name for name, measure in CATALOGUE.items() if measure.scope == "change"}
    costs = {
        "labels": {name for name, measure in CATALOGUE.items() if measure.needs_labels},
        "teacher's layers": {name for name, measure in CATALOGUE.items() if measure.scope == "pair"},
        "teacher's logits": {name for name, measure in CATALOGUE.items() if measure.needs_teacher},
    }
    assert names(outcome.values) == set(CATALOGUE) - later - costs[lost]


def test_a_teacher_that_changes_is_compared_with_as_it_is_then() -> None:
    measures = StepMeasures(None, ["linear_cka"], 1.0)
    student = captured(noise(0))
    measures.of("teacher", captured(noise(0)), is_teacher=True)
    (same,) = measures.of("student", student, is_teacher=False).values
    measures.of("teacher", captured(noise(1)), is_teacher=True)
    (other,) = measures.of("student", student, is_teacher=False).values
    assert same.value == pytest.approx(1)
    assert other.value < 0.5
