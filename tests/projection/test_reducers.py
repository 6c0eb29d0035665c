"""The reducers as scikit-learn transformers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import decomposition
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kd_projector.errors import UsageError
from kd_projector.projection import PCA, TSNE, Ivis, OfficialIvis
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
