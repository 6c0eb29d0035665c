"""Measuring stored runs: what is computed, against whom, and what is left as it was."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from kd_projector.errors import StoreError, UsageError
from kd_projector.measures.agreement import kl_divergence
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.neighbours import knn_accuracy, neighbour_overlap
from kd_projector.measures.similarity import linear_cka
from kd_projector.measuring.batch import measure_runs
from kd_projector.measuring.comparison import named_model
from kd_projector.store import MeasuredWriter, MeasureValue, RunReader, RunWriter
from kd_projector.store.discovery import open_runs
from tests.conftest import RunRecipe, digits_embedding, write_run
from tests.jobs.dask_cluster import DaskCluster
from tests.logger.training import logged_training
from tests.measuring.stored_runs import (
    LAYERS,
    add_step,
    keys,
    measure,
    measured_file,
    step_file,
    tensor,
    value_of,
    values_of,
)


@pytest.fixture
def logdir(distilled_run: Path, baseline_run: Path) -> Path:
    return distilled_run.parent


def test_a_baseline_is_measured_against_the_teacher_of_another_run_as_by_the_functions_themselves(
    logdir: Path, distilled_run: Path, baseline_run: Path
) -> None:
    report = measure(logdir, "linear_cka", "neighbour_overlap", "top1_agreement", "kl_divergence", workers=1)
    assert report.failures == ()
    for step in (0, 2):
        for layer in LAYERS:
            for theirs in LAYERS:
                X, Y = tensor(baseline_run, "baseline", layer, step), tensor(distilled_run, "teacher", theirs, 0)
                of = (layer, "teacher", theirs, "../distilled")
                assert value_of(baseline_run, "baseline", step, "linear_cka", *of) == pytest.approx(
                    linear_cka(X, Y), rel=1e-9
                )
                assert value_of(baseline_run, "baseline", step, "neighbour_overlap", *of) == pytest.approx(
                    neighbour_overlap(X, Y), rel=1e-9
                )
        of_outputs = (None, "teacher", None, "../distilled")
        assert value_of(baseline_run, "baseline", step, "top1_agreement", *of_outputs) == 1.0  # both predict the labels
        logits = (tensor(baseline_run, "baseline", "late", step), tensor(distilled_run, "teacher", "late", 0))
        assert value_of(baseline_run, "baseline", step, "kl_divergence", *of_outputs) == pytest.approx(
            kl_divergence(*logits)
        )
    assert len(values_of(distilled_run, "student", 5, "linear_cka")) == 4  # against its own teacher
    assert values_of(distilled_run, "student", 5, "linear_cka")[0].other_run is None
    assert values_of(distilled_run, "teacher", 0, "linear_cka") == []


def test_what_the_logger_has_is_not_computed_again_and_comes_first(logdir: Path, baseline_run: Path) -> None:
    measure(logdir, "knn_accuracy", "silhouette")
    first, *others = RunReader(baseline_run).measures("baseline", 0)
    assert (first.measure, first.value) == ("knn_accuracy", 0.9)  # as tests.conftest had it written
    assert [value.measure for value in others] == ["knn_accuracy", "silhouette", "silhouette"]
    exact = knn_accuracy(
        tensor(baseline_run, "baseline", "early", 0), torch.as_tensor(RunReader(baseline_run).probe.labels)
    )
    assert exact != 0.9


def test_a_second_time_nothing_is_computed_and_no_file_changes(logdir: Path) -> None:
    assert measure(logdir).steps == 6
    before = {path: path.read_bytes() for path in logdir.rglob("*") if path.is_file()}
    again = measure(logdir)
    assert (again.steps, again.failures) == (0, ())
    assert {path: path.read_bytes() for path in logdir.rglob("*") if path.is_file()} == before


def test_new_steps_have_only_the_changes_until_the_last_step_computed_again(logdir: Path, baseline_run: Path) -> None:
    measure(logdir)
    before = {step: keys(baseline_run, "baseline", step) for step in (0, 2)}
    add_step(baseline_run, "baseline", 9)
    assert measure(logdir).steps == 3  # none of the other run
    for step in (0, 2):
        after = keys(baseline_run, "baseline", step)
        changed = {what[0] for what in after if after[what] != before[step].get(what)}
        assert changed == {"neighbour_overlap_last", "linear_cka_last"}
    X, last = tensor(baseline_run, "baseline", "late", 2), tensor(baseline_run, "baseline", "late", 9)
    assert value_of(baseline_run, "baseline", 2, "linear_cka_last", "late") == pytest.approx(linear_cka(X, last))
    assert value_of(baseline_run, "baseline", 9, "linear_cka_previous", "late") == pytest.approx(linear_cka(X, last))


def test_what_was_measured_by_name_is_kept_up_to_date_without_being_named_again(
    logdir: Path, distilled_run: Path, baseline_run: Path
) -> None:
    measure(logdir, "rsa")
    with RunWriter(distilled_run) as writer:  # the teacher is another one from the start on
        writer.supersede_from("teacher", 0)
    add_step(distilled_run, "teacher", 0)
    before = keys(baseline_run, "baseline", 2)
    measure(logdir, "mean_norm")
    after = keys(baseline_run, "baseline", 2)
    assert before.keys() == {("rsa", "../distilled", "teacher")}
    assert before.items().isdisjoint(after.items())
    assert after.keys() > before.keys()


def test_a_training_that_goes_back_takes_the_measures_of_its_dead_branch_along(
    logdir: Path, distilled_run: Path
) -> None:
    measure(logdir)
    with RunWriter(distilled_run) as writer:
        writer.supersede_from("student", 1)
    assert not measured_file(distilled_run, "student", 5).exists()
    superseded = distilled_run / "plugins/kd_projector/superseded/0000/measured-student"
    assert sorted(path.name for path in superseded.iterdir()) == ["000000000001.json", "000000000005.json"]


def test_a_model_named_by_the_user_is_compared_with_in_all_runs_of_its_probe(
    logdir: Path, distilled_run: Path, baseline_run: Path
) -> None:
    stranger = write_run(logdir / "stranger", RunRecipe((("net", "baseline", (0,)),), samples=60, fingerprint="a" * 32))
    readers, _ = open_runs(logdir)
    report = measure(
        logdir, "linear_cka", comparisons=named_model("baseline/baseline", readers, str(logdir)), temperature=1.0
    )
    assert report.failures == ()
    assert any(f"{stranger} embeds another probe (aaaaaaaa)" in note for note in report.notes)
    (of,) = {(v.other_model, v.other_run) for v in values_of(distilled_run, "student", 5, "linear_cka")}
    assert of == ("baseline", "../baseline")
    # At step 5 the baseline is as at step 2, its last before that.
    assert value_of(distilled_run, "student", 5, "linear_cka", "late", "baseline", "early") == pytest.approx(
        linear_cka(tensor(distilled_run, "student", "late", 5), tensor(baseline_run, "baseline", "early", 2))
    )
    assert values_of(stranger, "net", 0, "linear_cka") == []
    assert values_of(baseline_run, "baseline", 0, "linear_cka") == []
    with pytest.raises(UsageError, match="nothing to compare it with"):
        named_model("stranger/net", readers, str(logdir))


def test_another_temperature_has_the_divergences_alone_computed_again(logdir: Path, baseline_run: Path) -> None:
    measure(logdir, "outputs")
    before = keys(baseline_run, "baseline", 2)
    at_one = value_of(baseline_run, "baseline", 2, "kl_divergence")
    measure(logdir, "outputs", temperature=4.0)
    after = keys(baseline_run, "baseline", 2)
    assert {what[0] for what in after if after[what] != before[what]} == {
        "kl_divergence",
        "reverse_kl_divergence",
        "js_divergence",
    }
    assert value_of(baseline_run, "baseline", 2, "kl_divergence") < at_one


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


def test_what_is_computed_afterwards_is_what_the_logger_would_have_computed(tmp_path: Path) -> None:
    everything = [name for name, one in CATALOGUE.items() if one.while_training]
    logged_training(tmp_path / "logged" / "run", steps=3, every=1, measures=everything)
    logged_training(tmp_path / "afterwards" / "run", steps=3, every=1, measures=False)
    assert measure(tmp_path / "afterwards", "all").failures == ()
    for model, step in (("teacher", 0), ("student", 0), ("student", 2)):
        logged, afterwards = (
            {value.what: value.value for value in RunReader(tmp_path / name / "run").measures(model, step)}
            for name in ("logged", "afterwards")
        )
        assert {what.measure for what in logged} <= {what.measure for what in afterwards}
        for what, value in logged.items():
            if what.measure == "nc1":  # divides by the least spread of the class means, which float16 blurs here
                continue
            # From float16, which has 11 bits of each number; of shares of some hundred samples, a few may tip over.
            assert afterwards[what] == pytest.approx(value, rel=0.02, abs=0.05), what


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


def test_divergences_without_a_stored_output_layer_are_left_out_with_one_sentence(
    logdir: Path, distilled_run: Path, baseline_run: Path
) -> None:
    with RunWriter(distilled_run) as writer:
        manifest = RunReader(distilled_run).manifest
        hidden = [
            replace(model, layers=tuple(replace(layer, output=False) for layer in model.layers))
            for model in manifest.models
        ]
        writer.write_manifest(replace(manifest, models=tuple(hidden)))
    report = measure(logdir, "outputs")
    assert report.failures == ()
    (note,) = [note for note in report.notes if f"{baseline_run}/baseline" in note]
    assert note.startswith("kl_divergence, reverse_kl_divergence, js_divergence of ")
    assert f"the output layer of {distilled_run}/teacher is not stored" in note


def test_a_damaged_step_costs_itself_alone(logdir: Path, distilled_run: Path) -> None:
    broken = step_file(distilled_run, "student", 1)
    broken.write_bytes(broken.read_bytes()[:-100])  # its header is whole
    report = measure(logdir, "mean_norm", "linear_cka")
    (sentence,) = report.failures
    assert f"step 1 of {distilled_run}/student was not measured" in sentence
    assert "is damaged" in sentence
    assert [bool(values_of(distilled_run, "student", step, "mean_norm")) for step in (0, 1, 5)] == [True, False, True]
    broken.write_bytes(b"rubbish")
    (sentence,) = measure(logdir, "mean_norm").failures
    assert f"step 1 of {distilled_run}/student was not measured" in sentence


def test_a_teacher_that_cannot_be_read_costs_the_comparisons_with_it_alone(
    logdir: Path, distilled_run: Path, baseline_run: Path
) -> None:
    broken = step_file(distilled_run, "teacher", 0)
    broken.write_bytes(broken.read_bytes()[:-100])
    report = measure(distilled_run.parent, "mean_norm", "linear_cka")
    assert any(f"step 2 of {baseline_run}/baseline could not be compared with 'teacher'" in f for f in report.failures)
    assert len(values_of(baseline_run, "baseline", 2, "mean_norm")) == 2
    assert values_of(baseline_run, "baseline", 2, "linear_cka") == []


def test_a_measure_that_breaks_off_costs_itself_alone(
    logdir: Path, baseline_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> list[MeasureValue]:
        raise RuntimeError("the eigenvalues did not converge")

    with monkeypatch.context() as patch:
        patch.setattr("kd_projector.measuring.work.measure_pairs", break_off)
        report = measure(logdir, "mean_norm", "linear_cka")
    assert f"linear_cka of step 2 of {baseline_run}/baseline: the eigenvalues did not converge" in report.failures
    assert len(values_of(baseline_run, "baseline", 2, "mean_norm")) == 2
    assert measure(logdir, "mean_norm", "linear_cka").failures == ()  # tried again
    assert len(values_of(baseline_run, "baseline", 2, "linear_cka")) == 4


def test_a_layer_with_nan_costs_itself_alone_and_is_named_each_time(logdir: Path, baseline_run: Path) -> None:
    early = digits_embedding(120, (1,))
    early[3] = np.nan
    with RunWriter(baseline_run) as writer:
        writer.write_step("baseline", 9, {"early": early, "late": digits_embedding(120, (2,))})
    for _ in range(2):
        (sentence,) = measure(logdir, "mean_norm").failures
        assert "step 9" in sentence
        assert "Layer 'early' of model 'baseline' cannot be measured: NaN" in sentence
    assert [value.layer for value in values_of(baseline_run, "baseline", 9, "mean_norm")] == ["late"]


def test_a_damaged_file_of_measured_values_is_written_anew(logdir: Path, baseline_run: Path) -> None:
    measure(logdir, "mean_norm")
    measured_file(baseline_run, "baseline", 2).write_text("[{")
    with pytest.raises(StoreError, match="is damaged"):
        RunReader(baseline_run).measures("baseline", 2)
    assert measure(logdir, "mean_norm").steps == 1
    assert len(values_of(baseline_run, "baseline", 2, "mean_norm")) == 2


def test_what_another_process_measures_is_left_to_it_with_a_sentence(logdir: Path, baseline_run: Path) -> None:
    with MeasuredWriter(baseline_run):
        report = measure(logdir, "mean_norm")
    (sentence,) = report.failures
    assert f"Another process is measuring {baseline_run}" in sentence
    assert report.steps == 4  # the other run's


def test_a_run_that_cannot_be_written_to_is_named(logdir: Path, baseline_run: Path) -> None:
    (baseline_run / "plugins/kd_projector/measure.lock").mkdir()  # no file can be there, as in a read-only folder
    report = measure(logdir, "mean_norm")
    (sentence,) = report.failures
    assert f"{baseline_run} cannot be written to" in sentence
    assert "copy the run to where you may write" in sentence


def test_a_complete_run_needs_not_be_written_to(logdir: Path, baseline_run: Path) -> None:
    measure(logdir)
    lock = baseline_run / "plugins/kd_projector/measure.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    assert measure(logdir).failures == ()


def test_a_log_directory_can_be_moved_with_all_that_was_measured(logdir: Path, tmp_path: Path) -> None:
    measure(logdir)
    moved = tmp_path / "elsewhere" / "runs"
    moved.parent.mkdir()
    shutil.move(logdir, moved)
    assert measure(moved).steps == 0


def test_a_probe_without_labels_has_what_needs_none(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", RunRecipe((("net", None, (0, 1)),)))  # type: ignore[arg-type]
    with RunWriter(run) as writer:
        writer.write_probe(replace(RunReader(run).probe, labels=None))
    report = measure(tmp_path, "silhouette", "mean_norm")
    assert report.failures == ()
    assert report.notes == (f"silhouette of {run} left out: its probe has no labels.",)
    assert [len(values_of(run, "net", 1, name)) for name in ("silhouette", "mean_norm")] == [0, 2]


def test_a_dask_cluster_measures_too(
    logdir: Path, baseline_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="needs the extra [dask]")
    monkeypatch.chdir(logdir)
    with DaskCluster(workers=1, folder=tmp_path) as cluster:
        readers, _ = open_runs(".")
        report = measure_runs(readers, ["linear_cka"], scheduler=cluster.address, progress=False)
    assert (report.failures, report.steps) == ((), 5)
    assert len(values_of(baseline_run, "baseline", 0, "linear_cka")) == 4


def test_values_are_stored_as_documented(logdir: Path, baseline_run: Path) -> None:
    measure(logdir, "linear_cka", "silhouette")
    entries = json.loads(measured_file(baseline_run, "baseline", 0).read_text())
    assert [(entry["measure"], entry["other_run"], entry["other_model"]) for entry in entries] == [
        ("silhouette", None, None),
        ("linear_cka", "../distilled", "teacher"),
    ]
    assert entries[1]["values"][1].keys() == {"layer", "other_layer", "value"}
    assert len(entries[0]["key"]) == 32
    assert not os.path.exists(measured_file(baseline_run, "teacher", 0))
