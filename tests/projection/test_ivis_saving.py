"""Saved IVIS models: the same maps after loading, nothing run by loading, and what cannot be read refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from sklearn.datasets import load_iris

from kd_projector.errors import KDProjectorError, StoreError, UsageError
from kd_projector.projection import Ivis
from kd_projector.projection.ivis_callbacks import EmbeddingsLogging, ModelCheckpoint

FLOWERS, SPECIES = load_iris(return_X_y=True)
QUICK = {"epochs": 4, "batch_size": 50}


@pytest.mark.parametrize("y", [None, SPECIES, np.array(["a", "b", "c"])[SPECIES]], ids=["plain", "labels", "names"])
def test_a_loaded_model_is_the_saved_one(tmp_path: Path, y: np.ndarray | None) -> None:
    saved = Ivis(k=9, model="maaten", margin=2.0, **QUICK).fit(FLOWERS, y)
    saved.save_model(tmp_path / "model")
    loaded = Ivis().load_model(tmp_path / "model")
    np.testing.assert_array_equal(loaded.transform(FLOWERS), saved.transform(FLOWERS))
    np.testing.assert_array_equal(loaded.embedding_, saved.embedding_)
    assert loaded.get_params() == saved.get_params()
    assert loaded.loss_history_ == saved.loss_history_
    assert loaded.n_features_in_ == 4
    if y is not None:
        np.testing.assert_array_equal(loaded.score_samples(FLOWERS), saved.score_samples(FLOWERS))
        np.testing.assert_array_equal(loaded.classes_, saved.classes_)
    np.testing.assert_array_equal(
        loaded.fit_transform(FLOWERS), Ivis(k=9, model="maaten", margin=2.0, **QUICK).fit_transform(FLOWERS)
    )


def test_a_map_by_pca_can_be_saved_too(tmp_path: Path) -> None:
    saved = Ivis().fit(FLOWERS[:4])
    saved.save_model(tmp_path)
    np.testing.assert_array_equal(Ivis().load_model(tmp_path).transform(FLOWERS), saved.transform(FLOWERS))


def test_a_saved_model_is_not_overwritten_by_accident(tmp_path: Path) -> None:
    first, second = (Ivis(random_state=seed, **QUICK).fit(FLOWERS) for seed in (0, 1))
    first.save_model(tmp_path)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        second.save_model(tmp_path)
    np.testing.assert_array_equal(Ivis().load_model(tmp_path).embedding_, first.embedding_)
    second.save_model(tmp_path, overwrite=True)
    np.testing.assert_array_equal(Ivis().load_model(tmp_path).embedding_, second.embedding_)
    assert [path.name for path in tmp_path.iterdir()] == ["ivis.safetensors"]


def test_a_network_of_ones_own_is_given_again_for_loading(tmp_path: Path) -> None:
    network = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU())
    saved = Ivis(model=network, **QUICK).fit(FLOWERS)
    saved.save_model(tmp_path)
    with pytest.raises(UsageError, match=r"Ivis\(model=...\), before loading"):
        Ivis().load_model(tmp_path)
    other = Ivis(model=torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU())).load_model(tmp_path)
    np.testing.assert_array_equal(other.transform(FLOWERS), saved.transform(FLOWERS))
    with pytest.raises(StoreError, match="does not fit"):
        Ivis(model=torch.nn.Sequential(torch.nn.Linear(4, 7), torch.nn.ReLU())).load_model(tmp_path)


def with_state(tmp_path: Path, **changes: object) -> None:
    Ivis(**QUICK).fit(FLOWERS).save_model(tmp_path)
    path = tmp_path / "ivis.safetensors"
    with safe_open(path, framework="pt") as file:
        state = json.loads(file.metadata()["ivis"])
    save_file(load_file(path), path, {"ivis": json.dumps({**state, **changes})})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": 99}, "has format 99"),
        ({"format": "one"}, "no IVIS model"),
        ({"model": None}, "cannot be read|does not fit|incomplete"),
        ({"parameters": {"model": "szubert", "distance": "pn", "evil": 1}}, "a parameter 'evil'"),
        ({"parameters": {"model": "tiny", "distance": "pn"}}, "does not fit"),
    ],
)
def test_a_model_from_elsewhere_is_refused_in_a_sentence(tmp_path: Path, changes: dict, sentence: str) -> None:
    with_state(tmp_path, **changes)
    with pytest.raises(KDProjectorError, match=sentence):
        Ivis().load_model(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps({"a": 1}), b"\xff" * 64])
def test_a_damaged_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ivis.safetensors").write_bytes(content)
    fitted = Ivis(**QUICK).fit(FLOWERS)
    before = fitted.embedding_
    with pytest.raises(StoreError, match=r"ivis.safetensors cannot be read"):
        fitted.load_model(tmp_path)
    assert fitted.embedding_ is before


def test_a_folder_without_a_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no IVIS model in"):
        Ivis().load_model(tmp_path / "nowhere")


def test_another_format_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="save_format is 'h5'"):
        Ivis(**QUICK).fit(FLOWERS).save_model(tmp_path, save_format="h5")


def test_a_fitted_ivis_can_be_pickled() -> None:
    fitted = Ivis(**QUICK).fit(FLOWERS)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).transform(FLOWERS), fitted.embedding_)


def test_callbacks_save_the_model_and_the_map_of_an_epoch(tmp_path: Path) -> None:
    callbacks = [
        ModelCheckpoint(tmp_path, "model_{}.ivis", epoch_interval=2),
        EmbeddingsLogging(FLOWERS[:7], tmp_path, "map_{}.npy"),
    ]
    fitted = Ivis(callbacks=callbacks, **QUICK).fit(FLOWERS)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        [*(f"map_{n}.npy" for n in (1, 2, 3, 4)), "model_2.ivis", "model_4.ivis"]
    )
    np.testing.assert_array_equal(np.load(tmp_path / "map_4.npy"), fitted.transform(FLOWERS[:7]))
    checkpoint = Ivis().load_model(tmp_path / "model_2.ivis")
    np.testing.assert_array_equal(checkpoint.transform(FLOWERS[:7]), np.load(tmp_path / "map_2.npy"))
    checkpoint.fit_transform(FLOWERS)


def test_a_checkpoint_of_a_second_fit_holds_nothing_of_the_first(tmp_path: Path) -> None:
    callbacks = [ModelCheckpoint(tmp_path, "model_{}.ivis", epoch_interval=2)]
    ivis = Ivis(callbacks=callbacks, **QUICK).fit(FLOWERS, SPECIES)
    assert Ivis().load_model(tmp_path / "model_2.ivis").classes_.tolist() == [0, 1, 2]
    ivis.fit(FLOWERS[:80])
    checkpoint = Ivis().load_model(tmp_path / "model_2.ivis")
    assert not {"embedding_", "classes_", "n_classes_"} & set(vars(checkpoint))
    assert len(checkpoint.loss_history_) == 2


def test_loading_leaves_nothing_of_an_earlier_fit(tmp_path: Path) -> None:
    Ivis(**QUICK).fit(FLOWERS).save_model(tmp_path)
    fitted = Ivis(**QUICK).set_output(transform="default").fit(FLOWERS, SPECIES)
    fitted.feature_names_in_ = np.array(["a", "b", "c", "d"], dtype=object)  # as of a table
    assert {"classes_", "n_classes_", "feature_names_in_"} <= set(vars(fitted))
    fitted.load_model(tmp_path)
    assert not {"classes_", "n_classes_", "feature_names_in_"} & set(vars(fitted))
    assert hasattr(fitted, "_sklearn_output_config")  # what the user set stays
