"""What is kept of a model's outputs for each sample: prediction, confidence, entropy and loss."""

from __future__ import annotations

import torch
from torch import Tensor


def sample_outputs(logits: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
    """Columns of length N from `logits` (N, C): prediction int32; confidence (the prediction's probability), entropy
    (nats, 0 to log C) and, with labels, cross-entropy loss (nats), all float32."""
    log_probabilities = torch.log_softmax(logits.float(), dim=1)
    probabilities = log_probabilities.exp()
    confidence, prediction = probabilities.max(dim=1)
    columns = {
        "prediction": prediction.to(torch.int32),
        "confidence": confidence,
        "entropy": torch.special.entr(probabilities).sum(dim=1),
    }
    if labels is not None:
        columns["loss"] = -log_probabilities.gather(1, labels[:, None]).squeeze(1)
    return columns
