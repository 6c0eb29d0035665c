"""The whole study at its smallest: what it writes, that it goes on where it stopped, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from paper_study import cell
from paper_study.evidence import gather
from paper_study.settings import Cell, Folder, Settings
from paper_study.study import main
from PIL import Image

from kd_projector.errors import StoreError, UsageError
from kd_projector.store import RunReader

SMALLEST = "--students d3w8 --methods kd at --budgets few --seeds 2 --steps 4 --batch 16 --probed-steps 2 --workers 1"


def files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("study") / "out"
    assert main([*SMALLEST.split(), "--out", str(out)]) == 0
    return out


def test_every_cell_is_a_run_with_the_teacher_beside_the_student_and_one_probe(studied: Path) -> None:
    runs = sorted(path.relative_to(studied / "runs") for path in (studied / "runs").glob("*/*/*/*"))
    assert [str(run) for run in runs] == [
        f"d3w8/limited/seed{seed}/{method}" for seed in range(2) for method in ("at", "baseline", "kd")
    ]
    readers = [RunReader(studied / "runs" / run) for run in runs]
    assert len({reader.manifest.probe_fingerprint for reader in readers}) == 1
    for reader in readers:
        taught = "baseline" if "baseline" in str(reader.folder.run_dir) else "student"
        assert {model.name: model.role for model in reader.manifest.models} == {"teacher": "teacher", taught: taught}
        assert reader.steps(taught) == [0, 4]
        assert any(value.measure == "linear_cka" for value in reader.measures(taught, 4))


def test_what_was_recorded_shows_that_pairs_are_pairs(studied: Path) -> None:
    records = [json.loads(path.read_text()) for path in (studied / "cells").rglob("*.json")]
    for seed in range(2):
        of_seed = [record for record in records if record["cell"]["seed"] == seed]
        assert len(of_seed) == 3
        assert len({record["initial_weights"] for record in of_seed}) == 1
        assert len({record["labelled_batches"] for record in of_seed}) == 1
        runs = [RunReader(studied / "runs" / f"d3w8/limited/seed{seed}/{name}") for name in ("baseline", "kd", "at")]
        starts = [reader.embedding(reader.models[1], "embedding", 0) for reader in runs]
        assert (starts[0] == starts[1]).all()
        assert (starts[0] == starts[2]).all()
    assert len({record["initial_weights"] for record in records}) == 2


def test_the_csv_has_each_number_once_as_the_runs_have_it(studied: Path) -> None:
    with (studied / "study.csv").open() as file:
        rows = list(csv.DictReader(file))
    keys = [tuple(row[name] for name in list(row)[:-1]) for row in rows]
    assert len(keys) == len(set(keys))
    students = [row for row in rows if row["role"] != "teacher"]
    assert len(students) == 2 * 3 * (4 * 3 + 1)  # seeds x methods x (layers x measures, and the test accuracy)
    reader = RunReader(studied / "runs/d3w8/limited/seed1/kd")
    stored = {(v.layer, v.measure): v.value for v in reader.measures("student", 4)}
    found = [row for row in students if (row["method"], row["seed"]) == ("kd", "1") and row["layer"]]
    assert len(found) == 12
    assert all(float(row["value"]) == stored[row["layer"], row["measure"]] for row in found)
    assert {row["relative_depth"] for row in found} == {"0.25", "0.5", "0.75", "1.0"}


def test_the_report_begins_with_the_verdict_and_shows_figures_that_are_there(studied: Path) -> None:
    report = (studied / "report.md").read_text()
    assert report.index("## Verdict") < report.index("## By method") < report.index("## Settings")
    assert "| Earlier layers | few labels |" in report
    assert " of 2 (uncorrected ✔ " in report
    assert "The control, with all labels, is not part of this run." in report
    assert report.count("<details>") == 2
    pictures = re.findall(r"!\[[^]]+]\(([^)]+)\)", report)
    assert len(pictures) == 4
    for picture in pictures:
        with Image.open(studied / picture) as image:
            assert image.width > 500


def test_started_again_it_trains_nothing_and_reports_the_same(studied: Path) -> None:
    trained = {**files(studied / "runs"), **files(studied / "cells"), **files(studied / "teachers")}
    told = (studied / "report.md").read_text().split("## Settings")[0]
    assert main([*SMALLEST.split(), "--out", str(studied)]) == 0
    assert {**files(studied / "runs"), **files(studied / "cells"), **files(studied / "teachers")} == trained
    assert (studied / "report.md").read_text().split("## Settings")[0] == told


def test_a_cell_that_was_cut_short_is_trained_anew_and_no_other(studied: Path) -> None:
    record = studied / "cells/d3w8/limited/seed0/kd.json"
    before = json.loads(record.read_text())
    rest = {path: time for path, time in files(studied / "cells").items() if path != record}
    record.unlink()  # as when it was killed: a run, but no record that it was finished
    assert main([*SMALLEST.split(), "--out", str(studied)]) == 0
    after = json.loads(record.read_text())
    assert {path: time for path, time in files(studied / "cells").items() if path != record} == rest
    assert after["test_accuracy"] == before["test_accuracy"]
    assert RunReader(studied / "runs/d3w8/limited/seed0/kd").revision() == 0  # begun anew, not resumed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--probed-steps", "1"], "--probed-steps is 1 but must be at least 2"),
        (["--budgets", "limited"], "No budget 'limited': give some of few, all"),
        (["--steps", "5"], "holds a study with other settings (steps 4, now 5)"),
        (["--methods", "magic"], "No method 'magic'"),
        (["--students", "d4w8"], "No network 'd4w8'"),
        (["--data", "cifar10"], "needs --root"),
        (["--share", "90"], "--share is 90.0"),
        (["--labels-per-class", "500"], "fewer than --labels-per-class 500"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(
    studied: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALLEST.split(), "--out", str(studied), *arguments]) == 2
    assert sentence in capsys.readouterr().err


def copied(studied: Path, tmp_path: Path) -> Path:
    shutil.copytree(studied, tmp_path / "out")
    return tmp_path / "out"


def edit(path: Path, **changed: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


@pytest.mark.parametrize(
    "changed", [{"teacher": "another"}, {"torch": "1.0"}, {"device": "cuda"}, {"labelled_batches": "others"}]
)
def test_pairs_that_differ_in_more_than_the_method_are_not_compared(
    studied: Path, tmp_path: Path, changed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = copied(studied, tmp_path)
    edit(out / "cells/d3w8/limited/seed1/kd.json", **changed)
    assert main([*SMALLEST.split(), "--out", str(out)]) == 2
    assert f"do not have the same {next(iter(changed)).replace('_', ' ')}" in capsys.readouterr().err


def test_records_of_before_teacher_torch_and_device_were_recorded_are_still_reported(
    studied: Path, tmp_path: Path
) -> None:
    out = copied(studied, tmp_path)
    for path in (out / "cells").rglob("*.json"):
        record = json.loads(path.read_text())
        path.write_text(json.dumps({k: v for k, v in record.items() if k not in ("teacher", "torch", "device")}))
    settings = json.loads((out / "settings.json").read_text())
    (out / "settings.json").write_text(json.dumps({k: v for k, v in settings.items() if k != "flips"}))
    assert main([*SMALLEST.split(), "--out", str(out)]) == 0
    assert (out / "study.csv").read_text() == (studied / "study.csv").read_text()


def test_a_run_that_ends_before_its_training_is_not_judged(studied: Path, tmp_path: Path) -> None:
    out = copied(studied, tmp_path)
    settings = Settings(**{**json.loads((out / "settings.json").read_text()), "steps": 40})
    with pytest.raises(StoreError, match="trained for 40 steps, but the last that its run holds is 4"):
        gather(Folder(out), settings, [Cell("d3w8", "kd", "limited", 0)])


def test_trainings_that_failed_are_counted_beside_the_verdict_and_named(studied: Path, tmp_path: Path) -> None:
    out = copied(studied, tmp_path)
    (out / "cells/d3w8/limited/seed1/kd.json").unlink()
    run = out / "runs/d3w8/limited/seed1/kd"
    shutil.rmtree(run)
    run.write_text("a file where the run's folder belongs")
    assert main([*SMALLEST.split(), "--out", str(out)]) == 1
    report = (out / "report.md").read_text()
    assert "**1 training failed or is missing**" in report
    assert "- d3w8/limited/seed1/kd failed: " in report


def test_a_study_goes_on_with_another_gpu_but_not_with_a_cpu(tmp_path: Path) -> None:
    Folder(tmp_path).claim(Settings(steps=2, device="cuda:0"))
    Folder(tmp_path).claim(Settings(steps=2, device="cuda:1"))
    with pytest.raises(UsageError, match="device 'cuda:0', now 'cpu'"):
        Folder(tmp_path).claim(Settings(steps=2, device="cpu"))


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert main([*SMALLEST.split(), "--out", str(tmp_path)]) == 2
    assert "is not empty and holds no study" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_two_studies_of_one_folder_train_each_cell_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(steps=3, batch=8, probed_steps=2)
    folder, work = Folder(tmp_path), Cell("d3w8", "kd", "limited", 0)
    second = threading.Thread(target=cell.make_student, args=(folder, settings, work))
    second_has_looked = threading.Event()
    trained = []
    look, train = cell.is_done, cell.train_student

    def is_done(*what: Any) -> bool:
        found = look(*what)
        if threading.current_thread() is second and what[1] == work:
            second_has_looked.set()
        return found

    def train_student(*what: Any) -> None:
        trained.append(threading.current_thread())
        if len(trained) == 1:
            second.start()
            assert second_has_looked.wait(60)  # and found the cell not done
        train(*what)

    monkeypatch.setattr(cell, "is_done", is_done)
    monkeypatch.setattr(cell, "train_student", train_student)
    cell.make_student(folder, settings, work)
    second.join(60)
    assert not second.is_alive()
    assert trained == [threading.current_thread()]
    assert RunReader(folder.run(work)).steps("student") == [0, 3]
