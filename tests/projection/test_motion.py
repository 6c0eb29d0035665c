"""Motion between two frames: its units, its fidelity, and which frames cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from kd_projector.errors import UsageError
from kd_projector.projection import motion_between, project_frame
from kd_projector.projection.motion import rank_correlation
from kd_projector.store.frames import Frame
from tests.projection.handwriting import digits, hidden_layer

PIXELS = digits()[0][:200]


def frame(coordinates: np.ndarray, changed: np.ndarray | None = None) -> Frame:
    kept = np.ones(len(coordinates), np.float32)
    return Frame(coordinates.astype(np.float32), kept, "tsne", "readout", reference="r", changed=changed)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-9, 9, width=32)), min_size=2, max_size=40))
@settings(deadline=None)
def test_the_rank_correlation_is_scipys_with_ties_too(pairs: list[tuple[int, float]]) -> None:
    x, y = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    ours = rank_correlation(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)


def test_displacements_are_in_radii_of_the_later_map() -> None:
    places = np.random.default_rng(0).normal(size=(50, 2))
    moved = places + np.array([0.3, 0.4])
    for scale in (1, 20):
        motion = motion_between(frame(scale * places), frame(scale * moved))
        radius = np.sqrt(np.mean(np.sum((places - places.mean(axis=0)) ** 2, axis=1)))
        np.testing.assert_allclose(motion.displacement, 0.5 / radius, rtol=1e-4)
        assert motion.mean_displacement == pytest.approx(0.5 / radius, rel=1e-4)


def test_fidelity_is_one_where_those_move_most_that_changed_most() -> None:
    rng = np.random.default_rng(0)
    changed = rng.permutation(50).astype(np.float32) / 50
    places = rng.normal(size=(50, 2))
    towards = np.full((50, 2), 0.1) * changed[:, None]
    assert motion_between(frame(places), frame(places + towards, changed)).fidelity == pytest.approx(1)
    assert motion_between(frame(places), frame(places + towards, 1 - changed)).fidelity == pytest.approx(-1)


def test_there_is_no_fidelity_where_nothing_moved_or_the_step_before_is_unknown() -> None:
    places = np.random.default_rng(0).normal(size=(50, 2))
    changed = np.linspace(0, 1, 50, dtype=np.float32)
    assert motion_between(frame(places), frame(places, changed)).fidelity is None
    assert motion_between(frame(places), frame(places + places[::-1])).fidelity is None


def test_maps_that_lie_in_different_frames_are_not_compared() -> None:
    one = frame(np.zeros((9, 2)))
    for other in (replace(one, reference="s"), replace(one, method="pca"), replace(one, mode="independent")):
        with pytest.raises(UsageError, match="in one mode on one reference map"):
            motion_between(one, other)
    alone = replace(one, reference=None)  # each lies in a position of its own
    with pytest.raises(UsageError, match="on one reference map"):
        motion_between(alone, alone)
    with pytest.raises(UsageError, match="give two of one layer"):
        motion_between(one, frame(np.zeros((8, 2))))


# -- a frame and the step before it -----------------------------------------------------------------------------------


def test_the_step_before_says_what_changed_and_has_no_part_in_the_map() -> None:
    alone, beside = project_frame(PIXELS), project_frame(PIXELS, previous=PIXELS[:, ::-1] ** 2)
    np.testing.assert_array_equal(alone.coordinates, beside.coordinates)
    assert alone.changed is None
    assert "changed" not in alone.quality
    assert beside.changed is not None
    assert 0 < beside.quality["changed"] == pytest.approx(beside.changed.mean(), abs=1e-6)
    same = project_frame(PIXELS, previous=PIXELS)
    assert same.quality["changed"] == 0


def test_on_real_layers_motion_follows_the_change_of_neighbourhoods() -> None:
    before, now = (hidden_layer(2, training_samples=300, epochs=epochs)[:600] for epochs in (5, 9))
    reference = project_frame(hidden_layer(2, training_samples=900, epochs=60)[:600]).coordinates
    motion = motion_between(project_frame(before, reference), project_frame(now, reference, previous=before))
    assert motion.fidelity is not None
    assert motion.fidelity > 0.1  # independent maps have about 0


@pytest.mark.parametrize(
    ("previous", "sentence"),
    [
        (PIXELS[:20], "step before has 20 samples, this one has 200"),
        (np.full((200, 3), np.nan), "step before has 600 values of 600 that are NaN"),
    ],
)
def test_a_step_before_that_does_not_fit_is_refused(previous: np.ndarray, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        project_frame(PIXELS, previous=previous)
