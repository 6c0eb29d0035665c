"""What is written is what is read, on any file system, by whatever name."""

from __future__ import annotations

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
    MeasureValue,
    ModelInfo,
    ProbeRecord,
    RunReader,
    RunWriter,
    Thumbnails,
    tensors,
)

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
