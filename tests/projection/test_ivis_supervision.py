"""Supervised IVIS: labels, half of them missing, one-hot labels, regression; and what it predicts."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import entropy
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError

from kd_projector.errors import UsageError
from kd_projector.projection import Ivis
from kd_projector.projection.ivis_supervision import SUPERVISION_METRICS, labels_for
from tests.projection.handwriting import digits, label_accuracies

FLOWERS, SPECIES = load_iris(return_X_y=True)
PIXELS, LABELS = (array[:400] for array in digits())
ONE_HOT = np.eye(3)[SPECIES]
QUICK = {"epochs": 30, "batch_size": 50}


def test_labels_pull_classes_apart() -> None:
    plain, supervised = (label_accuracies(Ivis().fit_transform(PIXELS, y), LABELS, (10,))[0] for y in (None, LABELS))
    assert supervised > plain + 0.02
    assert supervised > 0.97


def test_predictions_are_class_probabilities_in_the_order_of_the_classes() -> None:
    ivis = Ivis(epochs=60, batch_size=50).fit(FLOWERS, SPECIES)
    probabilities = ivis.score_samples(FLOWERS)
    assert probabilities.shape == (150, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert np.mean(ivis.classes_[probabilities.argmax(axis=1)] == SPECIES) > 0.9
    assert ivis.n_classes_ == 3


def test_samples_without_a_label_are_placed_by_the_labels_of_the_others() -> None:
    some = SPECIES.copy()
    some[np.random.default_rng(0).permutation(150)[:75]] = -1
    ivis = Ivis(epochs=60, batch_size=50).fit(FLOWERS, some)
    assert ivis.classes_.tolist() == [0, 1, 2]
    hidden = some == -1
    assert np.mean(ivis.score_samples(FLOWERS)[hidden].argmax(axis=1) == SPECIES[hidden]) > 0.85


def test_a_sample_without_a_label_adds_nothing_to_the_loss() -> None:
    some = np.where(np.arange(150) % 2, SPECIES, -1)
    other_weight = [Ivis(**QUICK, supervision_weight=w).fit(FLOWERS, some).score_samples(FLOWERS) for w in (0.0, 1.0)]
    correct = [np.mean(scores.argmax(axis=1) == SPECIES) for scores in other_weight]
    assert correct[1] > correct[0] + 0.2


def test_classes_may_have_any_names() -> None:
    names = np.array(["setosa", "versicolor", "virginica"])[SPECIES]
    ivis = Ivis(**QUICK).fit(FLOWERS, names)
    assert ivis.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    np.testing.assert_array_equal(ivis.embedding_, Ivis(**QUICK).fit_transform(FLOWERS, 7 + 5 * SPECIES))


@pytest.mark.parametrize("metric", SUPERVISION_METRICS)
def test_every_metric_trains_and_predicts(metric: str) -> None:
    if metric == "sparse_categorical_crossentropy":
        y = SPECIES
    elif "categorical" in metric:
        y = ONE_HOT
    else:
        y = (SPECIES == 1).astype(float)
    ivis = Ivis(supervision_metric=metric, **QUICK).fit(FLOWERS, y)
    assert ivis.score_samples(FLOWERS).shape == (150, 3 if "categorical" in metric else 1)
    assert np.isfinite(ivis.score_samples(FLOWERS)).all()
    assert np.isfinite(ivis.loss_history_).all()


@pytest.mark.parametrize("metric", ["categorical_crossentropy", "categorical_hinge"])
def test_one_hot_labels_are_learnt(metric: str) -> None:
    scores = Ivis(epochs=60, batch_size=50, supervision_metric=metric).fit(FLOWERS, ONE_HOT).score_samples(FLOWERS)
    assert np.mean(scores.argmax(axis=1) == SPECIES) > 0.9


@pytest.mark.parametrize("metric", ["mae", "mean_squared_error", "huber"])
def test_regression_predicts_its_targets(metric: str) -> None:
    width = FLOWERS[:, 3]
    predicted = Ivis(supervision_metric=metric, epochs=100, batch_size=50, supervision_weight=0.9).fit(FLOWERS, width)
    assert np.corrcoef(predicted.score_samples(FLOWERS)[:, 0], width)[0, 1] > 0.9


def test_without_labels_there_is_nothing_to_predict() -> None:
    ivis = Ivis(**QUICK).fit(FLOWERS)
    with pytest.raises(NotFittedError, match="without labels"):
        ivis.score_samples(FLOWERS)
    assert not hasattr(Ivis(**QUICK).fit(FLOWERS, SPECIES).fit(FLOWERS), "classes_")


def test_the_packages_keyword_for_labels_works() -> None:
    np.testing.assert_array_equal(
        Ivis(**QUICK).fit_transform(FLOWERS, Y=SPECIES), Ivis(**QUICK).fit_transform(FLOWERS, SPECIES)
    )


@pytest.mark.parametrize(
    ("metric", "y", "sentence"),
    [
        ("invalid_loss", SPECIES, "supervision_metric is 'invalid_loss'; it must be one of sparse_cat"),
        ("categorical_hinge", SPECIES, r"shape \(150,\); 'categorical_hinge' needs \(N, C\)"),
        ("sparse_categorical_crossentropy", FLOWERS[:, 0], "y holds fractions; .* 'mae'"),
        ("sparse_categorical_crossentropy", ONE_HOT, "one-hot labels use 'categorical_crossentropy'"),
        ("sparse_categorical_crossentropy", np.full(150, -1), "All labels in y are -1"),
        ("sparse_categorical_crossentropy", SPECIES[:9], r"shape \(9,\); X has 150 samples"),
        ("sparse_categorical_crossentropy", np.where(SPECIES > 0, SPECIES, np.nan), "y holds NaN or infinity; .* -1"),
        ("sparse_categorical_crossentropy", np.where(SPECIES > 0, SPECIES, None), "y mixes values of NoneType, int"),
        ("mae", np.array(["a"] * 150), "'mae' needs numbers"),
        ("mae", np.full(150, np.nan), "NaN"),
    ],
)
def test_labels_that_do_not_fit_are_refused_in_a_sentence(metric: str, y: np.ndarray, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Ivis(supervision_metric=metric, **QUICK).fit(FLOWERS, y)


def test_the_divergence_from_a_distribution_is_scipys_by_all_of_its_names() -> None:
    rng = np.random.default_rng(0)
    targets, outputs = rng.dirichlet(np.ones(3), 20), rng.dirichlet(np.ones(3), 20)
    expected = entropy(targets, outputs, axis=1).mean()
    for name in ("kl_divergence", "kullback_leibler_divergence", "kld", "KLD"):
        labels = labels_for(name, targets, 20)
        loss = labels.loss(torch.arange(20), torch.from_numpy(outputs).float(), torch.nn.Linear(2, 3))
        assert float(loss) == pytest.approx(expected, abs=1e-5)


def test_names_in_capitals_are_the_same_metrics() -> None:
    lower, upper = (Ivis(supervision_metric=name, **QUICK).fit_transform(FLOWERS, ONE_HOT) for name in ("mse", "MSE"))
    np.testing.assert_array_equal(lower, upper)
