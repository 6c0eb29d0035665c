"""Confidence and expected calibration error are torchmetrics', from logits and from what the store keeps."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torchmetrics.functional.classification import multiclass_calibration_error

from kd_projector.errors import UsageError
from kd_projector.measures.calibration import confidence, expected_calibration_error, expected_calibration_error_of
from kd_projector.recording.outputs import sample_outputs


@st.composite
def outputs(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Logits (N, C) and labels (N,), from hardly sure to very sure."""
    n, classes = draw(st.integers(1, 200)), draw(st.integers(2, 12))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    logits = torch.randn(n, classes, generator=generator) * draw(st.floats(0.01, 5))
    return logits, torch.randint(classes, (n,), generator=generator)


@settings(max_examples=60, deadline=None)
@given(outputs(), st.sampled_from([1, 2, 15, 40]))
def test_calibration_error_is_torchmetrics(given_: tuple[Tensor, Tensor], bins: int) -> None:
    logits, labels = given_
    probabilities = logits.softmax(dim=1)
    if bool((probabilities.max(dim=1).values == 1).any()):
        return  # torchmetrics has another bin for these
    expected = float(multiclass_calibration_error(probabilities, labels, logits.shape[1], n_bins=bins))
    assert expected_calibration_error(logits, labels, bins) == pytest.approx(expected, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(outputs())
def test_what_the_store_keeps_gives_the_same_error(given_: tuple[Tensor, Tensor]) -> None:
    logits, labels = given_
    stored = sample_outputs(logits, labels)
    from_store = expected_calibration_error_of(stored["confidence"], stored["prediction"] == labels)
    assert from_store == pytest.approx(expected_calibration_error(logits, labels), abs=1e-5)
    assert float(stored["confidence"].double().mean()) == pytest.approx(confidence(logits), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(outputs(), st.integers(0, 100), st.floats(-50, 50))
def test_neither_order_nor_a_constant_matters_and_both_keep_their_range(
    given_: tuple[Tensor, Tensor], seed: int, constant: float
) -> None:
    logits, labels = given_[0].double(), given_[1]
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    error, sure = expected_calibration_error(logits, labels), confidence(logits)
    assert 0 <= error <= 1
    assert 1 / logits.shape[1] <= sure <= 1
    assert expected_calibration_error(logits[order], labels[order]) == pytest.approx(error, abs=1e-9)
    assert confidence(logits[order] + constant) == pytest.approx(sure, abs=1e-9)


def test_a_model_that_is_as_often_right_as_it_is_sure_has_error_zero() -> None:
    assert expected_calibration_error_of(torch.full((10,), 0.7), torch.arange(10) < 7) == pytest.approx(0, abs=1e-7)


def test_errors_of_different_bins_do_not_cancel_and_weigh_by_their_samples() -> None:
    # Right 1 in 4 at confidence 0.5, always right at 0.9.
    sure = torch.tensor([0.5] * 4 + [0.9] * 12)
    correct = torch.tensor([True] + [False] * 3 + [True] * 12)
    assert expected_calibration_error_of(sure, correct) == pytest.approx((4 * 0.25 + 12 * 0.1) / 16, abs=1e-7)
    # In one bin they do: 13 right of 16, mean confidence 0.8.
    assert expected_calibration_error_of(sure, correct, bins=1) == pytest.approx(13 / 16 - 0.8, abs=1e-7)


def test_confidence_of_exactly_one_is_in_the_last_bin() -> None:
    # With a bin of its own for 1 the error would be (|1 - 0.95| + |0 - 1|) / 2.
    sure, correct = torch.tensor([1.0, 0.95]), torch.tensor([False, True])
    assert expected_calibration_error_of(sure, correct) == pytest.approx(0.975 - 0.5, abs=1e-7)


def test_the_most_confused_and_the_most_mistaken() -> None:
    logits = torch.tensor([[100.0, 0.0], [0.0, 100.0]])
    assert expected_calibration_error(logits, torch.tensor([1, 0])) == pytest.approx(1)
    assert confidence(logits) == pytest.approx(1)
    assert confidence(torch.zeros(3, 8)) == pytest.approx(1 / 8)
    assert expected_calibration_error(torch.zeros(8, 8), torch.arange(8)) == pytest.approx(0, abs=1e-12)


def test_extreme_and_half_precision_logits_stay_finite() -> None:
    for logits in (torch.tensor([[3e38, -3e38]]), torch.tensor([[6e4, -6e4]]).half()):
        assert confidence(logits) == 1
        assert expected_calibration_error(logits, torch.tensor([0])) == 0


def test_a_single_output_chooses_between_nothing() -> None:
    logits = torch.randn(5, 1)
    assert math.isnan(confidence(logits))
    assert math.isnan(expected_calibration_error(logits, torch.zeros(5, dtype=torch.long)))


def test_wrong_input_is_refused() -> None:
    sure, correct = torch.tensor([0.5, 0.6]), torch.tensor([True, False])
    with pytest.raises(UsageError, match="from 0 to 3, but the model has 3 outputs"):
        expected_calibration_error(torch.randn(4, 3), torch.arange(4))
    with pytest.raises(UsageError, match="bins = 0"):
        expected_calibration_error_of(sure, correct, bins=0)
    with pytest.raises(UsageError, match=r"\(2,\) and \(1,\)"):
        expected_calibration_error_of(sure, correct[:1])
    with pytest.raises(UsageError, match="N at least 1"):
        expected_calibration_error_of(sure[:0], correct[:0])
    with pytest.raises(UsageError, match=r"from 0\.5 to 1\.2"):
        expected_calibration_error_of(torch.tensor([0.5, 1.2]), correct)
    with pytest.raises(UsageError, match="The confidence cannot be measured: NaN"):
        expected_calibration_error_of(torch.tensor([0.5, math.nan]), correct)
    with pytest.raises(UsageError, match="The logits cannot be measured"):
        confidence(torch.full((2, 2), math.inf))
