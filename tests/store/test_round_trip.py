"""What is written is what is read, on any file system, by whatever name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kd_projector.errors import StoreError
from kd_projector.store import (
    Frame,
    FrameStore,
    LayerInfo,
    Manifest,
    Measured,
    MeasuredWriter,
    MeasureValue,
    ModelInfo,
    ProbeRecord,
    RunReader,
    RunWriter,
    Thumbnails,
    tensors,
)
from kd_projector.store.layout import RunFolder
from kd_projector.store.other_run import located, place, seen_from
from kd_projector.store.tensors import decode
from kd_projector.store.writer import is_being_written

SINGLE = st.floats(width=32, allow_nan=True, allow_infinity=True)
EMBEDDINGS = hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=SINGLE)


def manifest_of(*models: ModelInfo) -> Manifest:
    return Manifest("0.1.0", "2026-01-01T00:00:00+00:00", "f" * 32, 3, models, {"every": "every step"}, {"lost": 2})


def model_of(name: str, *layers: str) -> ModelInfo:
    return ModelInfo(name, "student", False, tuple(LayerInfo(layer, 4, (4, 2, 2), "mean") for layer in layers))


@given(EMBEDDINGS)
def test_half_precision_keeps_what_float16_can_and_never_makes_a_finite_value_infinite(embedding: np.ndarray) -> None:
    stored = tensors.half_precision(embedding)
    finite = np.isfinite(embedding)
    np.testing.assert_array_equal(np.isfinite(stored), finite)
    np.testing.assert_array_equal(np.isnan(stored), np.isnan(embedding))
    np.testing.assert_allclose(stored[finite].astype(np.float64), embedding[finite], rtol=2**-10, atol=2**-24)


@given(st.dictionaries(st.text(min_size=1, max_size=8), EMBEDDINGS, min_size=1, max_size=3))
def test_tensors_come_back_as_they_went_under_any_name(arrays: dict[str, np.ndarray]) -> None:
    arrays.pop("__metadata__", None)
    back, metadata = tensors.decode(tensors.encode(arrays, {"names": sorted(arrays)}), "a file")
    assert metadata == {"names": sorted(arrays)}
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert tensors.digest(back[name]) == tensors.digest(array)


def test_a_probe_of_samples_alone_without_labels_metadata_and_pictures_can_be_read(tmp_path: Path) -> None:
    probe = ProbeRecord("f" * 32, ("a", "b", "c"), None, None, {})
    with RunWriter(tmp_path / "run") as writer:
        writer.write_probe(probe)
        writer.write_manifest(manifest_of(model_of("net", "layer")))
    back = RunReader(tmp_path / "run").probe
    assert (back.ids, back.labels, back.metadata, back.thumbnails) == (probe.ids, None, {}, None)


@given(EMBEDDINGS, EMBEDDINGS)
def test_digests_agree_exactly_where_shapes_and_bytes_do(one: np.ndarray, other: np.ndarray) -> None:
    same = one.shape == other.shape and one.tobytes() == other.tobytes()
    assert (tensors.digest(one) == tensors.digest(other)) == same


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_damaged_files_are_reported_as_damaged_whatever_they_hold(data: bytes) -> None:
    with pytest.raises(StoreError, match=r"here\.safetensors is damaged"):
        tensors.decode(data, "here.safetensors")


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=12).filter(lambda name: not name.startswith(".") and "\0" not in name))
def test_models_of_any_name_stay_within_the_run(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    run = tmp_path_factory.mktemp("run")
    try:
        name.encode()
    except UnicodeEncodeError:  # half a surrogate pair is no name that any file could have
        return
    with RunWriter(run) as writer:
        writer.write_manifest(manifest_of(model_of(name, "layer")))
        writer.write_step(name, 3, {"layer": np.ones((3, 4))}, {}, [MeasureValue("accuracy", 0.5)])
    reader = RunReader(run)
    assert reader.models == [name]
    assert reader.steps(name) == [3]
    assert reader.measures(name, 3) == [MeasureValue("accuracy", 0.5)]
    (file,) = run.rglob("*.safetensors")
    assert file.parent.parent == run / "plugins" / "kd_projector" / "steps"


@pytest.mark.parametrize("name", ["", ".", "..", "../other"])
def test_names_that_would_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    with RunWriter(tmp_path) as writer, pytest.raises(StoreError, match="cannot be called"):
        writer.write_step(name, 0, {"layer": np.ones((3, 4))})


@pytest.mark.parametrize("where", ["a folder", "memory"])
def test_a_whole_run_comes_back(tmp_path: Path, where: str) -> None:
    run_dir = str(tmp_path / "run") if where == "a folder" else f"memory://{tmp_path.name}/run"
    layers = ("first/block", "zweite.Schicht")
    embeddings = {layer: np.arange(12, dtype=np.float32).reshape(3, 4) * (i + 1) for i, layer in enumerate(layers)}
    outputs = {"prediction": np.array([1, 0, 2], np.int32), "loss": np.array([0.5, 1e30, 0.0], np.float32)}
    measures = [MeasureValue("linear_cka", 0.25, layers[0], "teacher", "fc"), MeasureValue("accuracy", 1.0)]
    probe = ProbeRecord(
        "f" * 32,
        ("a", "b", "c"),
        np.array([2, 0, 1]),
        ("x", "y", "z"),
        {"writer": ["one", "two", "three"], "age": [1, 2, 3], "ratio": [0.5, 1.5, 2.5]},
        Thumbnails((b"sheet 0", b"sheet 1"), 32, 32, 2, 2),
    )
    manifest = manifest_of(model_of("student", *layers))
    with RunWriter(run_dir) as writer:
        writer.write_probe(probe)
        writer.write_manifest(manifest)
        writer.write_step("student", 40, embeddings, outputs, measures)
    reader = RunReader(run_dir)
    assert reader.manifest == manifest
    assert reader.steps("student") == [40]
    for layer in layers:
        np.testing.assert_array_equal(reader.embedding("student", layer, 40), embeddings[layer])
        assert reader.digest("student", layer, 40) == tensors.digest(tensors.half_precision(embeddings[layer]))
    for name, column in outputs.items():
        np.testing.assert_array_equal(reader.outputs("student", 40)[name], column)
        assert reader.outputs("student", 40)[name].dtype == column.dtype
    assert reader.measures("student", 40) == measures
    back = reader.probe
    assert (back.fingerprint, back.ids, back.class_names) == (probe.fingerprint, probe.ids, probe.class_names)
    assert back.metadata == probe.metadata
    assert list(back.metadata) == list(probe.metadata)
    assert back.thumbnails == probe.thumbnails
    np.testing.assert_array_equal(back.labels, probe.labels)


@pytest.mark.parametrize("where", ["a folder", "memory"])
def test_measures_computed_afterwards_come_back_behind_the_loggers(tmp_path: Path, where: str) -> None:
    run_dir = str(tmp_path / "run") if where == "a folder" else f"memory://{tmp_path.name}/measured"
    other = f"{run_dir.rsplit('/', 1)[0]}/distilled"
    run = seen_from(run_dir, other)
    assert run == "../distilled"
    logged = MeasureValue("accuracy", 1.0)
    cka = Measured("k", "linear_cka", run, "teacher", (MeasureValue("linear_cka", 0.25, "fc", "teacher", "fc", run),))
    again = Measured("k", "accuracy", None, None, (MeasureValue("accuracy", 0.5),))
    undefined = Measured("k", "silhouette", None, None, ())
    with RunWriter(run_dir) as writer:
        writer.write_manifest(manifest_of(model_of("student", "fc")))
        writer.write_step("student", 40, {"fc": np.ones((3, 4))}, {}, [logged])
        with MeasuredWriter(run_dir) as measuring:  # while the logger has the run
            measuring.write("student", 40, [again, cka, undefined])
    reader = RunReader(run_dir)
    assert reader.measured("student", 40) == [again, cka, undefined]
    assert reader.measures("student", 40) == [logged, *cka.values]
    assert located(run_dir, run) == (other if where == "a folder" else f"memory:///{tmp_path.name}/distilled")


@pytest.mark.parametrize(
    ("run_dir", "other", "seen"),
    [
        ("/logs/a", "/logs/a", None),
        ("/logs/a", "/logs/a/", None),
        ("/logs/a", "/logs/b/seed0", "../b/seed0"),
        ("/logs/a", "/logs", ".."),
        ("/logs", "/logs/a", "a"),
        ("memory://logs/a", "memory://logs/b", "../b"),
        ("memory://logs/a", "/logs/b", "file:///logs/b"),
        ("memory://one/a", "memory://two/a", "memory:///two/a"),
    ],
)
def test_another_run_is_found_by_the_name_that_it_has_from_a_run(run_dir: str, other: str, seen: str | None) -> None:
    assert seen_from(run_dir, other) == seen
    if seen is not None:
        assert RunFolder(located(run_dir, seen)).run_path == RunFolder(other).run_path


def test_a_linked_run_is_found_by_its_name_from_wherever_it_is_opened(tmp_path: Path) -> None:
    real = tmp_path / "disk" / "deep" / "student"
    teacher = tmp_path / "runs" / "teacher"
    real.mkdir(parents=True)
    teacher.mkdir(parents=True)
    linked = tmp_path / "runs" / "student"
    linked.symlink_to(real, target_is_directory=True)
    ways = [str(linked), str(real), f"file://{linked}", f"file://{real}"]
    seen = {seen_from(way, other) for way in ways for other in (str(teacher), f"file://{teacher}")}
    assert seen == {"../../../runs/teacher"}
    assert {located(way, "../../../runs/teacher") for way in ways} == {str(teacher.resolve())}
    assert seen_from(linked, real) is None
    assert len({place(way) for way in ways}) == 1


def test_a_scalar_names_the_run_that_it_compares_with() -> None:
    value = MeasureValue("linear_cka", 0.5, "fc", "teacher", "stage2", "../distilled")
    assert value.tag("student") == "kd/student/fc/linear_cka/distilled/teacher.stage2"
    assert replace(value, other_run=None).tag("student") == "kd/student/fc/linear_cka/teacher.stage2"
    assert replace(value, other_run="../../b/c").tag("student") == "kd/student/fc/linear_cka/../../b/c/teacher.stage2"


def test_a_step_read_at_once_is_what_is_read_piece_by_piece(tmp_path: Path) -> None:
    outputs = {"prediction": np.array([1, 0, 2], np.int32), "confidence": np.array([0.5, 0.6, 0.7], np.float32)}
    with RunWriter(tmp_path) as writer:
        writer.write_manifest(manifest_of(model_of("student", "fc")))
        writer.write_step("student", 4, {"fc": np.arange(12.0).reshape(3, 4)}, outputs)
    reader = RunReader(tmp_path)
    stored = reader.stored("student", 4)
    np.testing.assert_array_equal(stored.embeddings["fc"], reader.embedding("student", "fc", 4))
    assert stored.outputs.keys() == outputs.keys()
    assert stored.digests == reader.digests("student", 4)
    assert stored.digests.outputs["prediction"] == tensors.digest(outputs["prediction"])


def test_a_run_that_is_being_written_shows_and_one_that_is_not_does_not(tmp_path: Path) -> None:
    assert not is_being_written(tmp_path)
    with RunWriter(tmp_path):
        assert is_being_written(tmp_path)
    assert not is_being_written(tmp_path)


def test_a_starting_logger_leaves_alone_what_is_just_being_measured(tmp_path: Path) -> None:
    partial = tmp_path / "plugins/kd_projector/measured/student/.partial-0-000000000001.json"
    partial.parent.mkdir(parents=True)
    partial.touch()
    with RunWriter(tmp_path):
        assert partial.exists()
    with MeasuredWriter(tmp_path):  # whoever measures has the lock: nobody else is at that file
        assert not partial.exists()


def test_frames_come_back_from_beside_the_run(tmp_path: Path) -> None:
    frame = Frame(np.ones((3, 2)), np.zeros(3), "tsne", "readout", {"trustworthiness": 0.9}, {"k": 15}, "ref")
    FrameStore(tmp_path).put("a" * 32, frame)
    back = FrameStore(tmp_path).get("a" * 32)
    assert back is not None
    np.testing.assert_array_equal(back.coordinates, frame.coordinates)
    assert (back.method, back.mode, back.quality, back.params, back.reference) == (
        *("tsne", "readout"),
        *({"trustworthiness": 0.9}, {"k": 15}, "ref"),
    )
    assert FrameStore(tmp_path).get("b" * 32) is None
    with pytest.raises(StoreError, match="not a frame's key"):
        FrameStore(tmp_path).get("../manifest")


@pytest.mark.parametrize(("samples", "stored_as"), [(4, "uint16"), (1 << 16, "uint16"), ((1 << 16) + 1, "int32")])
def test_a_frames_neighbours_come_back_from_the_smallest_integers_that_hold_them(
    tmp_path: Path, samples: int, stored_as: str
) -> None:
    neighbours = (np.arange(samples)[:, None] - np.array([1, 2])) % samples
    tied = np.arange(samples) % 2 == 0
    frame = Frame(np.ones((samples, 2)), np.zeros(samples), "tsne", "readout", neighbours=neighbours, tied=tied)
    FrameStore(tmp_path).put("a" * 32, frame)
    back = FrameStore(tmp_path).get("a" * 32)
    assert back is not None
    np.testing.assert_array_equal(back.neighbours, neighbours)
    np.testing.assert_array_equal(back.tied, tied)
    assert back.tied is not None
    assert back.tied.dtype == bool
    (path,) = tmp_path.rglob("projections/*.safetensors")
    assert str(decode(path.read_bytes(), "frame")[0]["neighbours"].dtype) == stored_as


def test_metadata_that_is_neither_numbers_nor_text_is_kept_as_text(tmp_path: Path) -> None:
    metadata = {"boxes": [[1, 2], [3], []], "size": [2, 1, 0], "note": ["a", None, "c"]}
    with RunWriter(tmp_path) as writer:
        writer.write_probe(ProbeRecord("f" * 32, ("0", "1", "2"), metadata=metadata))
        writer.write_manifest(manifest_of())
    assert RunReader(tmp_path).probe.metadata == {
        "boxes": ["[1, 2]", "[3]", "[]"],
        "size": [2, 1, 0],
        "note": ["a", "None", "c"],
    }


def test_a_frame_does_not_bring_a_deleted_run_back(tmp_path: Path) -> None:
    run = tmp_path / "deleted"
    with pytest.raises(StoreError, match="not there any more"):
        FrameStore(run).put("a" * 32, Frame(np.ones((3, 2)), np.zeros(3), "pca", "rigid"))
    assert not run.exists()
