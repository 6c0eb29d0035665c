"""Laying a map onto another: only moves that keep its shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kd_projector.projection.alignment import aligned, canonical
from kd_projector.projection.preprocessing import radius

seeds = st.integers(0, 2**16)
components = st.sampled_from([2, 3])


def points(seed: int, components: int = 2, samples: int = 30) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.gamma(1.0, size=(samples, components)) * rng.uniform(0.5, 3, components) + rng.normal(size=components)


def rigid_move(points: np.ndarray, seed: int) -> np.ndarray:
    """Rotated or reflected, scaled and shifted, by chance."""
    rng = np.random.default_rng(seed + 1)
    rotation = np.linalg.qr(rng.normal(size=(points.shape[1],) * 2))[0]
    return points @ rotation * rng.uniform(0.1, 10) + rng.normal(size=points.shape[1])


def distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points, axis=2)


@given(seeds, components)
def test_alignment_undoes_every_rotation_reflection_scale_and_shift(seed: int, components: int) -> None:
    target = points(seed, components)
    np.testing.assert_allclose(aligned(rigid_move(target, seed), target), target, atol=1e-8)


@given(seeds, components)
def test_alignment_keeps_a_maps_shape(seed: int, components: int) -> None:
    moving, target = points(seed, components), points(seed + 1, components)
    before, after = distances(moving), distances(aligned(moving, target))
    np.testing.assert_allclose(after, before * (radius(target) / radius(moving)), atol=1e-8)


@given(seeds)
def test_no_other_rotation_brings_a_map_nearer(seed: int) -> None:
    target = points(seed)
    best = aligned(points(seed + 1), target)
    centre = target.mean(axis=0)
    for angle in np.linspace(0, 2 * np.pi, 24):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        for mirror in (1, -1):
            other = (best - centre) @ turn * [1, mirror] + centre
            assert np.sum((other - target) ** 2) >= np.sum((best - target) ** 2) - 1e-8


def test_a_map_that_disagrees_with_the_reference_keeps_its_radius() -> None:
    rng = np.random.default_rng(0)
    noise, target = rng.normal(size=(500, 2)), rng.normal(size=(500, 2))
    assert radius(aligned(noise, target)) == pytest.approx(radius(target))


def test_a_single_point_lies_on_the_references_mean() -> None:
    target = points(0)
    np.testing.assert_allclose(aligned(np.full((30, 2), 4.0), target), np.broadcast_to(target.mean(axis=0), (30, 2)))


def test_a_map_laid_onto_a_single_point_has_radius_1_around_it() -> None:
    placed = aligned(points(0), np.full((30, 2), 4.0))
    np.testing.assert_allclose(placed.mean(axis=0), 4.0)
    assert radius(placed) == pytest.approx(1)


@given(seeds, components)
def test_the_standard_position_is_the_same_however_a_map_lay(seed: int, components: int) -> None:
    shape = points(seed, components, samples=60)
    standard = canonical(shape)
    order = np.random.default_rng(seed).permutation(60)
    assert radius(standard) == pytest.approx(1)
    np.testing.assert_allclose(distances(standard) * radius(shape), distances(shape), atol=1e-8)
    np.testing.assert_allclose(np.abs(canonical(rigid_move(shape, seed))), np.abs(standard), atol=1e-5)
    np.testing.assert_allclose(canonical(shape[order]), standard[order], atol=1e-6)
    assert (np.mean(standard**3, axis=0) > -1e-9).all()


def test_a_map_on_a_line_lies_along_x() -> None:
    line = np.linspace(0, 1, 20)[:, None] ** 2 * [3.0, 4.0]
    np.testing.assert_allclose(canonical(line)[:, 1], 0, atol=1e-9)
