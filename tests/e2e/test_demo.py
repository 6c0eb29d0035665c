"""The demo command, as a newcomer runs it (shorter)."""

from pathlib import Path

from kd_projector.demo.network import LAYERS
from kd_projector.jobs.plan import frames_of
from kd_projector.jobs.work import pin
from kd_projector.store.discovery import open_runs


def test_it_ends_with_a_table_of_test_and_knn_accuracies(demo: tuple[Path, str]) -> None:
    _, printed = demo
    rows = {
        line.split()[0]: line for line in printed.splitlines() if line.startswith(("teacher", "student", "baseline"))
    }
    accuracies = {name: float(row.split()[1].rstrip("%")) for name, row in rows.items()}
    assert set(accuracies) == {"teacher", "student", "baseline"}
    assert accuracies["teacher"] > 90
    assert accuracies["teacher"] > accuracies["baseline"]
    assert all(row.count("%") == 1 + len(LAYERS) for row in rows.values())


def test_its_runs_hold_three_models_on_one_probe_with_thumbnails(demo: tuple[Path, str]) -> None:
    baseline, distilled = open_runs(demo[0])[0]
    assert (baseline.models, distilled.models) == (["baseline"], ["teacher", "student"])
    assert baseline.manifest.probe_fingerprint == distilled.manifest.probe_fingerprint
    assert baseline.steps("baseline") == distilled.steps("student")
    assert len(baseline.steps("baseline")) == 5
    assert distilled.layers("teacher") == list(LAYERS)
    assert distilled.probe.size == 899
    assert distilled.probe.thumbnails is not None


def test_every_map_of_every_method_is_there(demo: tuple[Path, str]) -> None:
    frames = frames_of(open_runs(demo[0])[0], ["tsne", "ivis", "pca"])
    assert len(frames) == 3 * (5 + 5 * 5 + 5 * 5)
    assert all(pin(frame).is_done for frame in frames)
