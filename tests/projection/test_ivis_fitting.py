"""How an Ivis is fitted: neighbours, networks, early stopping, parameters of the package, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.metrics import pairwise_distances

from kd_projector.errors import UsageError
from kd_projector.projection import Ivis
from kd_projector.projection.ivis_neighbours import METRICS, given_neighbours, neighbours_by
from kd_projector.projection.ivis_triplets import epoch_of_triplets

FLOWERS, SPECIES = load_iris(return_X_y=True)
QUICK = {"epochs": 4, "batch_size": 50}


@pytest.mark.parametrize("metric", METRICS)
def test_neighbours_are_the_nearest_by_each_metric(metric: str) -> None:
    X = np.random.default_rng(0).normal(size=(40, 6)).round(1 if metric == "hamming" else 9)
    distances = {
        "dot": lambda: -X @ X.T,
        "angular": lambda: pairwise_distances(X, metric="cosine"),
    }.get(metric, lambda: pairwise_distances(X, metric=metric))()
    np.fill_diagonal(distances, np.inf)
    found = neighbours_by(metric, 5, X, X).indices.numpy()
    np.testing.assert_allclose(np.sort(np.take_along_axis(distances, found, 1)), np.sort(distances)[:, :5], atol=1e-9)


def test_given_neighbours_are_the_only_positives() -> None:
    matrix = [[(i + 1) % 30] if i % 2 else [(i + 2) % 30, (i + 3) % 30, (i + 4) % 30] for i in range(30)]
    neighbours = given_neighbours(matrix, 30)
    drawn: dict[int, set[int]] = {i: set() for i in range(30)}
    generator = torch.Generator().manual_seed(0)
    for _ in range(40):
        for batch in epoch_of_triplets(neighbours, 10, generator):
            for anchor, positive in zip(batch.anchors.tolist(), batch.positives.tolist(), strict=True):
                drawn[anchor].add(positive)
    assert drawn == {i: set(row) for i, row in enumerate(matrix)}


def test_a_neighbour_matrix_of_classes_pulls_the_classes_apart() -> None:
    matrix = np.stack([np.flatnonzero(label == SPECIES) for label in SPECIES])
    places = Ivis(neighbour_matrix=matrix, epochs=40, batch_size=50).fit_transform(FLOWERS)
    within, between = (np.mean(pairwise_distances(places)[(SPECIES[:, None] == SPECIES) == same]) for same in (1, 0))
    assert between > 3 * within


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        (np.zeros((9, 2), int), "9 rows, X has 150"),
        (np.full((150, 2), 150), "names 150 to 150; samples are 0 to 149"),
        (np.full((150, 2), -1), "names -1 to -1"),
        (np.full((150, 2), 0.5), "Row 0 of neighbour_matrix is"),
        ([[]] * 150, "at least one index"),
        (np.tile(np.arange(150), (150, 1)), "some must be left to be negatives"),
    ],
)
def test_a_neighbour_matrix_that_does_not_fit_is_refused(matrix: object, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Ivis(neighbour_matrix=matrix, **QUICK).fit(FLOWERS)


@pytest.mark.parametrize(("model", "widths"), [("szubert", 128), ("hinton", 2000), ("maaten", 500)])
def test_the_named_networks_have_the_packages_widths(model: str, widths: int) -> None:
    encoder = Ivis(model=model, embedding_dims=3, **QUICK).fit(FLOWERS).encoder_
    assert [tuple(encoder[0].weight.shape), encoder[-1].out_features] == [(widths, 4), 3]


def test_a_network_of_ones_own_takes_images_and_stays_as_it_was() -> None:
    images = np.random.default_rng(0).normal(size=(32, 3, 8, 8))
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
    )
    network.append(torch.nn.Dropout(0.2))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    chance = torch.get_rng_state()
    ivis = Ivis(model=network, k=4, epochs=5, batch_size=8)
    first = ivis.fit_transform(images)
    assert torch.equal(torch.get_rng_state(), chance)
    np.testing.assert_array_equal(ivis.fit_transform(images), first)
    assert first.shape == (32, 2)
    assert ivis.transform(images[:5]).shape == (5, 2)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name]), name
    with pytest.raises(UsageError, match=r"samples of shape \(3, 4, 16\); the fit had \(3, 8, 8\)"):
        ivis.transform(images.reshape(32, 3, 4, 16))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_a_network_of_ones_own_gets_samples_in_its_own_dtype(dtype: torch.dtype, tmp_path: Path) -> None:
    network = torch.nn.Sequential(torch.nn.Linear(4, 8, dtype=dtype), torch.nn.ReLU())
    ivis = Ivis(model=network, **QUICK).fit(FLOWERS, SPECIES)
    assert ivis.encoder_[0][0].weight.dtype == dtype
    assert np.isfinite(ivis.score_samples(FLOWERS)).all()
    ivis.save_model(tmp_path)
    loaded = Ivis(model=network).load_model(tmp_path)
    np.testing.assert_array_equal(loaded.transform(FLOWERS), ivis.embedding_)
    np.testing.assert_array_equal(loaded.score_samples(FLOWERS), ivis.score_samples(FLOWERS))


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (torch.nn.Linear(5, 2), r"model Linear does not take samples of shape \(4,\)"),
        (torch.nn.Unflatten(1, (2, 2)), r"gives \(2, 2, 2\) for two samples"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(network: torch.nn.Module, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Ivis(model=network, **QUICK).fit(FLOWERS)


def test_a_long_fit_ends_when_epochs_bring_nothing_more() -> None:
    patient, impatient = (
        Ivis(epochs=400, n_epochs_without_progress=patience, batch_size=75).fit(FLOWERS) for patience in (None, 5)
    )
    assert len(patient.loss_history_) == 400
    assert 175 <= len(impatient.loss_history_) < 400  # 350 steps up and down again at least
    # It does not just stop: the learning rate comes down first, so nothing of the quality is lost.
    assert np.mean(impatient.loss_history_[-20:]) < 1.5 * np.mean(patient.loss_history_[-20:])


def test_code_for_the_package_runs_with_all_of_its_parameters() -> None:
    ivis = Ivis(
        embedding_dims=1, k=15, distance="pn", batch_size=16, epochs=5, n_epochs_without_progress=20, n_trees=50,
        ntrees=None, knn_distance_metric="angular", search_k=-1, precompute=True, model="szubert",
        supervision_metric="sparse_categorical_crossentropy", supervision_weight=0.5, annoy_index_path=None,
        callbacks=[], build_index_on_disk=True, neighbour_matrix=None, verbose=0,
    )  # fmt: skip
    assert ivis.fit_transform(FLOWERS).shape == (150, 1)
    assert len(ivis.loss_history_) == 5


def test_before_a_fit_there_are_no_losses_and_no_network_as_in_the_package() -> None:
    ivis = Ivis(**QUICK)
    assert ivis.loss_history_ == []
    assert ivis.encoder_ is None
    with pytest.raises(NotFittedError):
        ivis.transform(FLOWERS)


def test_verbose_shows_a_bar_and_silence_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    Ivis(**QUICK).fit(FLOWERS)
    assert capsys.readouterr() == ("", "")
    Ivis(verbose=1, **QUICK).fit(FLOWERS)
    assert "4/4" in capsys.readouterr().err


def test_a_k_that_leaves_no_negatives_is_clipped_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="k is 150, X has 40 samples: 19 neighbours are used"):
        ivis = Ivis(k=150, **QUICK).fit(FLOWERS[:40])
    assert ivis.k_ == 19
    assert Ivis(k=38, **QUICK).fit(FLOWERS[:40]).k_ == 38


def test_a_map_does_not_depend_on_which_samples_are_placed_together() -> None:
    ivis = Ivis(**QUICK).fit(FLOWERS)
    alone = np.vstack([ivis.transform(row[None]) for row in FLOWERS])
    np.testing.assert_allclose(alone, ivis.transform(FLOWERS), atol=1e-12)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"k": 0}, "k is 0"),
        ({"batch_size": 1}, "batch_size is 1; it must be a whole number of at least 2"),
        ({"epochs": 0.5}, "epochs is 0.5"),
        ({"embedding_dims": True}, "embedding_dims is True"),
        ({"margin": 0}, "margin is 0; it must be a finite number above 0"),
        ({"margin": "x"}, "margin is 'x'"),
        ({"margin": np.inf}, "margin is inf"),
        ({"layout_weight": -1}, "layout_weight is -1"),
        ({"layout_weight": np.inf}, "layout_weight is inf"),
        ({"layout_weight": np.nan}, "layout_weight is nan"),
        ({"supervision_weight": 1.5}, "supervision_weight is 1.5; it must be a finite number from 0 to 1"),
        ({"supervision_weight": "a"}, "supervision_weight is 'a'"),
        ({"supervision_weight": None}, "supervision_weight is None"),
        ({"knn_distance_metric": "cosine"}, "knn_distance_metric is 'cosine'; it must be one of euclidean, angular"),
        ({"model": "resnet"}, "model is 'resnet'; it must be one of szubert, hinton, maaten or a torch.nn.Module"),
        ({"annoy_index_path": "x.index"}, "Annoy indices are not read here"),
        ({"callbacks": 5}, "callbacks is 5; give a list of objects"),
        ({"neighbour_matrix": 5}, "neighbour_matrix is 5; give"),
        ({"callbacks": [print]}, "has no method on_epoch_end"),
        ({"device": "cuda:99"}, "device is 'cuda:99', which cannot be used here"),
        ({"device": "nonsense"}, "device is 'nonsense'"),
        ({"random_state": "seven"}, "random_state is 'seven'"),
    ],
)
def test_parameters_that_cannot_be_honoured_are_refused_in_a_sentence(parameters: dict, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Ivis(**{**QUICK, **parameters}).fit(FLOWERS)


def test_an_order_that_is_not_chance_is_refused() -> None:
    with pytest.raises(UsageError, match="shuffle_mode is False"):
        Ivis(**QUICK).fit(FLOWERS, shuffle_mode=False)
