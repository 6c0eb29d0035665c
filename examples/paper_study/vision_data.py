"""Image data sets through torchvision: CIFAR-10, CIFAR-100, STL-10, or a folder of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torchvision import datasets
from torchvision.transforms import v2

from kd_projector.errors import UsageError

from .data import Images

NAMES = ("cifar10", "cifar100", "stl10", "imagefolder")
_LARGEST = 8 * 2**30  # bytes: images are kept in memory
_HELD_OUT_FOLDERS = ("val", "test", "validation")


@dataclass(frozen=True)
class Found:
    """held_out is None where the data set has no part of its own for that."""

    train: Images
    held_out: Images | None
    class_names: Sequence[str]


def load(name: str, root: str | None, image_size: int | None, download: bool) -> Found:
    """Read data set `name` below `root`, at its own size or scaled to `image_size`. Raises UsageError."""
    if root is None:
        raise UsageError(f"--data {name} needs --root, the folder that holds it (or is to hold it, with --download).")
    if name == "imagefolder":
        return _image_folder(Path(root), image_size or 64)
    try:
        if name == "stl10":
            train, test = (datasets.STL10(root, split=part, download=download) for part in ("train", "test"))
        else:
            dataset = datasets.CIFAR10 if name == "cifar10" else datasets.CIFAR100
            train, test = (dataset(root, train=part, download=download) for part in (True, False))
    except RuntimeError as error:
        raise UsageError(
            f"There is no complete {name} in {root} ({error}): give the folder that holds it, or --download."
        ) from error
    parts = [
        _in_memory(part.data, part.labels if name == "stl10" else part.targets, image_size) for part in (train, test)
    ]
    return Found(parts[0], parts[1], train.classes)


def _in_memory(data: np.ndarray, labels: Sequence[int], image_size: int | None) -> Images:
    """data: (N, H, W, 3) as CIFAR has it, or (N, 3, H, W) as STL-10 has it; uint8."""
    pixels = torch.from_numpy(data if data.shape[1] == 3 else data.transpose(0, 3, 1, 2).copy())
    if image_size is not None and image_size != pixels.shape[-1]:
        pixels = torch.cat([v2.functional.resize(part, [image_size] * 2) for part in torch.split(pixels, 1024)])
    return Images(pixels, torch.as_tensor(labels, dtype=torch.int64))


def _image_folder(root: Path, size: int) -> Found:
    """`root` holds one folder a class; or `train` and one of `val` or `test`, which do."""
    held_out = next((root / name for name in _HELD_OUT_FOLDERS if (root / name).is_dir()), None)
    if (root / "train").is_dir() != (held_out is not None):
        raise UsageError(f"{root} must hold both train and val, or neither but one folder a class.")
    transform = v2.Compose([v2.PILToTensor(), v2.Resize(size), v2.CenterCrop(size)])
    try:
        parts = [datasets.ImageFolder(part, transform) for part in ([root / "train", held_out] if held_out else [root])]
    except FileNotFoundError as error:
        raise UsageError(f"{root} is no folder of pictures, one folder a class: {error}.") from error
    if held_out and parts[0].classes != parts[1].classes:
        raise UsageError(f"{root / 'train'} and {held_out} hold different classes: name their folders alike.")
    images = [_read(part, size) for part in parts]
    return Found(images[0], images[1] if held_out else None, parts[0].classes)


def _read(folder: datasets.ImageFolder, size: int) -> Images:
    needed = len(folder) * 3 * size**2
    if needed > _LARGEST:
        raise UsageError(
            f"{folder.root} has {len(folder)} pictures, {needed / 2**30:.0f} GiB at {size} pixels, and they are kept "
            f"in memory: give a smaller --image-size."
        )
    pixels = torch.empty(len(folder), 3, size, size, dtype=torch.uint8)
    for index, (picture, _) in enumerate(folder):
        pixels[index] = picture
    return Images(pixels, torch.tensor(folder.targets, dtype=torch.int64))
