"""The neighbour read-out: a weighted mean of where a sample's own neighbours lie, itself excluded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.neighbors import NearestNeighbors

from kd_projector.projection.affinities import row_weights, tsne_affinities
from kd_projector.projection.preprocessing import radius
from kd_projector.projection.readout import readout
from tests.projection.handwriting import digits


def random_affinities(seed: int, samples: int = 12) -> csr_matrix:
    rng = np.random.default_rng(seed)
    dense = rng.random((samples, samples)) * (rng.random((samples, samples)) < 0.4)
    return csr_matrix(dense + dense.T)


@given(st.integers(0, 2**16))
def test_weights_sum_to_1_and_leave_the_sample_itself_out(seed: int) -> None:
    affinities = random_affinities(seed)
    before = affinities.toarray()
    weights = row_weights(affinities).toarray()
    assert (np.diag(weights) == 0).all()
    sums = weights.sum(axis=1)
    assert all(total == pytest.approx(1) or total == 0 for total in sums)
    without = before - np.diag(np.diag(before))
    np.testing.assert_allclose(weights * without.sum(axis=1, keepdims=True), without, atol=1e-12)
    np.testing.assert_array_equal(affinities.toarray(), before)


@given(st.integers(0, 2**16), st.integers(0, 11))
def test_a_samples_own_place_on_the_reference_has_no_say_in_its_start(seed: int, sample: int) -> None:
    weights = row_weights(random_affinities(seed))
    reference = np.random.default_rng(seed).normal(size=(12, 2))
    moved = reference.copy()
    moved[sample] += 1e6
    np.testing.assert_array_equal((weights @ reference)[sample], (weights @ moved)[sample])


def test_the_readout_of_digits_onto_their_labels_puts_like_with_like() -> None:
    pixels, labels = digits()
    corners = np.random.default_rng(0).normal(size=(10, 2))
    start = readout(tsne_affinities(pixels[:500], 30).P, corners[labels[:500]])
    assert radius(start) == pytest.approx(1)
    nearest = NearestNeighbors(n_neighbors=1).fit(start).kneighbors(return_distance=False)[:, 0]
    assert np.mean(labels[nearest] == labels[:500]) > 0.8


def test_a_reference_that_is_one_point_reads_out_as_one_point() -> None:
    assert (readout(random_affinities(0), np.full((12, 2), 3.7)) == 0).all()
