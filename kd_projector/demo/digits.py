"""The data: 1,797 handwritten digits, 8x8 pixels, that ship with scikit-learn (so nothing is downloaded)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

LABELLED = 100
CLASS_NAMES = tuple(str(digit) for digit in range(10))


@dataclass(frozen=True)
class Digits:
    """Half the digits to train on, half held out; images (N, 1, 8, 8) float32 in 0..1, labels (N,) int64.

    `few` indexes the training images whose labels the student and the baseline may see: as many of each class.
    """

    train_images: torch.Tensor
    train_labels: torch.Tensor
    held_out_images: torch.Tensor
    held_out_labels: torch.Tensor
    held_out_ids: tuple[str, ...]
    few: torch.Tensor


def load(seed: int = 0) -> Digits:
    """The digits, split by class shares with `seed`."""
    bunch = load_digits()
    images = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(bunch.target, dtype=torch.int64)
    train, held_out = train_test_split(range(len(labels)), test_size=0.5, stratify=bunch.target, random_state=seed)
    few, _ = train_test_split(range(len(train)), train_size=LABELLED, stratify=bunch.target[train], random_state=seed)
    return Digits(
        train_images=images[train],
        train_labels=labels[train],
        held_out_images=images[held_out],
        held_out_labels=labels[held_out],
        held_out_ids=tuple(f"digit {index}" for index in held_out),
        few=torch.tensor(few),
    )
