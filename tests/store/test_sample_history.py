"""One sample's outputs over the steps: the same as whole columns say, whatever happens to the files meanwhile."""

from __future__ import annotations

import uuid
from pathlib import Path

import fsspec
import numpy as np
import pytest

from kd_projector.errors import StoreError
from kd_projector.store import LayerInfo, Manifest, ModelInfo, RunReader, RunWriter
from kd_projector.store.sample_history import SampleHistories

SAMPLES = 40
MODEL = ModelInfo("student", "student", False, tuple(LayerInfo(f"layer{i}", 2, (2,), "mean") for i in range(90)))


def write(run: Path | str, steps: range, seed: int = 0, layers: int = 90) -> None:
    """As many layers as make a long header, and columns that differ from step to step."""
    rng = np.random.default_rng(seed)
    with RunWriter(run) as writer:
        writer.write_manifest(Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "f" * 32, SAMPLES, (MODEL,)))
        for step in steps:
            columns = {
                "prediction": rng.integers(0, 10, SAMPLES).astype(np.int32),
                "confidence": rng.random(SAMPLES, np.float32),
                **({} if step % 2 else {"loss": rng.random(SAMPLES, np.float32)}),
            }
            writer.write_step("student", step, {f"layer{i}": np.ones((SAMPLES, 2)) for i in range(layers)}, columns)


def expected(run: Path | str, sample: int) -> dict[str, list[float]]:
    reader = RunReader(run)
    outputs = [reader.outputs("student", step) for step in reader.steps("student")]
    names = {name for columns in outputs for name in columns}
    return {
        name: [float(columns[name][sample]) if name in columns else np.nan for columns in outputs] for name in names
    }


def assert_as_expected(histories: SampleHistories, run: Path | str, sample: int) -> None:
    history = histories.history(RunReader(run), "student", sample)
    assert history.steps == RunReader(run).steps("student")
    columns = expected(run, sample)
    assert history.columns.keys() == columns.keys()
    for name, column in columns.items():
        np.testing.assert_array_equal(history.columns[name], column, name)


@pytest.mark.parametrize("layers", [1, 90])
@pytest.mark.parametrize("place", ["folder", "memory"])
def test_a_history_is_what_the_columns_say(place: str, layers: int, tmp_path: Path) -> None:
    run = tmp_path if place == "folder" else f"memory://{uuid.uuid4().hex}/run"
    write(run, range(5), layers=layers)
    histories = SampleHistories()
    for sample in (0, 17, SAMPLES - 1):
        assert_as_expected(histories, run, sample)
    assert "entropy" not in expected(run, 0)


def test_new_steps_and_steps_that_are_written_anew_are_noticed(tmp_path: Path) -> None:
    histories = SampleHistories()
    write(tmp_path, range(3))
    assert_as_expected(histories, tmp_path, 3)
    write(tmp_path, range(3, 6))
    assert_as_expected(histories, tmp_path, 3)
    with RunWriter(tmp_path) as writer:
        writer.supersede_from("student", 2)
    write(tmp_path, range(2, 4), seed=1, layers=7)  # where the columns begin has changed
    assert_as_expected(histories, tmp_path, 3)


@pytest.mark.parametrize("damage", [b"", b"\xff" * 30, b"\x10\0\0\0\0\0\0\0{not JSON", b"\xff\xff\xff\x04\0\0\0\0{}"])
def test_a_damaged_step_costs_its_own_values(damage: bytes, tmp_path: Path) -> None:
    write(tmp_path, range(3))
    whole = SampleHistories().history(RunReader(tmp_path), "student", 3).columns["confidence"]
    path = Path(RunReader(tmp_path).folder.step_file("student", 1))
    path.write_bytes(damage)
    history = SampleHistories().history(RunReader(tmp_path), "student", 3)
    assert history.steps == [0, 1, 2]
    np.testing.assert_array_equal(history.columns["confidence"], [whole[0], np.nan, whole[2]])


def test_a_file_that_is_cut_off_has_no_values_from_there_on(tmp_path: Path) -> None:
    write(tmp_path, range(1))
    path = Path(RunReader(tmp_path).folder.step_file("student", 0))
    data = path.read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    path.write_bytes(data[: header + 2])
    assert SampleHistories().history(RunReader(tmp_path), "student", 0).columns == {}


def test_only_so_many_files_are_remembered(tmp_path: Path) -> None:
    write(tmp_path, range(6))
    histories = SampleHistories(most_files=4)
    for sample in range(3):
        assert_as_expected(histories, tmp_path, sample)
    assert len(histories._known) == 4


def test_no_embedding_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = f"memory://{uuid.uuid4().hex}/run"
    write(run, range(4))
    histories = SampleHistories()
    histories.history(RunReader(run), "student", 3)
    asked: list[int] = []
    fs = fsspec.filesystem("memory")
    cat_file = fs.cat_file

    def counted(path: str, start: int | None = None, end: int | None = None, **options: object) -> bytes:
        data: bytes = cat_file(path, start=start, end=end, **options)
        if path.endswith(".safetensors"):
            asked.append(len(data))
        return data

    monkeypatch.setattr(fs, "cat_file", counted)
    histories.history(RunReader(run), "student", 7)
    assert asked == [4] * (3 + 2 + 3 + 2)  # a value of each column, nothing else: where they are is known


def test_a_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    write(tmp_path, range(1))
    with pytest.raises(StoreError, match="No model 'nobody'"):
        SampleHistories().history(RunReader(tmp_path), "nobody", 0)
