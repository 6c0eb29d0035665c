"""The network that teacher, student and baseline share; only its width differs."""

from __future__ import annotations

import torch
from torch import nn

LAYERS = ("stage1", "stage2", "stage3", "embedding", "classifier")


def _stage(channels_in: int, channels_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


class DigitNetwork(nn.Module):
    """Three convolutional stages, an embedding, a classifier; (N, 1, 8, 8) in, logits (N, 10) out."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.stage1 = _stage(1, width, stride=1)
        self.stage2 = _stage(width, 2 * width, stride=2)
        self.stage3 = _stage(2 * width, 4 * width, stride=2)
        self.embedding = nn.Sequential(nn.Flatten(), nn.Linear(16 * width, 4 * width), nn.ReLU())
        self.classifier = nn.Linear(4 * width, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = self.stage3(self.stage2(self.stage1(images)))
        logits: torch.Tensor = self.classifier(self.embedding(features))
        return logits


def teacher_network() -> DigitNetwork:
    return DigitNetwork(width=32)


def student_network() -> DigitNetwork:
    return DigitNetwork(width=6)
