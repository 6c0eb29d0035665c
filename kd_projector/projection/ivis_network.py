"""IVIS's siamese encoder: one network that maps anchors, positives and negatives alike. Architectures as in `ivis`."""

from __future__ import annotations

import math

import torch
from torch import nn

from kd_projector.errors import UsageError

# Widths of the hidden layers, by the names that the ivis package gives them.
ARCHITECTURES = {"szubert": (128, 128, 128), "hinton": (2000, 1000, 500), "maaten": (500, 500, 2000)}


def encoder(model: str, dims: int, embedding_dims: int, generator: torch.Generator) -> nn.Sequential:
    """A network from (B, dims) to (B, embedding_dims): dense layers with SELU, then a linear one.

    Weights are LeCun-normal, drawn from `generator` alone. The package's alpha dropout of 0.1 is left out: with some
    hundred steps in all there is nothing to regularise, and it draws from the global random state.
    """
    if model not in ARCHITECTURES:
        raise UsageError(f"No IVIS network is called {model!r}; there are {', '.join(ARCHITECTURES)}.")
    layers: list[nn.Module] = []
    width = dims
    for hidden in ARCHITECTURES[model]:
        layers += [_linear(width, hidden, generator), nn.SELU()]
        width = hidden
    return nn.Sequential(*layers, _linear(width, embedding_dims, generator))


def _linear(dims: int, out: int, generator: torch.Generator) -> nn.Linear:
    # The plain constructor would draw its weights from the global random state.
    layer = nn.Linear(dims, out, device="meta").to_empty(device="cpu")
    with torch.no_grad():
        layer.weight.normal_(0.0, 1.0 / math.sqrt(dims), generator=generator)
        layer.bias.zero_()
    return layer
