"""Measures of how sure a model is of its predictions, and whether it is as often right as it is sure."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.agreement import class_indices
from kd_projector.measures.inputs import finite_double

BINS = 15  # of equal width, as in Guo et al.


def confidence(logits: Tensor) -> float:
    """Mean probability that the model gives to the class it predicts: (1 / N) sum_i max_c softmax(logits_i)_c.

    logits: (N, C). Range [1 / C, 1]; higher is surer of itself, right or wrong. Invariant to a constant added to all
    outputs of a sample. Undefined (nan) for C = 1, which chooses between nothing. Cost: N C.
    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    logits = finite_double(logits, "The logits")
    return float(_confidence_per_sample(logits).mean()) if logits.shape[1] > 1 else float("nan")


def expected_calibration_error(logits: Tensor, labels: Tensor, bins: int = BINS) -> float:
    """Expected calibration error: how far confidence and accuracy differ, among samples of about the same confidence.

        sum_b (n_b / N) |accuracy of bin b - mean confidence of bin b|

    where bin b of B holds the n_b samples with a confidence in ((b - 1) / B, b / B]; confidence is the probability of
    the predicted class. logits: (N, C); labels: (N,) integers in [0, C).

    Range [0, 1]; lower is better calibrated, 0: as often right as it is sure. Biased upwards where bins hold few
    samples. Invariant to a constant added to all outputs of a sample. Undefined (nan) for C = 1. Cost: N C.
    Raises UsageError if a label is outside [0, C), or bins < 1.
    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017; the same value as torchmetrics'
    multiclass_calibration_error(norm="l1"), except that a confidence of exactly 1 has no bin of its own here, and one
    on an inner edge is in the bin below it.
    """
    logits = finite_double(logits, "The logits")
    correct = logits.argmax(dim=1) == class_indices(labels, logits)
    if logits.shape[1] == 1:
        return float("nan")
    return expected_calibration_error_of(_confidence_per_sample(logits), correct, bins)


def expected_calibration_error_of(confidence: Tensor, correct: Tensor, bins: int = BINS) -> float:
    """`expected_calibration_error` from each sample's confidence (N,) in [0, 1] and whether it is correct (N,) bool.

    That is what the store keeps of the outputs. Raises UsageError for other numbers or shapes, no samples, or bins < 1.
    """
    if bins < 1:
        raise UsageError(f"bins = {bins}: ask for at least one bin.")
    if confidence.ndim != 1 or confidence.shape != correct.shape or not len(confidence):
        raise UsageError(
            f"Confidence and correctness have to be of the same shape (N,), N at least 1, but are of shapes "
            f"{tuple(confidence.shape)} and {tuple(correct.shape)}."
        )
    confidence = finite_double(confidence[:, None], "The confidence").squeeze(1)
    if bool(((confidence < 0) | (confidence > 1)).any()):
        raise UsageError(
            f"The confidence runs from {float(confidence.min()):g} to {float(confidence.max()):g}, but has to be a "
            f"probability, from 0 to 1."
        )
    # Compared in float32, in which the store keeps confidence, so that a sample has the same bin from there.
    edges = torch.linspace(0, 1, bins + 1, dtype=torch.float64, device=confidence.device)[1:-1].float()
    bin_of = torch.bucketize(confidence.float(), edges)
    # n_b (accuracy - confidence) of a bin is the sum of its samples' (correct - confidence).
    gaps = torch.zeros(bins, dtype=torch.float64, device=confidence.device)
    gaps.index_add_(0, bin_of, correct.to(confidence.device).double() - confidence)
    return float(gaps.abs().sum()) / len(confidence)


def _confidence_per_sample(logits: Tensor) -> Tensor:
    return torch.softmax(logits, dim=1).amax(dim=1)
