"""Measures of a model's outputs: against the labels (accuracy) and against a teacher's outputs on the same samples."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.measures.inputs import finite_double, integer_labels


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of samples whose largest output is that of their label: (1 / N) sum_i [ argmax_c logits_ic = label_i ].

    logits: (N, C); labels: (N,) integers in [0, C). The first of equal largest outputs counts.
    Range [0, 1]; higher is better. Invariant to whatever keeps the order of a sample's outputs. Undefined (nan) for
    C = 1, which chooses between nothing. Cost: N C.
    Source: the same value as sklearn.metrics.accuracy_score. Raises UsageError if a label is outside [0, C).
    """
    logits = finite_double(logits, "The logits")
    labels = class_indices(labels, logits)
    return float((logits.argmax(dim=1) == labels).double().mean()) if logits.shape[1] > 1 else float("nan")


def class_indices(labels: Tensor, logits: Tensor) -> Tensor:
    """`labels` (N,) as int64 on the device of logits (N, C). Raises UsageError unless they name its outputs."""
    labels = integer_labels(labels, logits)
    classes = logits.shape[1]
    if not are_class_indices(labels, classes):
        raise UsageError(
            f"The labels run from {int(labels.min())} to {int(labels.max())}, but the model has {classes} outputs: "
            f"labels have to be class indices from 0 to {classes - 1}."
        )
    return labels


def are_class_indices(labels: Tensor, classes: int) -> bool:
    """Whether every label (N,) names one of `classes` outputs."""
    return bool(((labels >= 0) & (labels < classes)).all())


def top1_agreement(logits: Tensor, teacher_logits: Tensor) -> float:
    """Share of samples on which model and teacher predict the same class.

        (1 / N) sum_i [ argmax_c logits_ic = argmax_c teacher_logits_ic ]

    logits, teacher_logits: (N, C). Right or wrong does not matter; the first of equal largest outputs counts.
    Range [0, 1]; higher means closer to the teacher. Symmetric. Invariant to whatever keeps the order of a sample's
    outputs. Undefined (nan) for C = 1. Cost: N C.
    Source: Stanton et al., "Does Knowledge Distillation Really Work?", NeurIPS 2021.
    """
    agree = ~disagreement_per_sample(logits, teacher_logits)
    return float(agree.double().mean()) if logits.shape[1] > 1 else float("nan")


def disagreement_per_sample(logits: Tensor, teacher_logits: Tensor) -> Tensor:
    """(N,) bool: where model and teacher predict different classes; False for C = 1. See `top1_agreement`."""
    logits, teacher_logits = _comparable(logits, teacher_logits)
    return logits.argmax(dim=1) != teacher_logits.argmax(dim=1)


def kl_divergence(logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> float:
    """Mean Kullback-Leibler divergence from the teacher's predicted distribution to the model's, in nats.

        (1 / N) sum_i sum_c p_ic (log p_ic - log q_ic),   p = softmax(teacher_logits / T), q = softmax(logits / T)

    that is KL(teacher || model) at temperature T, without the factor T^2 that a distillation loss has.
    logits, teacher_logits: (N, C). Range [0, inf); lower means closer to the teacher, 0 the same distribution on every
    sample. Not symmetric. Invariant to a constant added to all outputs of a sample. Undefined (nan) for C = 1.
    Cost: N C. Raises UsageError unless the temperature is a positive number.
    Source: Hinton et al., "Distilling the Knowledge in a Neural Network", 2015; the same value as
    scipy.stats.entropy(p, q) and torch.nn.functional.kl_div(log q, p), averaged over samples.
    """
    log_q, log_p = _log_probabilities(logits, teacher_logits, temperature)
    return float(_divergence(log_p, log_q).mean())


def reverse_kl_divergence(logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> float:
    """Mean Kullback-Leibler divergence from the model's predicted distribution to the teacher's, in nats.

        (1 / N) sum_i sum_c q_ic (log q_ic - log p_ic),   p = softmax(teacher_logits / T), q = softmax(logits / T)

    that is KL(model || teacher): it weighs where the model is sure, `kl_divergence` where the teacher is. No factor
    T^2. logits, teacher_logits: (N, C). Range [0, inf); lower means closer to the teacher, 0 the same distribution on
    every sample. Not symmetric. Invariant to a constant added to all outputs of a sample. Undefined (nan) for C = 1.
    Cost: N C. Raises UsageError unless the temperature is a positive number.
    Source: Gu et al., "MiniLLM: Knowledge Distillation of Large Language Models", ICLR 2024; the same value as
    scipy.stats.entropy(q, p), averaged over samples.
    """
    log_q, log_p = _log_probabilities(logits, teacher_logits, temperature)
    return float(_divergence(log_q, log_p).mean())


def js_divergence(logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> float:
    """Mean Jensen-Shannon divergence of the model's and the teacher's predicted distributions, in nats.

        (1 / N) sum_i (KL(p_i || m_i) + KL(q_i || m_i)) / 2,   m = (p + q) / 2

    with p = softmax(teacher_logits / T) and q = softmax(logits / T). No factor T^2. logits, teacher_logits: (N, C).
    Range [0, log 2]; lower means closer to the teacher, 0 the same distribution on every sample. Symmetric. Invariant
    to a constant added to all outputs of a sample. Undefined (nan) for C = 1. Cost: N C.
    Raises UsageError unless the temperature is a positive number.
    Source: Lin, "Divergence measures based on the Shannon entropy", 1991; the same value as
    scipy.spatial.distance.jensenshannon(p, q) squared, averaged over samples.
    """
    return float(js_divergence_per_sample(logits, teacher_logits, temperature).mean())


def js_divergence_per_sample(logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> Tensor:
    """(N,) float64: `js_divergence` sample by sample; nan for C = 1."""
    log_q, log_p = _log_probabilities(logits, teacher_logits, temperature)
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    return ((_divergence(log_p, log_m) + _divergence(log_q, log_m)) / 2).clamp(max=math.log(2))


def _divergence(log_p: Tensor, log_q: Tensor) -> Tensor:
    """(N,) KL(p || q), row by row; nan where there is only one class."""
    per_sample = (log_p.exp() * (log_p - log_q)).sum(dim=1).clamp(min=0)  # rounding alone can go below 0
    return per_sample if log_p.shape[1] > 1 else torch.full_like(per_sample, torch.nan)


def _log_probabilities(logits: Tensor, teacher_logits: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    if not 0 < temperature < math.inf:
        raise UsageError(f"A temperature of {temperature} makes no distribution of outputs: give a positive number.")
    model, teacher = (
        # Less the largest before the division, which could overflow. The bound keeps 0 times -inf away.
        torch.log_softmax((side - side.amax(dim=1, keepdim=True)) / temperature, dim=1).clamp_(min=-1e300)
        for side in _comparable(logits, teacher_logits)
    )
    return model, teacher


def _comparable(logits: Tensor, teacher_logits: Tensor) -> tuple[Tensor, Tensor]:
    logits = finite_double(logits, "The logits")
    teacher_logits = finite_double(teacher_logits, "The teacher's logits").to(logits.device)
    if logits.shape != teacher_logits.shape:
        raise UsageError(
            f"Model and teacher have outputs of shapes {tuple(logits.shape)} and {tuple(teacher_logits.shape)}: give "
            f"outputs for the same samples and classes."
        )
    return logits, teacher_logits
