"""What a training sees, drawn beforehand by the seed alone: the same for every method, so that pairs are pairs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .data import Images, as_input
from .settings import seed_of


@dataclass(frozen=True)
class Batches:
    """For each of S steps: indices (S, B) of training images, and how each batch is moved and mirrored.

    The shift is one for the whole batch, in pixels, down and right; mirrored (S, B) bool image by image.
    """

    indices: Tensor
    shifts: Tensor
    mirrored: Tensor

    @staticmethod
    def draw(pool: Tensor, steps: int, batch: int, size: int, flips: bool, *what: object) -> Batches:
        """`steps` batches of `batch` of the images `pool` (indices), by a seed from `what`. size: of the images."""
        generator = torch.Generator().manual_seed(seed_of("batches", *what))
        reach = max(1, size // 8)
        return Batches(
            pool[torch.randint(len(pool), (steps, batch), generator=generator)],
            torch.randint(-reach, reach + 1, (steps, 2), generator=generator),
            (torch.rand(steps, batch, generator=generator) < 0.5) & flips,
        )

    def at(self, step: int, images: Images, device: torch.device) -> tuple[Tensor, Tensor]:
        """Inputs (B, C, H, W) float32 and labels (B,) of one step."""
        taken = images.take(self.indices[step])
        pixels, labels = as_input(taken.pixels.to(device)), taken.labels.to(device)
        mirrored = self.mirrored[step].to(device)[:, None, None, None]
        down, right = self.shifts[step].tolist()
        return _shifted(torch.where(mirrored, pixels.flip(3), pixels), down, right), labels

    def digest(self) -> str:
        content = hashlib.sha256()
        for tensor in (self.indices, self.shifts, self.mirrored):
            content.update(tensor.contiguous().numpy().tobytes())
        return content.hexdigest()[:16]


def _shifted(images: Tensor, down: int, right: int) -> Tensor:
    """Moved by so many pixels, black coming in."""
    reach = max(abs(down), abs(right))
    height, width = images.shape[2:]
    padded = F.pad(images, (reach,) * 4)
    top, left = reach - down, reach - right
    return padded[:, :, top : top + height, left : left + width]
