"""Accuracy, top-1 agreement and the divergences agree with scikit-learn, scipy and closed forms."""

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
from kd_projector.measures.agreement import (
    accuracy,
    disagreement_per_sample,
    js_divergence,
    js_divergence_per_sample,
    kl_divergence,
    reverse_kl_divergence,
    top1_agreement,
)

temperatures = st.floats(0.5, 20)  # with less, scipy has probabilities that vanish


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
@given(two_outputs(), temperatures)
def test_kl_divergences_are_scipys_at_every_temperature(logits: tuple[Tensor, Tensor], temperature: float) -> None:
    student, teacher = logits
    p, q = (softmax(side.double().numpy() / temperature, axis=1) for side in (teacher, student))
    forwards, backwards = entropy(p, q, axis=1).mean(), entropy(q, p, axis=1).mean()
    assert kl_divergence(student, teacher, temperature) == pytest.approx(forwards, rel=1e-9, abs=1e-12)
    assert reverse_kl_divergence(student, teacher, temperature) == pytest.approx(backwards, rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(two_outputs(), temperatures)
def test_js_divergence_is_scipys_entropy_relative_to_the_average(
    logits: tuple[Tensor, Tensor], temperature: float
) -> None:
    student, teacher = logits
    p, q = (softmax(side.double().numpy() / temperature, axis=1) for side in (teacher, student))
    expected = (entropy(p, (p + q) / 2, axis=1) + entropy(q, (p + q) / 2, axis=1)) / 2
    assert js_divergence_per_sample(student, teacher, temperature).numpy() == pytest.approx(expected, abs=1e-9)
    assert js_divergence(student, teacher, temperature) == pytest.approx(expected.mean(), abs=1e-9)


def test_without_a_temperature_it_is_one() -> None:
    student, teacher = torch.randn(2, 20, 5, generator=torch.Generator().manual_seed(0))
    for divergence in (kl_divergence, reverse_kl_divergence, js_divergence):
        assert divergence(student, teacher) == divergence(student, teacher, 1.0)
        assert divergence(student * 3, teacher * 3, 3.0) == pytest.approx(divergence(student, teacher))


@settings(max_examples=40, deadline=None)
@given(two_outputs(), st.floats(-100, 100))
def test_divergences_are_not_negative_and_ignore_a_constant(logits: tuple[Tensor, Tensor], constant: float) -> None:
    student, teacher = (side.double() for side in logits)
    for divergence in (kl_divergence, reverse_kl_divergence, js_divergence):
        assert divergence(student, teacher) >= 0
        assert divergence(student + constant, student) == pytest.approx(0, abs=1e-12)
        assert divergence(student + constant, teacher) == pytest.approx(divergence(student, teacher), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(two_outputs())
def test_the_two_ways_round_are_each_others_mirror_image(logits: tuple[Tensor, Tensor]) -> None:
    student, teacher = logits
    assert reverse_kl_divergence(student, teacher) == kl_divergence(teacher, student)
    assert js_divergence(student, teacher) == pytest.approx(js_divergence(teacher, student), abs=1e-12)
    assert js_divergence(student, teacher) <= math.log(2)


@settings(max_examples=40, deadline=None)
@given(two_outputs())
def test_disagreement_sample_by_sample_is_what_agreement_leaves(logits: tuple[Tensor, Tensor]) -> None:
    student, teacher = logits
    disagree = disagreement_per_sample(student, teacher)
    assert disagree.dtype == torch.bool
    assert disagree.tolist() == (student.argmax(1) != teacher.argmax(1)).tolist()
    assert top1_agreement(student, teacher) == pytest.approx(1 - float(disagree.float().mean()))


def test_js_divergence_of_what_has_nothing_in_common_is_log_2() -> None:
    student, teacher = torch.tensor([[1e30, -1e30], [0.0, 800.0]]), torch.tensor([[-1e30, 1e30], [0.0, 800.0]])
    assert js_divergence_per_sample(student, teacher).tolist() == [math.log(2), 0]


def test_kl_divergence_is_from_the_teacher_in_nats() -> None:
    certain, undecided = torch.tensor([[200.0, 0.0]]), torch.tensor([[0.0, 0.0]])
    assert kl_divergence(undecided, certain) == pytest.approx(math.log(2))
    assert kl_divergence(certain, undecided) == pytest.approx(100 - math.log(2))


def test_extreme_logits_stay_finite() -> None:
    assert kl_divergence(torch.tensor([[3e38, -3e38]]), torch.tensor([[-3e38, 3e38]])) == pytest.approx(6e38, rel=1e-2)
    assert kl_divergence(torch.tensor([[6e4, 0.0]]).half(), torch.tensor([[6e4, 0.0]]).half()) == 0
    far = torch.tensor([[1.5e308, -1.5e308]], dtype=torch.float64)
    for divergence in (kl_divergence, reverse_kl_divergence, js_divergence):
        assert divergence(far, far, 0.01) == 0
        assert math.isfinite(divergence(far, -far, 0.01))


def test_the_first_of_equal_outputs_counts() -> None:
    undecided = torch.zeros(4, 3)
    assert accuracy(undecided, torch.tensor([0, 0, 1, 2])) == 0.5


def test_a_single_output_chooses_between_nothing() -> None:
    logits = torch.randn(5, 1)
    assert math.isnan(accuracy(logits, torch.zeros(5, dtype=torch.long)))
    assert math.isnan(top1_agreement(logits, logits))
    for divergence in (kl_divergence, reverse_kl_divergence, js_divergence):
        assert math.isnan(divergence(logits, logits))
    assert js_divergence_per_sample(logits, logits).isnan().all()
    assert not disagreement_per_sample(logits, -logits).any()


def test_wrong_input_is_refused() -> None:
    logits = torch.randn(4, 3)
    with pytest.raises(UsageError, match="from 0 to 3, but the model has 3 outputs"):
        accuracy(logits, torch.arange(4))
    with pytest.raises(UsageError, match="float32"):
        accuracy(logits, torch.zeros(4))
    with pytest.raises(UsageError, match=r"\(4, 3\) and \(4, 5\)"):
        top1_agreement(logits, torch.randn(4, 5))
    for temperature in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(UsageError, match=f"temperature of {temperature}"):
            js_divergence(logits, logits, temperature)
    with pytest.raises(UsageError, match="The teacher's logits"):
        kl_divergence(logits, logits * math.nan)
