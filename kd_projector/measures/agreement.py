"""Measures of a model's outputs: against the labels (accuracy) and against a teacher's outputs on the same samples."""

from __future__ import annotations

import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.inputs import finite_double, integer_labels


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of samples whose largest output is that of their label: (1 / N) sum_i [ argmax_c logits_ic = label_i ].

    logits: (N, C); labels: (N,) integers in [0, C). The first of equal largest outputs counts.
    Range [0, 1]; higher is better. Invariant to whatever keeps the order of a sample's outputs. Undefined (nan) for
    C = 1, which chooses between nothing. Cost: N C.
    Raises UsageError if a label is outside [0, C).
    """
    logits = finite_double(logits, "The logits")
    labels = integer_labels(labels, logits)
    classes = logits.shape[1]
    if not are_class_indices(labels, classes):
        raise UsageError(
            f"The labels run from {int(labels.min())} to {int(labels.max())}, but the model has {classes} outputs: "
            f"labels have to be class indices from 0 to {classes - 1}."
        )
    return float((logits.argmax(dim=1) == labels).double().mean()) if classes > 1 else float("nan")


def are_class_indices(labels: Tensor, classes: int) -> bool:
    """Whether every label (N,) names one of `classes` outputs."""
    return bool(((labels >= 0) & (labels < classes)).all())


def top1_agreement(logits: Tensor, teacher_logits: Tensor) -> float:
    """Share of samples on which model and teacher predict the same class.

        (1 / N) sum_i [ argmax_c logits_ic = argmax_c teacher_logits_ic ]

    logits, teacher_logits: (N, C). Right or wrong does not matter; the first of equal largest outputs counts.
    Range [0, 1]; higher means closer to the teacher. Symmetric. Undefined (nan) for C = 1. Cost: N C.
    Source: Stanton et al., "Does Knowledge Distillation Really Work?", NeurIPS 2021.
    """
    logits, teacher_logits = _comparable(logits, teacher_logits)
    if logits.shape[1] == 1:
        return float("nan")
    return float((logits.argmax(dim=1) == teacher_logits.argmax(dim=1)).double().mean())


def kl_divergence(logits: Tensor, teacher_logits: Tensor) -> float:
    """Mean Kullback-Leibler divergence from the teacher's predicted distribution to the model's, in nats.

        (1 / N) sum_i sum_c p_ic (log p_ic - log q_ic),   p = softmax(teacher_logits), q = softmax(logits)

    that is KL(teacher || student) at temperature 1. logits, teacher_logits: (N, C).
    Range [0, inf); lower means closer to the teacher, 0 the same distribution on every sample. Not symmetric. Invariant
    to a constant added to all outputs of a sample. Undefined (nan) for C = 1. Cost: N C.
    Source: Hinton et al., "Distilling the Knowledge in a Neural Network", 2015; torch.nn.functional.kl_div.
    """
    logits, teacher_logits = _comparable(logits, teacher_logits)
    if logits.shape[1] == 1:
        return float("nan")
    log_q = torch.log_softmax(logits, dim=1)
    log_p = torch.log_softmax(teacher_logits, dim=1)
    return max(float((log_p.exp() * (log_p - log_q)).sum(dim=1).mean()), 0.0)  # rounding alone can go below 0


def _comparable(logits: Tensor, teacher_logits: Tensor) -> tuple[Tensor, Tensor]:
    logits = finite_double(logits, "The logits")
    teacher_logits = finite_double(teacher_logits, "The teacher's logits").to(logits.device)
    if logits.shape != teacher_logits.shape:
        raise UsageError(
            f"Model and teacher have outputs of shapes {tuple(logits.shape)} and {tuple(teacher_logits.shape)}: give "
            f"outputs for the same samples and classes."
        )
    return logits, teacher_logits
