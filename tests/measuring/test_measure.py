"""Measuring stored runs: what is computed, and against whom."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from kd_projector.errors import UsageError
from kd_projector.measures.agreement import kl_divergence
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.neighbours import neighbour_overlap
from kd_projector.measures.similarity import linear_cka
from kd_projector.measuring.batch import measure_runs
from kd_projector.measuring.comparison import named_model
from kd_projector.store import RunReader, RunWriter
from kd_projector.store.discovery import open_runs
from tests.conftest import RunRecipe, write_run
from tests.jobs.dask_cluster import DaskCluster
from tests.logger.training import logged_training
from tests.measuring.stored_runs import (
    LAYERS,
    measure,
    measured_file,
    tensor,
    value_of,
    values_of,
)


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


def test_unless_told_what_all_that_layers_are_compared_by_and_changes_and_the_loggers_defaults_are_computed(
    logdir: Path, baseline_run: Path
) -> None:
    measure(logdir)
    of_layers = {what.measure for what in RunReader(baseline_run).measures("baseline", 2) if what.layer is not None}
    expected = {
        name
        for name, one in CATALOGUE.items()
        if one.scope != "output" and (one.default or one.group in ("similarity", "change"))
    }
    assert of_layers == expected
    assert "rsa" in of_layers


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
