"""What cannot be read, measured or written costs itself alone, and is said."""

from pathlib import Path

import numpy as np
import pytest

from kd_projector.errors import StoreError
from kd_projector.store import MeasuredWriter, MeasureValue, RunReader, RunWriter
from tests.conftest import digits_embedding
from tests.measuring.stored_runs import (
    measure,
    measured_file,
    step_file,
    values_of,
)


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
