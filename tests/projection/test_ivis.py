"""IVIS: its triplets, its loss, and what its training makes of digits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kd_projector.projection import Ivis
from kd_projector.projection.ivis_triplets import TripletBatch, triplet_batches, triplet_loss
from kd_projector.projection.preprocessing import unit_radius
from tests.projection.handwriting import digits, label_accuracies

PIXELS, LABELS = (array[:500] for array in digits())


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
