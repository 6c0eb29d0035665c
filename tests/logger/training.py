"""A small real training for the logger's tests: digits, BatchNorm, dropout, noise from every generator."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn import functional

from kd_projector import DistillationLogger, Probe

SAMPLES = 96


class SmallNet(nn.Module):
    """A convolutional network with what is easily disturbed: BatchNorm, dropout, in-place activations."""

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.stage1 = nn.Sequential(nn.Conv2d(1, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(inplace=True))
        self.stage2 = nn.Sequential(nn.Conv2d(width, 16, 3, stride=2), nn.BatchNorm2d(16), nn.ReLU(inplace=True))
        self.dropout = nn.Dropout(0.3)
        self.embedding = nn.Linear(16 * 9, 12)
        self.head = nn.Linear(12, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stage2(self.stage1(x)).flatten(1)
        return self.head(self.dropout(functional.relu(self.embedding(x))))


def make_net(seed: int, width: int = 8) -> SmallNet:
    torch.manual_seed(seed)
    return SmallNet(width)


@lru_cache
def digits() -> tuple[Tensor, Tensor]:
    data = load_digits()
    return torch.tensor(data.images / 16, dtype=torch.float32)[:, None], torch.tensor(data.target)


def make_probe(size: int = SAMPLES) -> Probe:
    images, labels = digits()
    return Probe(images[-size:], labels[-size:], class_names=[str(digit) for digit in range(10)])


def train(
    student: nn.Module, steps: int, each_step: Callable[[int, Tensor], None] = lambda step, loss: None
) -> dict[str, Tensor]:
    """Train on augmented digits; the weights afterwards. Draws from Python's, numpy's and torch's global generators."""
    images, labels = digits()
    random.seed(1)
    np.random.seed(2)  # noqa: NPY002 - trainings do use the global generator, which is the point here
    torch.manual_seed(3)
    optimizer = torch.optim.SGD(student.parameters(), lr=0.1, momentum=0.9)
    for step in range(steps):
        chosen = torch.randint(1500, (32,))
        noise = torch.randn(32, 1, 8, 8) * random.uniform(0, 0.1) + float(np.random.normal()) * 0.01  # noqa: NPY002
        loss = functional.cross_entropy(student(images[chosen] + noise), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        each_step(step, loss)
    return {name: tensor.clone() for name, tensor in student.state_dict().items()}


def logged_training(
    log_dir: Path, steps: int = 6, every: int = 2, first_step: int = 0, net_width: int = 8, **options: object
) -> None:
    """A teacher and a student, logged with the default measures."""
    with DistillationLogger(log_dir, make_probe(), every, **options) as kd:  # type: ignore[arg-type]
        kd.watch("teacher", make_net(7, net_width))
        student = make_net(8, net_width)
        kd.watch("student", student)
        train(student, steps, lambda step, loss: kd.step(first_step + step, losses={"task": loss}))
