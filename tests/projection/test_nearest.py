"""Nearest neighbours: exact where that is cheap, approximate beyond, never the sample itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kd_projector.projection import nearest
from kd_projector.projection.affinities import tsne_affinities
from kd_projector.projection.nearest import EXACT_UP_TO, nearest_neighbours, neighbour_search
from tests.projection.handwriting import digits


def recall(found: np.ndarray, true: np.ndarray) -> float:
    return float(np.mean([np.isin(some, all_).mean() for some, all_ in zip(found, true, strict=True)]))


@given(st.integers(2, 40), st.integers(1, 6), st.integers(0, 2**16))
@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("search", ["scikit-learn", "torch"])
def test_neighbours_are_the_nearest_and_never_the_sample_itself(
    search: str, samples: int, dims: int, seed: int
) -> None:
    X = np.random.default_rng(seed).normal(size=(samples, dims)) + 100.0
    before = X.copy()
    k = min(5, samples - 1)
    distances = np.linalg.norm(X[:, None] - X, axis=2)
    np.fill_diagonal(distances, np.inf)
    # The GPU's way, run on the CPU: torch's arithmetic is the same there.
    found = nearest_neighbours(X, k) if search == "scikit-learn" else nearest._on_device(X, k, "cpu")
    np.testing.assert_array_equal(found, distances.argsort(axis=1)[:, :k])
    np.testing.assert_array_equal(X, before)


def test_a_gpu_finds_in_blocks_what_the_cpu_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = digits()[0][:300] + np.random.default_rng(0).normal(scale=1e-6, size=(300, 64))  # no ties
    monkeypatch.setattr(nearest, "_BLOCK_VALUES", 300 * 7)
    np.testing.assert_array_equal(nearest._on_device(pixels, 15, "cpu"), nearest_neighbours(pixels, 15))


@pytest.mark.parametrize(
    ("samples", "dims", "search"),
    [
        (EXACT_UP_TO, 512, "exact"),
        (EXACT_UP_TO + 1, 512, "approximate (Annoy)"),
        (1_000_000, 2, "exact"),  # a map: a k-d tree
    ],
)
def test_the_search_is_chosen_by_what_it_costs(samples: int, dims: int, search: str) -> None:
    assert neighbour_search(samples, dims, "cpu") == search


def test_approximate_neighbours_are_nearly_all_true_ones_and_the_same_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pixels = np.hstack([digits()[0], digits()[0] ** 2])  # 128 dimensions: also reduced
    exact = nearest_neighbours(pixels, 15)
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 1000)
    found = nearest_neighbours(pixels, 15)
    assert recall(found, exact) > 0.95
    np.testing.assert_array_equal(found, nearest_neighbours(pixels, 15))


def test_an_approximate_search_never_gives_a_duplicated_sample_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = np.repeat(digits()[0][:300], 2, axis=0)
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 100)
    found = nearest_neighbours(twice, 5)
    assert not (found == np.arange(600)[:, None]).any()
    assert all(len(set(row)) == 5 for row in found)


def test_affinities_are_over_the_same_kind_of_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = digits()[0][:600]
    exact = tsne_affinities(pixels, 30).P.toarray()
    monkeypatch.setattr(nearest, "EXACT_UP_TO", 100)
    approximate = tsne_affinities(pixels, 30).P.toarray()
    assert 0 < np.abs(approximate - exact).sum() < 0.1


def test_a_gpu_that_cannot_be_used_is_said_and_the_cpu_takes_over_unless_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*arguments: object) -> np.ndarray:
        raise RuntimeError("CUDA out of memory")

    pixels = digits()[0][:200]
    on_cpu = nearest_neighbours(pixels, 5)
    monkeypatch.setattr(nearest, "_device", lambda samples, dims, device: "cuda")
    monkeypatch.setattr(nearest, "_on_device", full)
    np.testing.assert_array_equal(nearest_neighbours(pixels, 5), on_cpu)
    assert "CUDA out of memory" in caplog.text
    with pytest.raises(RuntimeError, match="out of memory"):
        nearest_neighbours(pixels, 5, "cuda")
