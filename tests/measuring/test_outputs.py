"""Measuring stored outputs: what the store has of them, and at which temperature."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kd_projector.measures.agreement import js_divergence
from kd_projector.measuring.names import DIVERGENCES
from kd_projector.store import RunReader, RunWriter
from tests.conftest import digits_embedding
from tests.logger.training import logged_training
from tests.measuring.stored_runs import (
    LAYERS,
    add_step,
    keys,
    measure,
    tensor,
    value_of,
    values_of,
)


def test_another_temperature_has_the_divergences_alone_computed_again_and_is_said(
    logdir: Path, baseline_run: Path
) -> None:
    measure(logdir, "outputs")
    before = keys(baseline_run, "baseline", 2)
    at_one = value_of(baseline_run, "baseline", 2, "kl_divergence")
    report = measure(logdir, "outputs", temperature=4.0)
    after = keys(baseline_run, "baseline", 2)
    assert {what[0] for what in after if after[what] != before[what]} == set(DIVERGENCES)
    assert value_of(baseline_run, "baseline", 2, "kl_divergence") < at_one
    said = f"{', '.join(DIVERGENCES)} of {baseline_run}/baseline computed anew at temperature 4, before at 1."
    assert said in report.notes


@pytest.mark.parametrize(
    ("words", "options"), [(["rsa"], {}), (["rsa"], {"temperature": 2.0}), (["js_divergence"], {}), ([], {})]
)
def test_a_divergence_keeps_its_temperature_unless_it_is_named_with_another(
    logdir: Path, distilled_run: Path, baseline_run: Path, words: list[str], options: dict[str, float]
) -> None:
    measure(logdir, "js_divergence", temperature=4.0)
    before = keys(baseline_run, "baseline", 2)
    with RunWriter(distilled_run) as writer:  # all comparisons with the teacher are out of date
        writer.supersede_from("teacher", 0)
    add_step(distilled_run, "teacher", 0)
    report = measure(logdir, *words, **options)
    assert before.items().isdisjoint(keys(baseline_run, "baseline", 2).items())
    logits = (tensor(baseline_run, "baseline", "late", 2), tensor(distilled_run, "teacher", "late", 0))
    assert value_of(baseline_run, "baseline", 2, "js_divergence") == pytest.approx(js_divergence(*logits, 4.0))
    stored = RunReader(baseline_run).measured("baseline", 2)
    assert [one.temperature for one in stored if one.measure == "js_divergence"] == [4.0]
    assert not [note for note in report.notes if "js_divergence" in note]


def test_the_first_time_divergences_are_at_the_temperature_of_the_runs_logger(tmp_path: Path) -> None:
    logged_training(tmp_path / "run", steps=1, every=1, temperature=3.0)
    assert measure(tmp_path, "outputs").notes == ()
    entries = RunReader(tmp_path / "run").measured("student", 0)
    assert {one.measure: one.temperature for one in entries} == {"reverse_kl_divergence": 3.0, "js_divergence": 3.0}


def test_what_the_logger_has_at_another_temperature_stays_and_is_said(tmp_path: Path) -> None:
    logged_training(tmp_path / "run", steps=1, every=1)
    report = measure(tmp_path, "kl_divergence", "js_divergence", temperature=4.0)
    (note,) = report.notes
    assert "kl_divergence of" in note
    assert "its logger has them at temperature 1, not 4" in note
    assert [len(values_of(tmp_path / "run", "student", 0, name)) for name in ("kl_divergence", "js_divergence")] == [
        1,
        1,
    ]


def test_outputs_are_measured_from_the_stored_columns_where_the_labels_are_their_classes(
    logdir: Path, baseline_run: Path
) -> None:
    labels = RunReader(baseline_run).probe.labels
    assert labels is not None
    prediction = np.where(np.arange(120) < 90, labels, (labels + 1) % 10).astype(np.int32)
    confidence = np.where(np.arange(120) < 90, 0.8, 0.6).astype(np.float32)
    columns = {"prediction": prediction, "confidence": confidence, "loss": np.zeros(120, np.float32)}
    embeddings = {name: digits_embedding(120, (3,)) for name in LAYERS}
    with RunWriter(baseline_run) as writer:
        writer.write_step("baseline", 9, embeddings, columns)
    measure(logdir, "outputs")
    assert value_of(baseline_run, "baseline", 9, "accuracy") == pytest.approx(0.75)
    assert value_of(baseline_run, "baseline", 9, "confidence") == pytest.approx(0.75, abs=1e-6)
    assert value_of(baseline_run, "baseline", 9, "top1_agreement") == pytest.approx(0.75)
    # In the bin of .8 all are right, in that of .6 none: .75 * .2 + .25 * .6.
    assert value_of(baseline_run, "baseline", 9, "expected_calibration_error") == pytest.approx(0.3, abs=1e-6)
    assert values_of(baseline_run, "baseline", 0, "accuracy") == []  # no loss: the labels are not its classes


@pytest.fixture
def logdir_without_logits(logdir: Path, distilled_run: Path) -> Path:
    """The teacher's output layer is not among those that are stored."""
    with RunWriter(distilled_run) as writer:
        manifest = RunReader(distilled_run).manifest
        hidden = [
            replace(model, layers=tuple(replace(layer, output=False) for layer in model.layers))
            for model in manifest.models
        ]
        writer.write_manifest(replace(manifest, models=tuple(hidden)))
    return logdir


def write_teacher(run: Path, classes: int | None) -> None:
    stored = RunReader(run).stored("teacher", 0)
    with RunWriter(run) as writer:
        writer.write_step("teacher", 0, stored.embeddings, stored.outputs, classes=classes)


def test_divergences_without_a_stored_output_layer_are_left_out_with_one_sentence(
    logdir_without_logits: Path, distilled_run: Path, baseline_run: Path
) -> None:
    write_teacher(distilled_run, classes=16)
    report = measure(logdir_without_logits, "outputs")
    assert report.failures == ()
    (note,) = [note for note in report.notes if f"{baseline_run}/baseline" in note]
    assert note.startswith("kl_divergence, reverse_kl_divergence, js_divergence of ")
    assert f"the output layer of {distilled_run}/teacher is not stored" in note
    assert value_of(baseline_run, "baseline", 2, "top1_agreement") == 1.0


@pytest.mark.parametrize(
    ("classes", "why"),
    [(100, "it has 16 outputs, {teacher} has 100."), (None, "how many outputs {teacher} has is not known")],
)
def test_predictions_are_compared_only_where_both_models_are_known_to_tell_the_same_number_of_classes_apart(
    logdir_without_logits: Path, distilled_run: Path, baseline_run: Path, classes: int | None, why: str
) -> None:
    write_teacher(distilled_run, classes)
    report = measure(logdir_without_logits, "top1_agreement")
    (note,) = [note for note in report.notes if f"{baseline_run}/baseline" in note]
    assert f"left out: {why.format(teacher=f'{distilled_run}/teacher')}" in note
    assert values_of(baseline_run, "baseline", 2, "top1_agreement") == []


def test_the_logger_stores_how_many_classes_a_model_tells_apart(tmp_path: Path) -> None:
    logged_training(tmp_path / "run", steps=1, every=1)
    reader = RunReader(tmp_path / "run")
    assert [reader.classes(model, 0) for model in ("teacher", "student")] == [10, 10]
