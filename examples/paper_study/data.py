"""The images, three ways split: to train on, the probe that layers are judged by, and a test set in neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import Tensor

from kd_projector import Probe
from kd_projector.errors import UsageError

from .settings import Settings, seed_of

_SPLIT_SEED = 0  # the split never varies, so that all cells share one probe
_DEFAULT_PROBE = 2000


@dataclass(frozen=True)
class Images:
    """Images (N, C, H, W) uint8 and labels (N,) int64, on the CPU."""

    pixels: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: Tensor) -> Images:
        return Images(self.pixels[indices], self.labels[indices])


@dataclass(frozen=True)
class StudyData:
    """train, probe and test share no image. flips: whether a mirrored image still belongs to its class."""

    train: Images
    probe: Images
    test: Images
    class_names: tuple[str, ...]
    flips: bool

    @property
    def channels(self) -> int:
        return int(self.train.pixels.shape[1])

    @property
    def size(self) -> int:
        return int(self.train.pixels.shape[-1])

    def as_probe(self) -> Probe:
        """The same for every cell, so that all open in one panel, linked."""
        return Probe(as_input(self.probe.pixels), self.probe.labels, class_names=list(self.class_names))


def as_input(pixels: Tensor) -> Tensor:
    """What the networks take: float32 in 0..1."""
    return pixels.float() / 255


@lru_cache(maxsize=1)
def load(settings: Settings, download: bool = False) -> StudyData:
    """The data of `settings`, kept in memory for the next cell of this process. Raises UsageError where it is not."""
    if settings.data == "digits":
        return _digits(settings)
    from . import vision_data  # torchvision takes seconds to import

    found = vision_data.load(settings.data, settings.root, settings.image_size, download)
    train = found.train
    held_out = found.held_out
    if held_out is None:
        train, held_out = _split(train, len(train) // 2)
    probe_size = settings.probe_size or min(_DEFAULT_PROBE, len(held_out) // 2)
    test, probe = _split(held_out, probe_size)
    # Pictures in a folder may be of letters or digits, which a mirror turns into others.
    flips = settings.data != "imagefolder" if settings.flips is None else settings.flips
    return StudyData(train, probe, test, tuple(found.class_names), flips)


def few_labelled(labels: Tensor, per_class: int, seed: int) -> Tensor:
    """Indices of `per_class` images of each class, drawn by `seed`. Raises UsageError if a class has fewer."""
    generator = torch.Generator().manual_seed(seed_of("few", seed))
    few = []
    for label in labels.unique().tolist():  # type: ignore[no-untyped-call]
        members = (labels == label).nonzero().squeeze(1)
        if len(members) < per_class:
            raise UsageError(
                f"Class {label} has {len(members)} training images, fewer than --labels-per-class {per_class}: "
                f"ask for fewer."
            )
        few.append(members[torch.randperm(len(members), generator=generator)[:per_class]])
    return torch.cat(few).sort().values


def _digits(settings: Settings) -> StudyData:
    """scikit-learn's 1,797 handwritten digits of 8x8 pixels: half to train on, a quarter each for probe and test."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    pixels = torch.tensor(np.round(bunch.images * (255 / 16)), dtype=torch.uint8)[:, None]
    everything = Images(pixels, torch.tensor(bunch.target, dtype=torch.int64))
    train, held_out = _split(everything, len(everything) // 2)
    test, probe = _split(held_out, settings.probe_size or len(held_out) // 2)
    return StudyData(train, probe, test, tuple(str(digit) for digit in range(10)), flips=bool(settings.flips))


def _split(images: Images, second: int) -> tuple[Images, Images]:
    """The rest, and `second` images, by class shares."""
    classes = len(images.labels.unique())  # type: ignore[no-untyped-call]
    if not classes <= second <= len(images) - classes:
        raise UsageError(
            f"{len(images)} images of {classes} classes cannot be split into {len(images) - second} and {second} with "
            f"each class in both: give more images, or another --probe-size."
        )
    first, chosen = train_test_split(
        range(len(images)), test_size=second, stratify=images.labels.numpy(), random_state=_SPLIT_SEED
    )
    return _taken(images, first), _taken(images, chosen)


def _taken(images: Images, indices: Sequence[int]) -> Images:
    return images.take(torch.tensor(sorted(indices)))
