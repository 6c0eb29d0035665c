"""The networks: a family of small convolutional ones in several depths and widths, and torchvision's ResNets."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from kd_projector.errors import UsageError

from .settings import Settings

STUDENTS = {
    "conv": ("d3w8", "d3w16", "d6w8", "d6w16"),
    "resnet": ("resnet10w32", "resnet10", "resnet18w32", "resnet18"),
}
TEACHERS = {"conv": "d6w32", "resnet": "resnet34"}
_RESNET_BLOCKS = {10: (1, 1, 1, 1), 18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}


@dataclass(frozen=True)
class Architecture:
    """A network's plan.

    layers: names of the hidden layers that are logged and judged, in depth order. stages: names of the last block at
    each resolution, where a student matches its teacher; stage_channels: their widths. penultimate: the last hidden
    layer, which the classifier reads. make: (channels, classes, image size) -> the network with fresh weights.
    """

    name: str
    depth: int
    width: int
    layers: tuple[str, ...]
    stages: tuple[str, ...]
    stage_channels: tuple[int, ...]
    penultimate: str
    make: Callable[[int, int, int], nn.Module]

    def relative_depth(self, layer: str) -> float:
        """i / L for the i-th (from 1) of L logged hidden layers."""
        return (self.layers.index(layer) + 1) / len(self.layers)

    def build(self, channels: int, classes: int, size: int, seed: int) -> nn.Module:
        """With weights drawn by `seed` and nothing else; the global generator stays as it is."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.make(channels, classes, size)


def architecture(family: str, name: str) -> Architecture:
    """The plan called `name`. Raises UsageError for a name that the family has not."""
    if family == "conv":
        found = re.fullmatch(r"d(\d+)w(\d+)", name)
        if found and int(found[1]) % 3 == 0 and int(found[1]) and int(found[2]):
            return _conv_architecture(name, int(found[1]), int(found[2]))
        raise UsageError(f"No network {name!r}: conv's are named dDEPTHwWIDTH, DEPTH a multiple of 3, as d3w8.")
    found = re.fullmatch(r"resnet(\d+)(?:w(\d+))?", name)
    if found and int(found[1]) in _RESNET_BLOCKS and int(found[2] or 64):
        return _resnet_architecture(name, int(found[1]), int(found[2] or 64))
    raise UsageError(
        f"No network {name!r}: give resnet10, resnet18 or resnet34, with w32 behind it for half its width."
    )


def teacher_architecture(settings: Settings) -> Architecture:
    return architecture(settings.family, TEACHERS[settings.family])


def _conv_architecture(name: str, depth: int, width: int) -> Architecture:
    per_stage = depth // 3
    blocks = tuple(f"block{index}" for index in range(1, depth + 1))
    return Architecture(
        name=name,
        depth=depth,
        width=width,
        layers=(*blocks, "embedding"),
        stages=blocks[per_stage - 1 :: per_stage],
        stage_channels=(width, 2 * width, 4 * width),
        penultimate="embedding",
        make=lambda channels, classes, size: ConvNetwork(depth, width, channels, classes),
    )


class ConvNetwork(nn.Sequential):
    """`depth` blocks (3x3 convolution, batch normalisation, ReLU) at three resolutions, an embedding, a classifier.

    (N, C, H, W) in, H and W at least 8; logits (N, classes) out. `width` channels at full resolution, twice and four
    times as many at half and quarter; the embedding is 4 `width` wide.
    """

    def __init__(self, depth: int, width: int, channels: int, classes: int) -> None:
        parts: OrderedDict[str, nn.Module] = OrderedDict()
        channels_in = channels
        for index in range(depth):
            stage, place = divmod(index, depth // 3)
            channels_out = width * 2**stage
            parts[f"block{index + 1}"] = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 3, 2 if stage and not place else 1, padding=1, bias=False),
                nn.BatchNorm2d(channels_out),
                nn.ReLU(),
            )
            channels_in = channels_out
        parts["embedding"] = nn.Sequential(
            nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16 * width, 4 * width), nn.ReLU()
        )
        parts["classifier"] = nn.Linear(4 * width, classes)
        super().__init__(parts)


def _resnet_architecture(name: str, depth: int, width: int) -> Architecture:
    counts = _RESNET_BLOCKS[depth]
    return Architecture(
        name=name,
        depth=depth,
        width=width,
        # The pooled last block is what the classifier reads, so there is no embedding beside it.
        layers=tuple(f"layer{stage}.{block}" for stage, count in enumerate(counts, 1) for block in range(count)),
        stages=tuple(f"layer{stage}.{count - 1}" for stage, count in enumerate(counts, 1)),
        stage_channels=tuple(width * 2**stage for stage in range(4)),
        penultimate="avgpool",
        make=lambda channels, classes, size: _resnet(counts, width, channels, classes, size),
    )


def _resnet(counts: tuple[int, ...], width: int, channels: int, classes: int, size: int) -> nn.Module:
    """torchvision's ResNet of basic blocks; its stages `width` / 64 as wide; for images of at most 64 pixels with the
    usual small stem (3x3, stride 1, no pooling)."""
    from torchvision.models.resnet import BasicBlock, ResNet

    class Network(ResNet):  # type: ignore[misc]
        def _make_layer(self, block: type, planes: int, *rest: int, **options: object) -> nn.Sequential:
            made: nn.Sequential = super()._make_layer(block, planes * width // 64, *rest, **options)
            return made

    network = Network(BasicBlock, list(counts), num_classes=classes)
    network.fc = nn.Linear(width * 8, classes)
    if size <= 64:
        network.conv1 = nn.Conv2d(channels, 64, 3, padding=1, bias=False)
        network.maxpool = nn.Identity()
    elif channels != 3:
        network.conv1 = nn.Conv2d(channels, 64, 7, 2, padding=3, bias=False)
    return network
