"""What is measured once is not computed again, unless it is out of date."""

import shutil
from pathlib import Path

import pytest
import torch

from kd_projector.measures.neighbours import knn_accuracy
from kd_projector.measures.similarity import linear_cka
from kd_projector.store import MeasureValue, RunReader, RunWriter
from tests.conftest import digits_embedding
from tests.measuring.stored_runs import (
    LAYERS,
    add_step,
    keys,
    measure,
    measured_file,
    tensor,
    value_of,
    values_of,
)


def test_what_the_logger_has_is_not_computed_again_and_comes_first(logdir: Path, baseline_run: Path) -> None:
    measure(logdir, "knn_accuracy", "silhouette")
    first, *others = RunReader(baseline_run).measures("baseline", 0)
    assert (first.measure, first.value) == ("knn_accuracy", 0.9)  # as tests.conftest had it written
    assert [value.measure for value in others] == ["knn_accuracy", "silhouette", "silhouette"]
    exact = knn_accuracy(
        tensor(baseline_run, "baseline", "early", 0), torch.as_tensor(RunReader(baseline_run).probe.labels)
    )
    assert exact != 0.9


def test_what_the_logger_could_not_measure_of_single_layers_is_filled_in(
    logdir: Path, distilled_run: Path, baseline_run: Path
) -> None:
    embeddings = {name: digits_embedding(120, (9, i)) for i, name in enumerate(LAYERS)}
    some = [
        MeasureValue("silhouette", 0.5, "early"),
        MeasureValue("mean_norm", 1.0, "early"),
        MeasureValue("mean_norm", 2.0, "late"),
        MeasureValue("linear_cka", 0.75, "early", "teacher", "early"),
    ]
    with RunWriter(distilled_run) as writer:
        writer.write_step("student", 9, embeddings, {}, some)
    measure(logdir, "silhouette", "mean_norm", "linear_cka")
    assert {what[0] for what in keys(distilled_run, "student", 9)} == {"silhouette", "linear_cka"}
    assert value_of(distilled_run, "student", 9, "silhouette", "early") == 0.5  # the logger's stay
    assert value_of(distilled_run, "student", 9, "linear_cka", "early", "teacher", "early") == 0.75
    assert len(values_of(distilled_run, "student", 9, "silhouette")) == 2
    assert len(values_of(distilled_run, "student", 9, "linear_cka")) == 4
    assert measure(logdir, "silhouette", "mean_norm", "linear_cka").steps == 0


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
