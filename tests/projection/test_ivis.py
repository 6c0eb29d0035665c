"""IVIS: its triplets, its loss, and what its training makes of digits."""

from __future__ import annotations

import os

import numpy as np
import pytest
import torch

from kd_projector.projection import Ivis
from kd_projector.projection.ivis_fit import cublas_workspace
from kd_projector.projection.ivis_neighbours import Neighbours
from kd_projector.projection.ivis_triplets import epoch_of_triplets
from kd_projector.projection.preprocessing import unit_radius
from tests.projection.handwriting import digits, label_accuracies

PIXELS, LABELS = (array[:500] for array in digits())


def test_triplets_are_a_neighbour_and_samples_that_are_not() -> None:
    neighbours = torch.stack([(torch.arange(40) + shift) % 40 for shift in (1, 2, 3)], dim=1)
    seen = []
    for batch in epoch_of_triplets(Neighbours(neighbours, torch.full((40,), 3)), 10, torch.Generator().manual_seed(0)):
        assert (((batch.positives - batch.anchors) % 40 >= 1) & ((batch.positives - batch.anchors) % 40 <= 3)).all()
        apart = (batch.anchors[batch.negatives] - batch.anchors[:, None]) % 40
        assert (apart != 0).all()
        assert torch.equal(batch.usable, (apart > 3))
        seen += batch.anchors.tolist()
    assert sorted(seen) == list(range(40))


def test_training_brings_the_triplet_loss_down_and_classes_apart() -> None:
    ivis = Ivis().fit(PIXELS)
    assert len(ivis.loss_history_) == 175  # epochs of two batches: 350 in all
    assert ivis.final_loss_ < 0.5 * Ivis(epochs=1).fit(PIXELS).final_loss_
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
    seen: list[int] = []
    neighbours = torch.stack([(torch.arange(500) + shift) % 500 for shift in (1, 2, 3)], dim=1)
    for batch in epoch_of_triplets(
        Neighbours(neighbours, torch.full((500,), 3)), 150, torch.Generator().manual_seed(0)
    ):
        assert len(batch.anchors) == 125
        seen += batch.anchors.tolist()
    assert sorted(seen) == list(range(500))


def test_a_fit_on_one_device_leaves_the_chance_of_all_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seeded: list[int] = []
    # What torch.manual_seed calls, also where there is no GPU: there it waits until there is one.
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)
    monkeypatch.setattr(torch.cuda, "manual_seed", seeded.append)
    before = torch.get_rng_state()
    Ivis(epochs=1, device="cpu").fit(PIXELS[:60])
    assert seeded == []
    assert torch.equal(torch.get_rng_state(), before)


def test_cublas_gets_its_workspace_for_the_time_of_a_fit_only(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "CUBLAS_WORKSPACE_CONFIG"
    monkeypatch.delenv(name, raising=False)
    with cublas_workspace(torch.device("cuda")):
        assert os.environ[name] == ":4096:8"
    assert name not in os.environ
    with cublas_workspace(torch.device("cpu")):
        assert name not in os.environ
    monkeypatch.setenv(name, ":16:8")
    with cublas_workspace(torch.device("cuda")):
        assert os.environ[name] == ":16:8"
    assert os.environ[name] == ":16:8"
