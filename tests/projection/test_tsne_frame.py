"""A t-SNE frame's read-out: held to its neighbours' median, it moves when its neighbourhoods do."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from kd_projector.errors import UsageError
from kd_projector.projection import nearest, project_frame
from kd_projector.projection.affinities import neighbour_affinities, shared_neighbours
from kd_projector.projection.nearest import nearest_neighbours
from kd_projector.projection.preprocessing import unit_radius
from kd_projector.projection.readout import median_readout
from kd_projector.projection.tsne_engine import Tether, settle
from tests.projection.handwriting import hidden_layer, teacher

SAMPLES = 900
LEARNING = (2, 4, 8, 16, 32)  # epochs of the student whose layer is followed


@lru_cache
def reference() -> np.ndarray:
    return project_frame(teacher()[:SAMPLES]).coordinates


@lru_cache
def frames(mode: str) -> tuple[np.ndarray, ...]:
    return tuple(project_frame(layer, reference(), "tsne", mode).coordinates for layer in student_layers())


def student_layers() -> list[np.ndarray]:
    return [hidden_layer(2, training_samples=100, epochs=epochs, seed=1)[:SAMPLES] for epochs in LEARNING]


def neighbours_kept(mode: str) -> float:
    pairs = zip(frames(mode), student_layers(), strict=True)
    return float(
        np.mean([shared_neighbours(nearest_neighbours(m, 15), nearest_neighbours(x, 15)).mean() for m, x in pairs])
    )


def motion_fidelity(mode: str) -> float:
    """Mean rank correlation of displacement with true change of neighbourhood, over the steps."""
    neighbours = [nearest_neighbours(layer, 15) for layer in student_layers()]
    maps = frames(mode)
    return float(
        np.mean(
            [
                spearmanr(np.linalg.norm(maps[i + 1] - maps[i], axis=1), 1 - shared_neighbours(*neighbours[i : i + 2]))[
                    0
                ]
                for i in range(len(maps) - 1)
            ]
        )
    )


def test_a_sample_moves_when_its_neighbourhood_changes() -> None:
    assert motion_fidelity("readout") > 0.3
    assert motion_fidelity("independent") < 0.15


def test_a_held_map_keeps_nearly_as_many_neighbours_as_an_independent_one() -> None:
    assert neighbours_kept("readout") >= 0.95 * neighbours_kept("independent")


def test_only_who_is_whose_neighbour_decides_on_the_map() -> None:
    # Distances that grow in the same order for every sample change no neighbourhood, and so no place.
    layer = hidden_layer(2, training_samples=100, epochs=8, seed=1)[:300]
    stretched = np.hstack([layer, np.full((300, 1), 5.0)]) * 3.0
    plain = project_frame(layer, reference()[:300]).coordinates
    np.testing.assert_array_equal(project_frame(stretched, reference()[:300]).coordinates, plain)


def test_a_frame_over_approximate_neighbours_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = student_layers()[3]
    exact = project_frame(layer, reference())
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 500)
    approximate = project_frame(layer, reference())
    assert approximate.quality["neighbours_kept"] > exact.quality["neighbours_kept"] - 0.02


@given(st.integers(0, 2**16))
@settings(max_examples=10, deadline=None)
def test_a_sample_that_is_fully_held_hardly_moves_and_a_free_one_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places = 10 * unit_radius(rng.normal(size=(60, 2)))
    affinities = neighbour_affinities(nearest_neighbours(rng.normal(size=(60, 3)), 5))
    pull = np.where(np.arange(60) < 30, 1.0, 0.0)
    moved = np.linalg.norm(settle(affinities, Tether(places, pull))[0] - places, axis=1)
    assert np.median(moved[:30]) < 0.5 * np.median(moved[30:])


@pytest.mark.parametrize("perplexity", [2, 30, 5000])
def test_any_perplexity_gives_a_map(perplexity: float) -> None:
    layer = hidden_layer(2, training_samples=100, epochs=8, seed=1)[:120]
    frame = project_frame(layer, reference()[:120], perplexity=perplexity)
    assert np.isfinite(frame.coordinates).all()
    assert frame.params["perplexity"] == perplexity


def test_neighbour_affinities_are_symmetric_and_sum_to_1() -> None:
    neighbours = nearest_neighbours(np.random.default_rng(0).normal(size=(50, 4)), 7)
    P = neighbour_affinities(neighbours).P.toarray()
    np.testing.assert_allclose(P, P.T, atol=1e-15)
    assert P.sum() == pytest.approx(1)
    assert (np.diag(P) == 0).all()
    mutual = 1.5 * P[P > 0].min() < P
    assert all(i in neighbours[j] and j in neighbours[i] for i, j in np.argwhere(mutual))


def test_the_read_out_is_where_neighbours_are_and_no_outlier_draws_it_away() -> None:
    here, there, far = [0.0, 0.0], [1.0, 0.0], [20.0, 0.0]
    reference_map = np.array([here] * 20 + [there] * 20 + [far])
    mixed, pure, other = median_readout(
        np.array([[0, 1, 2, 3, 40], [5, 6, 7, 8, 9], [20, 21, 22, 23, 24]]), reference_map
    )
    assert np.linalg.norm(mixed - pure) < 0.25 * np.linalg.norm(other - pure)  # the mean would lie 4 times as far off


@given(st.integers(0, 2**16))
@settings(max_examples=20, deadline=None)
def test_a_turned_reference_turns_the_read_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference_map, angle = rng.normal(size=(30, 2)), rng.uniform(0, 7)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    neighbours = nearest_neighbours(rng.normal(size=(30, 4)), 6)
    np.testing.assert_allclose(
        median_readout(neighbours, reference_map @ turn), median_readout(neighbours, reference_map) @ turn, atol=1e-9
    )


@pytest.mark.parametrize("wrong", [np.inf, np.nan, -1, 0, True, "30", None])
def test_a_perplexity_that_is_none_is_refused_in_a_sentence(wrong: object) -> None:
    with pytest.raises(UsageError, match=r"perplexity is .*; it must be a finite number above 0"):
        project_frame(teacher()[:20], perplexity=wrong)
