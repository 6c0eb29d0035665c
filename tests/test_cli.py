"""The command: exit status 0, or 2 with one sentence for wrong use."""

from pathlib import Path

import pytest

from kd_projector.cli import main
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.work import pin
from kd_projector.store import RunReader, RunWriter
from tests.conftest import digits_embedding


def test_show_lists_runs_models_layers_and_steps(
    distilled_run: Path, baseline_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(distilled_run.parent)]) == 0
    shown = capsys.readouterr().out
    for fact in (str(distilled_run), str(baseline_run), "120 samples", "3 steps, 0 to 5", "early (16)", "baseline"):
        assert fact in shown


def test_project_makes_every_map_of_the_methods_asked_for(distilled_run: Path, baseline_run: Path) -> None:
    assert main(["project", str(distilled_run.parent), "--method", "pca", "--workers", "1"]) == 0
    frames = frames_of([RunReader(distilled_run), RunReader(baseline_run)], ["pca"])
    assert all(pin(frame).is_done for frame in frames)
    assert not any(pin(frame).is_done for frame in frames_of([RunReader(baseline_run)], ["tsne"]))


def test_a_map_that_cannot_be_made_is_named_and_the_status_tells(
    baseline_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = digits_embedding(120, (1,))
    broken[0] = float("nan")
    with RunWriter(baseline_run) as writer:
        writer.write_step("baseline", 9, {"early": broken, "late": digits_embedding(120, (2,))})
    assert main(["project", str(baseline_run), "--method", "pca", "--workers", "1"]) == 1
    assert "step=9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "nowhere"], "There is no log directory 'nowhere'"),
        (["show", "."], "There is no run with kd_projector data"),
        (["project", "RUN", "--method", "magic"], "No projection method 'magic'; there are tsne"),
        (["project", "nowhere"], "There is no log directory"),
    ],
)
def test_wrong_use_ends_with_status_2_and_one_sentence(
    arguments: list[str],
    sentence: str,
    baseline_run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert main([str(baseline_run) if word == "RUN" else word for word in arguments]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said


@pytest.mark.parametrize("workers", ["0", "-1", "two"])
def test_a_senseless_number_of_workers_is_refused(workers: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["project", ".", "--workers", workers])
    assert ended.value.code == 2
    assert "whole number" in capsys.readouterr().err


def test_the_demo_does_not_touch_what_is_not_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    precious = tmp_path / "baseline" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("two years of work")
    assert main(["demo", str(tmp_path), "--no-serve"]) == 2
    assert "is in the way" in capsys.readouterr().err
    assert precious.read_text() == "two years of work"


def test_damaged_files_cost_their_own_run_or_step_only(
    distilled_run: Path, baseline_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (baseline_run / "plugins/kd_projector/manifest.json").write_text("{")
    (distilled_run / "plugins/kd_projector/steps/student/000000000001.safetensors").write_bytes(b"rubbish")
    logdir = str(distilled_run.parent)
    assert main(["show", logdir]) == 1
    shown = capsys.readouterr()
    assert "3 steps, 0 to 5" in shown.out
    assert "manifest.json is damaged" in shown.err
    assert main(["project", logdir, "--method", "pca", "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert "manifest.json is damaged" in said
    assert "step=1) failed" in said
    whole = [
        f
        for f in frames_of([RunReader(distilled_run)], ["pca"])
        if (f.embedding.model, f.embedding.step) != ("student", 1)
    ]
    assert all(pin(frame).is_done for frame in whole)
