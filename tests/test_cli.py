"""The command: exit status 0, or 2 with one sentence for wrong use."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kd_projector.cli import main
from kd_projector.jobs.batch import methods_for
from kd_projector.jobs.named_reference import references_by_name
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.work import pin
from kd_projector.projection.request import EmbeddingRef
from kd_projector.store import FrameStore, RunReader, RunWriter
from tests.conftest import RunRecipe, digits_embedding, write_run
from tests.jobs.worker_processes import children_of, wait_for_end, workers_of


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


def test_project_makes_maps_of_three_dimensions(baseline_run: Path) -> None:
    assert main(["project", str(baseline_run), "--method", "pca", "--dimensions", "3", "--workers", "1"]) == 0
    readers = [RunReader(baseline_run)]
    jobs = [pin(frame) for frame in frames_of(readers, ["pca"], components=3)]
    assert jobs
    for job in jobs:
        frame = FrameStore(baseline_run).get(job.key)
        assert frame is not None
        assert frame.coordinates.shape == (120, 3)
    assert not any(pin(frame).is_done for frame in frames_of(readers, ["pca"]))


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
        (["measure", "nowhere"], "There is no log directory 'nowhere'"),
        (["measure", "RUN", "--measure", "magic"], "There is no measure called 'magic'. There are knn_accuracy"),
        (["measure", "RUN/..", "--against", "other/teacher"], "no such run; there are 'baseline' (written RUN/MODEL)"),
        (
            ["measure", "RUN/..", "--against", "baseline/teacher"],
            "no such model in run 'baseline'; there are 'baseline'",
        ),
        (["measure", "RUN/..", "--against", "baseline/baseline"], "there is nothing to compare it with"),
        (["project", "RUN", "--mode", "sideways"], "No mode 'sideways'; there are readout, independent"),
        (["project", "RUN", "--method", "pca", "--mode", "readout"], "'pca' has no mode 'readout'; it has rigid"),
        (["project", "RUN/..", "--reference", "other/baseline/early"], "no such run; there are 'baseline'"),
        (["project", "RUN/..", "--reference", "baseline/student/early"], "no such model in run 'baseline'; there are"),
        (["project", "RUN/..", "--reference", "baseline/baseline/first"], "'first' in model 'baseline'; there are"),
        (
            ["project", "RUN/..", "--reference", "baseline/baseline/late@1"],
            "no step '1' of model 'baseline'; there are 0, 2",
        ),
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
    assert main([word.replace("RUN", str(baseline_run)) for word in arguments]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said


def test_project_lays_all_maps_onto_the_embedding_that_is_named(distilled_run: Path, baseline_run: Path) -> None:
    logdir = str(distilled_run.parent)
    for name, step in (("distilled/student/early@1", 1), ("distilled/student/early", 5)):
        assert main(["project", logdir, "--method", "pca", "--reference", name, "--workers", "1"]) == 0
        reference = EmbeddingRef(str(distilled_run), "student", "early", step)
        frames = frames_of([RunReader(distilled_run), RunReader(baseline_run)], ["pca"], None, {"f" * 32: reference})
        assert all(pin(frame).is_done for frame in frames)


def test_a_run_that_is_the_log_directory_itself_needs_no_name(baseline_run: Path) -> None:
    reader = RunReader(baseline_run)
    for name in ("baseline/late@0", "./baseline/late@0"):
        (reference,) = references_by_name(name, [reader], str(baseline_run)).values()
        assert reference == EmbeddingRef(str(baseline_run), "baseline", "late", 0)


def test_project_makes_the_maps_of_a_mode_by_the_methods_that_have_it(baseline_run: Path) -> None:
    assert methods_for(None, "independent") == (["tsne", "ivis"], "independent")
    assert main(["project", str(baseline_run), "--method", "tsne", "--mode", "anchored", "--workers", "1"]) == 0
    frames = frames_of([RunReader(baseline_run)], ["tsne"], "anchored")
    assert all(pin(frame).is_done for frame in frames)


def test_an_interrupted_project_ends_at_once_and_leaves_whole_maps_and_no_process(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", RunRecipe((("teacher", "teacher", tuple(range(20))),), samples=1700))
    projections = run / "plugins/kd_projector/projections"
    command = subprocess.Popen(
        [sys.executable, "-m", "kd_projector.cli", "project", str(tmp_path), "--method", "tsne", "--workers", "2"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert command.stderr is not None
    while not list(projections.glob("*.safetensors")):
        assert command.stderr.read(1)  # its progress bar moves
    assert workers_of(command.pid)
    watchers = [os.pidfd_open(child) for child in children_of(command.pid)]
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does, to the workers too
    said = command.communicate(timeout=30)[1]
    assert command.returncode == 130
    assert "what is finished is kept" in said
    assert "Traceback" not in said
    for watcher in watchers:
        wait_for_end(watcher)
    left = list(projections.iterdir())
    assert all(FrameStore(run).has(path.stem) for path in left), left
    assert 1 <= len(left) < 40


def test_two_projects_of_one_log_directory_at_once_share_the_work(distilled_run: Path, baseline_run: Path) -> None:
    arguments = ["project", str(distilled_run.parent), "--method", "pca", "--method", "tsne", "--workers", "1"]
    both = [
        subprocess.Popen([sys.executable, "-m", "kd_projector.cli", *arguments], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [command.communicate(timeout=120)[1] for command in both]
    assert [command.returncode for command in both] == [0, 0], said
    frames = frames_of([RunReader(distilled_run), RunReader(baseline_run)], ["pca", "tsne"])
    assert all(pin(frame).is_done for frame in frames)
    for run in (distilled_run, baseline_run):
        left = [path.suffix for path in (run / "plugins/kd_projector/projections").iterdir()]
        assert set(left) == {".safetensors"}


def test_measure_computes_what_is_missing_in_worker_processes_and_show_tells(
    distilled_run: Path, baseline_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logdir = str(distilled_run.parent)
    arguments = ["measure", logdir, "--measure", "linear_cka", "--measure", "change", "--workers", "2"]
    assert main([*arguments, "--against", "distilled/teacher"]) == 0
    for run, model, step in ((distilled_run, "student", 5), (baseline_run, "baseline", 2)):
        names = {value.measure for value in RunReader(run).measures(model, step)}
        assert names >= {"linear_cka", "linear_cka_previous", "neighbour_overlap_last"}
    assert "nothing to measure" not in capsys.readouterr().out
    assert main([*arguments, "--against", "distilled/teacher"]) == 0
    assert capsys.readouterr().out == "There is nothing to measure: all of it is there and up to date.\n"
    assert main(["show", logdir]) == 0
    assert "measured  2 steps, afterwards" in capsys.readouterr().out


def test_measure_names_the_step_that_it_cannot_read_and_the_status_tells(
    baseline_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (baseline_run / "plugins/kd_projector/steps/baseline/000000000000.safetensors").write_bytes(b"rubbish")
    assert main(["measure", str(baseline_run), "--measure", "geometry", "--workers", "1"]) == 1
    assert f"step 0 of {baseline_run}/baseline was not measured" in capsys.readouterr().err
    assert any(value.measure == "mean_norm" for value in RunReader(baseline_run).measures("baseline", 2))


@pytest.mark.parametrize("blow", ["Ctrl-C", "a killed worker"])
def test_a_measuring_that_is_hit_keeps_what_is_finished(tmp_path: Path, blow: str) -> None:
    run = write_run(tmp_path / "run", RunRecipe((("student", "student", tuple(range(12))),), samples=1700))
    measured = run / "plugins/kd_projector/measured/student"
    arguments = ["measure", str(tmp_path), "--measure", "class_structure", "--measure", "geometry", "--workers", "2"]
    command = subprocess.Popen(
        [sys.executable, "-m", "kd_projector.cli", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert command.stderr is not None
    while not measured.is_dir() or not list(measured.glob("*.json")):
        assert command.stderr.read(1)  # its progress bar moves
    if blow == "Ctrl-C":
        watchers = [os.pidfd_open(child) for child in children_of(command.pid)]
        os.killpg(command.pid, signal.SIGINT)
    else:
        os.kill(workers_of(command.pid)[0], signal.SIGKILL)
    said = command.communicate(timeout=60)[1]
    assert "Traceback" not in said
    left = sorted(measured.iterdir())
    steps = [int(path.stem) for path in left]  # no partial file
    assert all(RunReader(run).measured("student", step) for step in steps)
    if blow == "Ctrl-C":
        assert (command.returncode, "what is finished is kept" in said) == (130, True)
        assert 1 <= len(steps) < 12
        for watcher in watchers:
            wait_for_end(watcher)
    else:
        assert (command.returncode, steps) == (0, list(range(12)))


@pytest.mark.parametrize("temperature", ["0", "-1", "hot", "inf", "nan"])
def test_a_senseless_temperature_is_refused(temperature: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["measure", ".", f"--temperature={temperature}"])
    assert ended.value.code == 2
    assert "is not a number above 0" in capsys.readouterr().err


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
