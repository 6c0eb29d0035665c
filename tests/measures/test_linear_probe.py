"""The linear probe is scikit-learn's converged logistic regression, fitted to one half and scored on the other."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures import linear_probe, logistic_regression
from kd_projector.measures.linear_probe import halves, linear_probe_accuracy
from kd_projector.measures.logistic_regression import fit_logistic_regression

from .constructed import blobs, labelled_embeddings, rotation

labellings = st.lists(st.integers(-3, 4), min_size=1, max_size=60).map(torch.tensor)


def scikit_learns(X: Tensor, labels: Tensor, seed: int = 0) -> float:
    fitted, scored = (half.numpy() for half in halves(labels, seed))
    rows, classes = X.double().numpy(), labels.numpy()
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=1, tol=1e-8, max_iter=10_000))
    return float(probe.fit(rows[fitted], classes[fitted]).score(rows[scored], classes[scored]))


@settings(max_examples=30, deadline=None)
@given(labelled_embeddings(), st.integers(0, 100))
def test_accuracy_is_scikit_learns_on_the_same_halves(labelled: tuple[Tensor, Tensor], seed: int) -> None:
    X, labels = labelled
    if int((torch.bincount(labels) > 1).sum()) < 2:
        assert math.isnan(linear_probe_accuracy(X, labels, seed))
        return
    assert linear_probe_accuracy(X, labels, seed) == pytest.approx(scikit_learns(X, labels, seed))


@pytest.mark.parametrize(("d", "classes"), [(5, 2), (40, 2), (40, 5), (300, 3)])
def test_weights_are_scikit_learns(d: int, classes: int) -> None:
    X, labels = blobs(n=120, d=d, classes=classes, spread=0.3)
    X = (X - X.mean(dim=0)).double()
    found = fit_logistic_regression(X, labels, classes)
    expected = LogisticRegression(C=1, tol=1e-9, max_iter=10_000).fit(X.numpy(), labels.numpy())
    assert found.converged
    # For two classes scikit-learn has one vector, the difference of ours.
    weights = found.weights if classes > 2 else (found.weights[1] - found.weights[0])[None]
    assert np.abs(weights.numpy() - expected.coef_).max() < 1e-3
    assert (found.predict(X).numpy() == expected.predict(X.numpy())).all()


def test_the_fit_ends_where_the_gradient_of_the_penalised_loss_is_zero() -> None:
    X, labels = blobs(n=100, d=8, classes=3)
    X = (X - X.mean(dim=0)).double()
    found = fit_logistic_regression(X, labels, 3)
    weights, biases = found.weights.clone().requires_grad_(), found.biases.clone().requires_grad_()
    loss = (
        torch.nn.functional.cross_entropy(X @ weights.T + biases, labels, reduction="sum") + weights.square().sum() / 2
    )
    gradients = torch.cat([gradient.flatten() for gradient in torch.autograd.grad(loss, [weights, biases])])
    assert float(gradients.norm()) == pytest.approx(found.gradient_norm, rel=1e-6)
    assert found.gradient_norm <= 1e-3


def test_strongly_correlated_columns_of_many_scales_are_fitted_to_convergence() -> None:
    X, labels = blobs(n=300, d=10, classes=6)
    mixed = X.double() @ rotation(10, 0) @ torch.diag(torch.logspace(0, -5, 10, dtype=torch.float64)) @ rotation(10, 1)
    mixed = mixed @ torch.randn(10, 80, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert linear_probe_accuracy(mixed, labels) == pytest.approx(scikit_learns(mixed, labels), abs=1 / 150)


def test_classes_apart_are_told_and_noise_is_not() -> None:
    X, labels = blobs(n=400, d=30, classes=4, spread=8)
    assert linear_probe_accuracy(X, labels) == 1
    noise = torch.randn(1000, 20, generator=torch.Generator().manual_seed(1))
    assert linear_probe_accuracy(noise, torch.arange(1000) % 10) == pytest.approx(0.1, abs=0.04)


def test_a_ring_around_a_class_is_not_told_by_planes() -> None:
    angles = torch.arange(200) * 2 * math.pi / 200
    ring = torch.stack([angles.cos(), angles.sin()], dim=1)
    X, labels = torch.cat([ring * 0.1, ring]), torch.arange(400) // 200
    assert linear_probe_accuracy(X, labels) < 0.65


@settings(max_examples=80, deadline=None)
@given(labellings, st.integers(0, 10))
def test_each_class_of_two_or_more_is_in_both_halves_and_no_sample_is(labels: Tensor, seed: int) -> None:
    fitted, scored = (half.tolist() for half in halves(labels, seed))
    assert fitted == sorted(fitted)
    assert scored == sorted(scored)
    assert not set(fitted) & set(scored)
    for label in labels.unique():
        members = set((labels == label).nonzero().squeeze(1).tolist())
        own = len(members & set(fitted)), len(members & set(scored))
        assert own == ((0, 0) if len(members) == 1 else (math.ceil(len(members) / 2), len(members) // 2))


def test_halves_depend_on_the_seed_and_not_on_the_names_of_classes() -> None:
    labels = torch.arange(100) % 7
    first = halves(labels)
    for one, other in zip(first, halves(50 - 3 * labels), strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(first[0], halves(labels, seed=1)[0])
    before = torch.random.get_rng_state()
    halves(labels)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_what_is_scored_is_not_looked_at_for_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = blobs(n=80, d=6)
    fitted, scored = halves(labels)
    seen: list[Tensor] = []

    def spied(Z: Tensor, codes: Tensor, classes: int) -> logistic_regression.LinearClassifier:
        seen.append(Z)
        return fit_logistic_regression(Z, codes, classes)

    monkeypatch.setattr(linear_probe, "fit_logistic_regression", spied)
    linear_probe_accuracy(X, labels)
    changed = X.clone()
    changed[scored] = -0.5 * changed[scored]  # not larger than before, so that the common power of two stays
    changed[fitted[0]] = X[fitted[0]]
    linear_probe_accuracy(changed, labels)
    assert torch.equal(seen[0], seen[1])


def test_constant_columns_and_columns_constant_in_the_fitted_half_change_nothing() -> None:
    X, labels = blobs(n=90, d=5)
    _, scored = halves(labels)
    sometimes = torch.zeros(90, 1)
    sometimes[scored] = 1.0
    wider = torch.cat([X, torch.full((90, 2), 0.1), sometimes], dim=1)
    assert linear_probe_accuracy(wider, labels) == linear_probe_accuracy(X, labels)


def test_undefined_where_there_is_no_pair_of_halves_with_two_classes() -> None:
    X = torch.randn(6, 3)
    for labels in (torch.zeros(6), torch.arange(6), torch.tensor([0, 0, 0, 1, 2, 3])):
        assert math.isnan(linear_probe_accuracy(X, labels.long()))
    assert math.isnan(linear_probe_accuracy(X[:1], torch.tensor([0])))


def test_a_collapsed_layer_predicts_the_larger_class() -> None:
    labels = torch.tensor([0] * 30 + [1] * 10)
    assert linear_probe_accuracy(torch.full((40, 4), 0.1), labels) == 0.75


def test_a_fit_that_has_not_converged_has_no_accuracy(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = blobs()
    monkeypatch.setattr(logistic_regression, "MOST_STEPS", 2)
    assert math.isnan(linear_probe_accuracy(X, labels))


def test_labels_that_are_no_whole_numbers_are_refused() -> None:
    with pytest.raises(UsageError, match="float32"):
        linear_probe_accuracy(torch.randn(4, 2), torch.zeros(4))


def test_the_halves_are_drawn_on_the_cpu_also_where_torch_has_another_default_device() -> None:
    labels = torch.arange(40) % 3
    expected = halves(labels)
    with torch.device("meta"):
        fitted, scored = halves(labels)
    assert torch.equal(fitted, expected[0])
    assert torch.equal(scored, expected[1])
