"""Map quality against scikit-learn and against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from kd_projector.measures.centred import CentredEmbedding
from kd_projector.measures.neighbours import neighbours_by
from kd_projector.projection import quality
from kd_projector.projection.quality import MapQuality, Neighbourhoods, neighbourhood_change


def map_quality(embedding: np.ndarray, coordinates: np.ndarray) -> MapQuality:
    return quality.map_quality(Neighbourhoods.of(embedding), coordinates)


def embedding_and_map(seed: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    embedding = rng.normal(size=(samples, 6)) * [5, 3, 1, 1, 1, 1]
    return embedding, embedding[:, :2] + rng.normal(size=(samples, 2)) * rng.uniform(0, 3)


@given(st.integers(0, 2**16), st.integers(32, 80))
@settings(max_examples=30, deadline=None)
def test_trustworthiness_is_scikit_learns(seed: int, samples: int) -> None:
    embedding, coordinates = embedding_and_map(seed, samples)
    ours = map_quality(embedding, coordinates).trustworthiness
    assert ours == pytest.approx(trustworthiness(embedding, coordinates, n_neighbors=15), abs=1e-12)


@given(st.integers(0, 2**16), st.integers(3, 60))
@settings(max_examples=30, deadline=None)
def test_kept_is_the_share_of_shared_neighbours(seed: int, samples: int) -> None:
    embedding, coordinates = embedding_and_map(seed, samples)
    k = min(15, samples - 1)
    expected = [len(set(a) & set(b)) / k for a, b in zip(nearest(embedding, k), nearest(coordinates, k), strict=True)]
    result = map_quality(embedding, coordinates)
    np.testing.assert_allclose(result.kept, expected, atol=1e-6)
    assert result.neighbours_kept == pytest.approx(np.mean(expected), abs=1e-6)


def nearest(points: np.ndarray, k: int) -> np.ndarray:
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    return distances.argsort(axis=1)[:, :k]


def test_working_in_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    embedding, coordinates = embedding_and_map(0, 300)
    whole = map_quality(embedding, coordinates)
    monkeypatch.setattr(quality, "_BLOCK_VALUES", 7 * 300)  # and so for the distances to neighbours, 23 rows at a time
    blocks = map_quality(embedding, coordinates)
    np.testing.assert_array_equal(whole.kept, blocks.kept)
    assert whole.trustworthiness == blocks.trustworthiness


def test_a_map_that_is_the_embedding_is_perfect() -> None:
    embedding = np.random.default_rng(0).normal(size=(100, 2))
    result = map_quality(embedding, -3 * embedding + 8)
    assert result.neighbours_kept == 1
    assert result.trustworthiness == 1


def test_a_map_that_knows_nothing_is_at_chance() -> None:
    rng = np.random.default_rng(0)
    result = map_quality(rng.normal(size=(1000, 20)), rng.normal(size=(1000, 2)))
    assert result.neighbours_kept == pytest.approx(15 / 999, abs=0.005)
    assert result.trustworthiness == pytest.approx(0.5, abs=0.02)


def test_any_of_several_equal_samples_counts_as_a_kept_neighbour() -> None:
    copies = np.repeat(np.random.default_rng(0).normal(size=(5, 30)) * 100, 40, axis=0)
    places = np.repeat(np.eye(5), 40, axis=0)[:, :2] * 10 + np.repeat(np.arange(5), 40)[:, None]
    jittered = places + 0.01 * np.random.default_rng(1).normal(size=places.shape)
    result = map_quality(copies, jittered)
    assert result.neighbours_kept == 1
    assert result.trustworthiness == 1


@pytest.mark.parametrize("samples", [1, 2, 3])
def test_one_to_three_samples_have_a_quality(samples: int) -> None:
    embedding, coordinates = embedding_and_map(0, samples)
    result = map_quality(embedding, coordinates)
    assert result.kept.tolist() == [1] * samples
    assert 0 <= result.trustworthiness <= 1


def test_over_many_samples_trustworthiness_is_measured_for_some(monkeypatch: pytest.MonkeyPatch) -> None:
    embedding, coordinates = embedding_and_map(3, 1000)
    of_all = map_quality(embedding, coordinates).trustworthiness
    monkeypatch.setattr(quality, "_RANKED_SAMPLES", 300)
    of_some = map_quality(embedding, coordinates).trustworthiness
    assert of_some != of_all
    assert of_some == pytest.approx(of_all, abs=0.01)


# -- who is near whom -------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**16), st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_neighbours_are_the_nearest_the_nearest_first(seed: int, samples: int) -> None:
    embedding, _ = embedding_and_map(seed, samples)
    found = Neighbourhoods.of(embedding)
    np.testing.assert_array_equal(found.neighbours, nearest(embedding, min(15, samples - 1)))
    assert not found.tied.any()


@given(st.integers(0, 2**16), st.integers(2, 40), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_neighbours_are_tied_where_the_measures_call_them_not_determined(seed: int, samples: int, k: int) -> None:
    embedding = np.random.default_rng(seed).integers(0, 3, size=(samples, 3)).astype(float)  # few places: many ties
    found = Neighbourhoods.of(embedding, k)
    tensor = torch.from_numpy(embedding)
    expected = neighbours_by(tensor, CentredEmbedding.of(tensor), k)
    np.testing.assert_array_equal(found.tied, ~expected.determined.numpy())
    for sample in np.flatnonzero(~found.tied):
        assert set(found.neighbours[sample]) == set(expected.indices[sample].tolist())


# -- the change of neighbourhoods -------------------------------------------------------------------------------------


def change(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    return neighbourhood_change(Neighbourhoods.of(before), Neighbourhoods.of(now))


@given(st.integers(0, 2**16), st.integers(3, 60), st.floats(0, 3))
@settings(max_examples=30, deadline=None)
def test_change_is_the_share_of_new_neighbours(seed: int, samples: int, noise: float) -> None:
    before, _ = embedding_and_map(seed, samples)
    now = before + noise * np.random.default_rng(seed + 1).normal(size=before.shape)
    k = min(15, samples - 1)
    new = [len(set(a) - set(b)) / k for a, b in zip(nearest(now, k), nearest(before, k), strict=True)]
    np.testing.assert_allclose(change(before, now), new, atol=1e-6)


@given(st.integers(0, 2**16), st.integers(2, 50))
@settings(max_examples=20, deadline=None)
def test_what_is_turned_scaled_moved_or_widened_has_not_changed(seed: int, samples: int) -> None:
    before, _ = embedding_and_map(seed, samples)
    rotation = np.linalg.qr(np.random.default_rng(seed).normal(size=(6, 6)))[0]
    now = np.hstack([7 * before @ rotation + 100, np.ones((samples, 2))])
    np.testing.assert_array_equal(change(before, now), 0)


def test_only_the_samples_that_went_elsewhere_and_whom_they_left_or_joined_have_changed() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.eye(3) * 100, 40, axis=0) + rng.normal(size=(120, 3))
    moved = groups.copy()
    moved[0] += moved[50] - moved[0] + 0.1  # from the first group into the second
    changed = change(groups, moved)
    assert changed[0] == 1
    assert (changed[80:] == 0).all()
    assert changed[1:40].max() <= 1 / 15
    assert changed[40:80].max() <= 1 / 15


def test_equal_samples_have_not_changed_whichever_of_them_is_called_a_neighbour() -> None:
    copies = np.repeat(np.random.default_rng(0).normal(size=(5, 30)), 40, axis=0)
    np.testing.assert_array_equal(change(copies, copies[:, ::-1]), 0)
