"""Measures of outputs from what the store keeps of them for each sample: prediction and confidence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from kd_projector.measures.calibration import expected_calibration_error_of

NAN = float("nan")


def measure_columns(
    measure: str, outputs: Mapping[str, np.ndarray], labels: Tensor | None, others: Mapping[str, np.ndarray] | None
) -> float:
    """One measure of a model's stored output columns, each (N,); nan where they do not have what it takes.

    labels: (N,) int64; others: the columns of the model compared with. The value is that of the function of the same
    name in kd_projector.measures, whose logits are not stored: predictions are exact, confidences are float32.
    """
    prediction = outputs.get("prediction")
    if prediction is None:  # the output is no classification
        return NAN
    if measure == "confidence":
        return float(np.mean(outputs["confidence"], dtype=np.float64))
    if measure == "top1_agreement":
        theirs = None if others is None else others.get("prediction")
        return NAN if theirs is None else float(np.mean(prediction == theirs))
    # Only where the labels are indices of the outputs is there a loss; otherwise they say nothing of predictions.
    if labels is None or "loss" not in outputs:
        return NAN
    correct = torch.from_numpy(np.ascontiguousarray(prediction)).long() == labels
    if measure == "accuracy":
        return float(correct.double().mean())
    if measure == "expected_calibration_error":
        confidence = torch.from_numpy(np.ascontiguousarray(outputs["confidence"]))
        return expected_calibration_error_of(confidence, correct)
    raise NotImplementedError(measure)  # the catalogue has an output measure that this room does not know
