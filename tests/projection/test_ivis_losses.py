"""IVIS's losses against their formulas, written out pair by pair in numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kd_projector.errors import UsageError
from kd_projector.projection import Ivis
from kd_projector.projection.ivis_losses import LOSSES, Triplets, hold_loss, layout_loss, triplet_loss
from tests.projection.handwriting import digits

PIXELS = digits()[0][:120]
RNG = np.random.default_rng(0)
A, P = RNG.normal(size=(2, 6, 3))
NEGATIVES = (np.arange(6)[:, None] + [1, 2]) % 6
USABLE = RNG.random((6, 2)) < 0.7
TRIPLETS = Triplets(torch.tensor(A), torch.tensor(P), torch.tensor(NEGATIVES), torch.tensor(USABLE))
DISTANCES = {
    "euclidean": lambda x, y: np.linalg.norm(x - y),
    "manhattan": lambda x, y: np.abs(x - y).sum(),
    "chebyshev": lambda x, y: np.abs(x - y).max(),
    "cosine": lambda x, y: 1 - x @ y / np.linalg.norm(x) / np.linalg.norm(y),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_its_formula(name: str) -> None:
    pn = name.endswith("pn")
    distance = DISTANCES.get(name.removesuffix("_pn"), DISTANCES["euclidean"])
    terms = []
    for i, s in zip(*np.nonzero(USABLE), strict=True):
        n = A[NEGATIVES[i, s]]
        near, far = distance(A[i], P[i]), distance(A[i], n)
        if pn:
            far = min(far, distance(P[i], n))
        ratio = np.exp(near) / (np.exp(near) + np.exp(far))
        terms.append(ratio if name.startswith("softmax") else max(near - far + 0.5, 0))
    assert float(triplet_loss(TRIPLETS, name, margin=0.5)) == pytest.approx(np.mean(terms))


def test_all_losses_of_the_package_have_their_names() -> None:
    plain = ("euclidean", "manhattan", "chebyshev", "cosine", "softmax_ratio")
    assert set(LOSSES) == {"pn", *plain, *(f"{name}_pn" for name in plain[1:])}


def test_a_loss_of_ones_own_gets_stacked_triplets_as_in_the_package() -> None:
    def of_my_own(labels: None, stacked: torch.Tensor) -> torch.Tensor:
        anchors, positives, negatives = stacked
        near, far = (anchors - positives).norm(dim=1), (anchors - negatives).norm(dim=1)
        return torch.relu(near - far + 1).mean()

    own, named = (triplet_loss(TRIPLETS, loss, margin=1.0) for loss in (of_my_own, "euclidean"))
    assert float(own) == pytest.approx(float(named))
    assert Ivis(distance=of_my_own, epochs=2).fit_transform(PIXELS).shape == (120, 2)


@pytest.mark.parametrize("name", LOSSES)
def test_training_lowers_every_loss(name: str) -> None:
    ivis = Ivis(distance=name, layout_weight=0, epochs=60).fit(PIXELS)
    assert np.mean(ivis.loss_history_[-5:]) < 0.9 * np.mean(ivis.loss_history_[:5])


def test_the_layout_loss_is_one_minus_the_correlation_of_distances() -> None:
    given = RNG.random((6, 2))
    on_map = np.linalg.norm(A[:, None] - A[NEGATIVES], axis=2)
    expected = 1 - np.corrcoef(on_map.ravel(), given.ravel())[0, 1]
    assert float(layout_loss(TRIPLETS, torch.tensor(given))) == pytest.approx(expected)


def test_layout_weight_keeps_large_distances() -> None:
    first, second = np.random.default_rng(0).integers(0, 120, (2, 5000))
    given = np.linalg.norm(PIXELS[first] - PIXELS[second], axis=1)
    agreement = []
    for weight in (0.0, 0.5):
        places = Ivis(layout_weight=weight).fit_transform(PIXELS)
        agreement.append(np.corrcoef(np.linalg.norm(places[first] - places[second], axis=1), given)[0, 1])
    assert agreement[1] > agreement[0] + 0.05


def test_what_is_far_from_where_it_is_held_is_let_go() -> None:
    places = torch.tensor([[0.0, 0.0]], requires_grad=True)
    pulls = []
    for distance in (0.5, 10.0):
        (pull,) = torch.autograd.grad(hold_loss(places, torch.tensor([[distance, 0.0]]), margin=1.0), places)
        pulls.append(float(-pull[0, 0]))
    assert pulls[0] > 0.5
    assert 0 < pulls[1] < 0.01


def test_losses_survive_samples_at_one_place() -> None:
    together = torch.zeros(4, 2, requires_grad=True)
    all_pairs = torch.tensor([[1], [2], [3], [0]])
    triplets = Triplets(together, together * 1, all_pairs, torch.ones(4, 1, dtype=torch.bool))
    for name in LOSSES:
        loss = triplet_loss(triplets, name, 1.0) + layout_loss(triplets, torch.ones(4, 1))
        (slope,) = torch.autograd.grad(loss, together, retain_graph=True)
        assert torch.isfinite(slope).all(), name


def test_an_unknown_loss_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="distance is 'hinge'; it must be one of pn, euclidean, manhattan_pn"):
        Ivis(distance="hinge").fit(PIXELS)
