"""The reducers as scikit-learn transformers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import decomposition
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kd_projector.errors import UsageError
from kd_projector.projection import PCA, TSNE, Ivis, OfficialIvis
from kd_projector.projection.ivis_triplets import TripletBatch, triplet_batches, triplet_loss
from kd_projector.projection.preprocessing import MAX_COMPONENTS, reduced, unit_radius
from tests.projection.handwriting import digits, label_accuracies

PIXELS, LABELS = (array[:500] for array in digits())
REDUCERS = [PCA(), TSNE(perplexity=20), Ivis(epochs=20)]


def name(reducer: object) -> str:
    return type(reducer).__name__


@pytest.mark.parametrize("reducer", [*REDUCERS, OfficialIvis(k=9)], ids=name)
def test_parameters_survive_a_clone(reducer: PCA | TSNE | Ivis | OfficialIvis) -> None:
    assert clone(reducer).get_params() == reducer.get_params()


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_a_reducer_works_in_a_pipeline_and_repeats_itself(reducer: PCA | TSNE | Ivis) -> None:
    first, again = (make_pipeline(StandardScaler(), clone(reducer)).fit_transform(PIXELS, LABELS) for _ in range(2))
    assert first.shape == (500, 2)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("reducer", "accuracy"), list(zip(REDUCERS, (0.5, 0.9, 0.7), strict=True)), ids=str)
def test_new_samples_land_among_their_like(reducer: PCA | TSNE | Ivis, accuracy: float) -> None:
    fitted = clone(reducer).fit(PIXELS[:400])
    places = np.vstack([fitted.transform(PIXELS[:400]), fitted.transform(PIXELS[400:])])
    assert places.shape == (500, 2)
    assert label_accuracies(places, LABELS, (10,))[0] > accuracy


@pytest.mark.parametrize("reducer", [PCA(), Ivis(epochs=5)], ids=name)
def test_fitted_samples_are_transformed_to_where_they_are(reducer: PCA | Ivis) -> None:
    np.testing.assert_allclose(reducer.fit_transform(PIXELS), reducer.transform(PIXELS), atol=1e-6)


def test_a_tsne_map_of_too_few_samples_cannot_place_new_ones() -> None:
    with pytest.raises(UsageError, match="fewer than 5"):
        TSNE().fit(PIXELS[:4]).transform(PIXELS)


@given(st.integers(2, 30), st.integers(2, 30), st.integers(0, 2**16))
@settings(deadline=None)
def test_pca_is_scikit_learns_up_to_signs(samples: int, dims: int, seed: int) -> None:
    X = np.random.default_rng(seed).normal(size=(samples, dims)) * np.linspace(9, 1, dims)
    ours, theirs = PCA(2), decomposition.PCA(2)
    np.testing.assert_allclose(np.abs(ours.fit_transform(X)), np.abs(theirs.fit_transform(X)), atol=1e-6)
    np.testing.assert_allclose(ours.explained_variance_ratio_, theirs.explained_variance_ratio_, atol=1e-8)


def test_an_axis_beyond_the_rank_is_zero() -> None:
    line = np.arange(6.0)[:, None] * np.ones((1, 4))
    assert (PCA(3).fit_transform(line)[:, 1:] == 0).all()


def test_reduction_keeps_distances_as_far_as_50_components_can() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(80, 30)) @ rng.normal(size=(30, 300))
    kept, whole = reduced(flat), unit_radius(flat)
    assert kept.shape == (80, MAX_COMPONENTS)
    np.testing.assert_allclose(kept @ kept.T, whole @ whole.T, atol=1e-9)


def test_perplexity_must_be_positive() -> None:
    with pytest.raises(UsageError, match="perplexity is -1"):
        TSNE(perplexity=-1).fit(PIXELS)


# -- IVIS -------------------------------------------------------------------------------------------------------------


def test_triplets_are_a_neighbour_and_samples_that_are_not() -> None:
    neighbours = torch.stack([(torch.arange(40) + shift) % 40 for shift in (1, 2, 3)], dim=1)
    seen = []
    for batch in triplet_batches(neighbours, 16, steps=10, generator=torch.Generator().manual_seed(0)):
        assert (((batch.positives - batch.anchors) % 40 >= 1) & ((batch.positives - batch.anchors) % 40 <= 3)).all()
        apart = (batch.anchors[batch.negatives] - batch.anchors[:, None]) % 40
        assert (apart != 0).all()
        assert torch.equal(batch.usable, (apart > 3))
        seen += batch.anchors.tolist()
    assert set(seen) == set(range(40))


def test_the_triplet_loss_is_the_papers() -> None:
    rng = np.random.default_rng(0)
    a, p = rng.normal(size=(2, 6, 2))
    negatives = (np.arange(6)[:, None] + [1, 2]) % 6
    usable = rng.random((6, 2)) < 0.7
    batch = TripletBatch(torch.arange(6), torch.arange(6), torch.tensor(negatives), torch.tensor(usable))
    for distance in ("pn", "euclidean"):
        terms = []
        for i, s in zip(*np.nonzero(usable), strict=True):
            n = a[negatives[i, s]]
            far = np.linalg.norm(a[i] - n)
            if distance == "pn":
                far = min(far, np.linalg.norm(p[i] - n))
            terms.append(max(np.linalg.norm(a[i] - p[i]) - far + 0.5, 0))
        loss = triplet_loss(batch, torch.tensor(a), torch.tensor(p), distance, margin=0.5)
        assert float(loss) == pytest.approx(np.mean(terms))


def test_training_brings_the_triplet_loss_down_and_classes_apart() -> None:
    ivis = Ivis().fit(PIXELS)
    assert len(ivis.loss_history_) == 400
    assert ivis.final_loss_ < 0.3 * ivis.loss_history_[0]
    assert label_accuracies(ivis.embedding_, LABELS, (10,))[0] > 0.8


def test_ivis_in_few_steps_stays_near_the_start_that_it_is_given() -> None:
    corners = np.random.default_rng(0).normal(size=(10, 2))
    start = unit_radius(corners[LABELS])
    map_of_start = unit_radius(Ivis().fit_transform(PIXELS, start=start))
    centres = np.array([map_of_start[label == LABELS].mean(axis=0) for label in range(10)])
    given_centres = np.array([start[label == LABELS].mean(axis=0) for label in range(10)])
    correlation = np.corrcoef(centres.ravel(), given_centres.ravel())[0, 1]
    assert correlation > 0.8


def test_an_epoch_shows_each_sample_as_an_anchor_once() -> None:
    assert len(Ivis(epochs=3, batch_size=100).fit(PIXELS).loss_history_) == 15
