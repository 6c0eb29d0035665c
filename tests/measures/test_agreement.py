"""Accuracy, top-1 agreement and KL divergence agree with scikit-learn, scipy and closed forms."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import entropy
from sklearn.metrics import accuracy_score
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.agreement import accuracy, kl_divergence, top1_agreement


@st.composite
def two_outputs(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Logits (N, C) of a model and of its teacher."""
    n, classes = draw(st.integers(1, 30)), draw(st.integers(2, 12))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    scale = draw(st.floats(0.01, 30))
    return tuple(torch.randn(2, n, classes, generator=generator) * scale)  # type: ignore[return-value]


@settings(max_examples=60, deadline=None)
@given(two_outputs())
def test_accuracy_and_agreement_are_shares_of_equal_predictions(logits: tuple[Tensor, Tensor]) -> None:
    student, teacher = logits
    predicted, labels = student.numpy().argmax(1), teacher.numpy().argmax(1)
    expected = accuracy_score(labels, predicted)
    assert accuracy(student, torch.from_numpy(labels)) == pytest.approx(expected)
    assert top1_agreement(student, teacher) == pytest.approx(expected)
    assert top1_agreement(teacher, student) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(two_outputs())
def test_kl_divergence_is_scipys(logits: tuple[Tensor, Tensor]) -> None:
    student, teacher = logits
    p, q = softmax(teacher.double().numpy(), axis=1), softmax(student.double().numpy(), axis=1)
    assert kl_divergence(student, teacher) == pytest.approx(entropy(p, q, axis=1).mean(), rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(two_outputs(), st.floats(-100, 100))
def test_kl_divergence_is_not_negative_and_ignores_a_constant(logits: tuple[Tensor, Tensor], constant: float) -> None:
    student, teacher = (side.double() for side in logits)
    assert kl_divergence(student, teacher) >= 0
    assert kl_divergence(student + constant, student) == pytest.approx(0, abs=1e-12)
    assert kl_divergence(student + constant, teacher) == pytest.approx(kl_divergence(student, teacher), abs=1e-9)


def test_kl_divergence_is_from_the_teacher_in_nats() -> None:
    certain, undecided = torch.tensor([[200.0, 0.0]]), torch.tensor([[0.0, 0.0]])
    assert kl_divergence(undecided, certain) == pytest.approx(math.log(2))
    assert kl_divergence(certain, undecided) == pytest.approx(100 - math.log(2))


def test_extreme_logits_stay_finite() -> None:
    assert kl_divergence(torch.tensor([[3e38, -3e38]]), torch.tensor([[-3e38, 3e38]])) == pytest.approx(6e38, rel=1e-2)
    assert kl_divergence(torch.tensor([[6e4, 0.0]]).half(), torch.tensor([[6e4, 0.0]]).half()) == 0


def test_the_first_of_equal_outputs_counts() -> None:
    undecided = torch.zeros(4, 3)
    assert accuracy(undecided, torch.tensor([0, 0, 1, 2])) == 0.5


def test_a_single_output_chooses_between_nothing() -> None:
    logits = torch.randn(5, 1)
    assert math.isnan(accuracy(logits, torch.zeros(5, dtype=torch.long)))
    assert math.isnan(top1_agreement(logits, logits))
    assert math.isnan(kl_divergence(logits, logits))


def test_wrong_input_is_refused() -> None:
    logits = torch.randn(4, 3)
    with pytest.raises(UsageError, match="from 0 to 3, but the model has 3 outputs"):
        accuracy(logits, torch.arange(4))
    with pytest.raises(UsageError, match="float32"):
        accuracy(logits, torch.zeros(4))
    with pytest.raises(UsageError, match=r"\(4, 3\) and \(4, 5\)"):
        top1_agreement(logits, torch.randn(4, 5))
    with pytest.raises(UsageError, match="The teacher's logits"):
        kl_divergence(logits, logits * math.nan)
