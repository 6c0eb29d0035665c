"""The reducers as scikit-learn transformers."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import decomposition
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kd_projector.errors import UsageError
from kd_projector.projection import PCA, TSNE, UMAP, Ivis, OfficialIvis
from kd_projector.projection.estimator import Reducer, seed_of
from kd_projector.projection.methods import METHODS
from kd_projector.projection.preprocessing import MAX_COMPONENTS, principal_axes, reduced, unit_radius
from tests.projection.handwriting import digits, label_accuracies

PIXELS, LABELS = (array[:500] for array in digits())
# tests/projection/test_official_ivis.py runs the fifth reducer.
REDUCERS: list[Reducer] = [PCA(), TSNE(perplexity=20), Ivis(epochs=20)]
if METHODS["umap"].available:
    REDUCERS.append(UMAP(n_epochs=100))
OF_CHANCE = REDUCERS[1:]


def name(reducer: object) -> str:
    return type(reducer).__name__


@pytest.mark.parametrize("reducer", [*REDUCERS, OfficialIvis(k=9)], ids=name)
def test_parameters_survive_a_clone(reducer: Reducer) -> None:
    assert clone(reducer).get_params() == reducer.get_params()


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_a_reducer_works_in_a_pipeline_and_repeats_itself(reducer: Reducer) -> None:
    first, again = (make_pipeline(StandardScaler(), clone(reducer)).fit_transform(PIXELS, LABELS) for _ in range(2))
    assert first.shape == (500, 2)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("reducer", "accuracy"), list(zip(REDUCERS, (0.5, 0.9, 0.7, 0.9), strict=False)), ids=str)
def test_new_samples_land_among_their_like(reducer: Reducer, accuracy: float) -> None:
    fitted = clone(reducer).fit(PIXELS[:400])
    new = fitted.transform(PIXELS[400:])
    places = np.vstack([fitted.transform(PIXELS[:400]), new])
    assert places.shape == (500, 2)
    assert label_accuracies(places, LABELS, (10,))[0] > accuracy
    assert len(np.unique(new, axis=0)) == 100


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_fitted_samples_are_transformed_to_where_they_are(reducer: Reducer) -> None:
    fitted = clone(reducer).fit(PIXELS)
    order = np.random.default_rng(0).permutation(500)[:50]
    np.testing.assert_allclose(fitted.transform(PIXELS), fitted.embedding_, atol=1e-6)
    np.testing.assert_allclose(fitted.transform(PIXELS[order]), fitted.embedding_[order], atol=1e-6)


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_where_pca_stands_in_for_too_few_samples_it_places_new_ones_too(reducer: Reducer) -> None:
    fitted = clone(reducer).fit(PIXELS[:4])
    places = fitted.transform(PIXELS[:50])
    assert places.shape == (50, 2)
    np.testing.assert_allclose(places[:4], fitted.embedding_, atol=1e-9)


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
@pytest.mark.parametrize("components", [1, 2, 3])
def test_maps_have_as_many_components_as_asked_for_each_with_a_name(reducer: Reducer, components: int) -> None:
    parameter = "embedding_dims" if isinstance(reducer, Ivis) else "n_components"
    fitted = clone(reducer).set_params(**{parameter: components}).fit(PIXELS[:60])
    assert fitted.embedding_.shape == (60, components)
    assert fitted.transform(PIXELS[60:65]).shape == (5, components)
    assert list(fitted.get_feature_names_out()) == [f"{name(reducer).lower()}{i}" for i in range(components)]


@pytest.mark.parametrize("reducer", OF_CHANCE, ids=name)
def test_chance_comes_from_the_random_state_alone(reducer: Reducer) -> None:
    X = PIXELS[:100]
    np.random.seed(3)  # noqa: NPY002  # the global state is what is being watched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    maps = [clone(reducer).set_params(random_state=state).fit_transform(X) for state in (1, np.int64(1), 2, None)]
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    np.testing.assert_array_equal(maps[0], maps[1])
    assert not np.array_equal(maps[0], maps[2])
    assert not np.array_equal(maps[0], maps[3])


def test_a_generator_is_a_random_state_too_and_gives_another_seed_each_time() -> None:
    for generator in (np.random.default_rng(0), np.random.RandomState(0)):
        assert seed_of(generator) != seed_of(generator)
    assert seed_of(7) == 7


@pytest.mark.parametrize("wrong", [-1, 1.5, True, "0"])
def test_a_random_state_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(UsageError, match=f"random_state is {wrong!r}"):
        TSNE(random_state=wrong).fit(PIXELS[:20])


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
@pytest.mark.parametrize("samples", [1, 2, 3, 4, 5, 6, 30])
def test_awkward_samples_have_finite_maps(reducer: Reducer, samples: int) -> None:
    rng = np.random.default_rng(samples)
    awkward = {
        "one dimension": rng.normal(size=(samples, 1)),
        "wide": rng.normal(size=(samples, 200)),
        "all equal": np.full((samples, 3), 7.1),
        "constant columns": np.hstack([rng.normal(size=(samples, 2)), np.ones((samples, 3))]),
        "each twice": np.repeat(rng.normal(size=((samples + 1) // 2, 4)), 2, axis=0)[:samples],
        "equidistant": np.eye(samples),
        "huge": rng.normal(size=(samples, 4)) * 1e100,
    }
    for what, X in awkward.items():
        fitted = clone(reducer).fit(X)
        for places in (fitted.embedding_, fitted.transform(X), fitted.transform(X + 0.5)):
            assert places.shape == (samples, 2), what
            assert np.isfinite(places).all(), what


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_a_rotated_input_gives_the_same_map(reducer: Reducer) -> None:
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0]
    # Pixels are whole numbers and tie exactly; a rotation would decide by its rounding.
    X = PIXELS[:150] + np.random.default_rng(1).normal(size=(150, 64)) * 1e-3
    plain, turned = (unit_radius(clone(reducer).fit_transform(given)) for given in (X, X @ rotation))
    left, _, right = np.linalg.svd(turned.T @ plain)
    assert np.sqrt(np.mean(np.sum((turned @ (left @ right) - plain) ** 2, axis=1))) < ROTATION_MOVES[name(reducer)]


# RMS, of the map's radius. A network sees the basis of its inputs and its first random weights; a descent adds up
# rounding in another order; PCA does neither.
ROTATION_MOVES = {"PCA": 1e-9, "TSNE": 0.01, "UMAP": 0.5, "Ivis": 0.5}


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_samples_in_another_order_keep_their_neighbours(reducer: Reducer) -> None:
    order = np.random.default_rng(0).permutation(500)
    plain, shuffled = clone(reducer).fit_transform(PIXELS), clone(reducer).fit_transform(PIXELS[order])
    accuracies = [
        label_accuracies(places, labels, (10,))[0] for places, labels in ((plain, LABELS), (shuffled, LABELS[order]))
    ]
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.06)


@pytest.mark.parametrize("reducer", [*REDUCERS, OfficialIvis()], ids=name)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused_by_name(reducer: Reducer, bad: float) -> None:
    if isinstance(reducer, OfficialIvis) and not METHODS["ivis-official"].available:
        pytest.skip("the extra [ivis] is not installed")
    X = PIXELS[:20].copy()
    X[3, 4] = bad
    with pytest.raises(UsageError, match="X has 1 values of 1280 that are NaN or infinite"):
        clone(reducer).fit(X)
    fitted = clone(reducer).fit(PIXELS[:4])  # so few need no process
    with pytest.raises(UsageError, match="X has 1 values of 1280 that are NaN or infinite"):
        fitted.transform(X)


@pytest.mark.parametrize(
    ("reducer", "sentence"),
    [
        (PCA(0), "n_components is 0; it must be a whole number of at least 1"),
        (TSNE(4), "n_components is 4; a t-SNE map has 1, 2 or 3"),
        (TSNE(perplexity=-1), "perplexity is -1; it must be a finite number above 0"),
        (TSNE(perplexity=0), "perplexity is 0"),
        (TSNE(perplexity=np.inf), "perplexity is inf"),
        (TSNE(perplexity="30"), "perplexity is '30'"),
        (TSNE(perplexity=None), "perplexity is None"),
        (TSNE(perplexity=True), "perplexity is True"),
        (UMAP(0), "n_components is 0"),
        (UMAP(n_neighbors=1), "n_neighbors is 1; it must be a whole number of at least 2"),
        (UMAP(min_dist=2), "min_dist is 2; it must be a finite number from 0 to 1"),
        (UMAP(min_dist="0.1"), "min_dist is '0.1'"),
        (UMAP(n_epochs=0), "n_epochs is 0"),
    ],
    ids=str,
)
def test_parameters_that_make_no_sense_are_refused_in_a_sentence(reducer: Reducer, sentence: str) -> None:
    if isinstance(reducer, UMAP) and not METHODS["umap"].available:
        pytest.skip("the extra [umap] is not installed")
    with pytest.raises(UsageError, match=sentence):
        reducer.fit(PIXELS)


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


@pytest.mark.parametrize("number", [np.float32(20), np.int64(20), 20])
def test_a_perplexity_may_be_any_number(number: object) -> None:
    expected = TSNE(perplexity=20.0).fit_transform(PIXELS[:70])
    np.testing.assert_array_equal(TSNE(perplexity=number).fit_transform(PIXELS[:70]), expected)


def test_a_perplexity_below_one_neighbour_is_one() -> None:
    few, one = (TSNE(perplexity=perplexity).fit_transform(PIXELS[:70]) for perplexity in (1e-9, 1))
    np.testing.assert_array_equal(few, one)


@pytest.mark.parametrize("reducer", REDUCERS, ids=name)
def test_a_fit_builds_no_table(reducer: Reducer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    fitted = clone(reducer).set_output(transform="pandas")
    with pytest.raises(ImportError):
        fitted.fit_transform(PIXELS[:4])
    assert fitted.fit(PIXELS[:4]).embedding_.shape == (4, 2)


@pytest.mark.parametrize("scale", [2.0**660, 2.0**-660], ids=["huge", "tiny"])
def test_pca_of_values_whose_squares_are_no_numbers_is_that_of_others_scaled(scale: float) -> None:
    plain, scaled = PCA().fit(PIXELS), PCA().fit(PIXELS * scale)
    np.testing.assert_array_equal(scaled.components_, plain.components_)
    np.testing.assert_array_equal(scaled.explained_variance_ratio_, plain.explained_variance_ratio_)
    np.testing.assert_array_equal(scaled.mean_, plain.mean_ * scale)
    np.testing.assert_array_equal(scaled.embedding_, plain.embedding_ * scale)
    np.testing.assert_array_equal(scaled.transform(PIXELS[:9] * scale), plain.transform(PIXELS[:9]) * scale)


def test_pca_has_the_axes_of_its_samples_as_they_are() -> None:
    axes = principal_axes(PIXELS, 2)
    np.testing.assert_array_equal(PCA().fit(PIXELS).components_, axes.axes)
    np.testing.assert_array_equal(PCA().fit_transform(PIXELS), axes.scores(PIXELS))
