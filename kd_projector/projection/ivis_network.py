"""IVIS's siamese encoder: one network that maps anchors, positives and negatives alike."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from kd_projector.errors import UsageError

# Widths of the hidden layers, by the names that the ivis package gives them.
ARCHITECTURES = {"szubert": (128, 128, 128), "hinton": (2000, 1000, 500), "maaten": (500, 500, 2000)}


def named_encoder(model: str, dims: int, embedding_dims: int, generator: torch.Generator) -> nn.Sequential:
    """A network from (B, dims) to (B, embedding_dims): dense layers with SELU, then a linear one.

    Weights are LeCun-normal, drawn from `generator` alone. The package's alpha dropout of 0.1 is left out: with some
    hundred steps in all there is nothing to regularise, and it draws from the global random state.
    """
    layers: list[nn.Module] = []
    width = dims
    for hidden in ARCHITECTURES[model]:
        layers += [linear(width, hidden, generator), nn.SELU()]
        width = hidden
    return nn.Sequential(*layers, linear(width, embedding_dims, generator))


def encoder_around(
    module: nn.Module, sample_shape: Sequence[int], embedding_dims: int, generator: torch.Generator
) -> nn.Sequential:
    """A copy of the user's `module` (B, ...) -> (B, F), and behind it a linear layer to (B, embedding_dims).

    sample_shape: of one sample. The module gets samples in its own dtype; the map is float32. Raises UsageError if the
    module does not take such samples or gives no (B, F).
    """
    base = copy.deepcopy(module).cpu()
    dtype = dtype_of(base)
    base.eval()  # a batch of two says nothing to a normalisation
    with torch.no_grad():
        try:
            features = base(torch.zeros(2, *sample_shape, dtype=dtype))
        except (RuntimeError, ValueError, TypeError) as error:
            raise UsageError(
                f"model {type(module).__name__} does not take samples of shape {tuple(sample_shape)}: {error}"
            ) from error
    if not isinstance(features, Tensor) or features.ndim != 2 or len(features) != 2:
        shape = tuple(features.shape) if isinstance(features, Tensor) else type(features).__name__
        raise UsageError(
            f"model {type(module).__name__} gives {shape} for two samples; it must give a tensor (2, F): "
            f"one vector for each."
        )
    return nn.Sequential(base, linear(features.shape[1], embedding_dims, generator))


def dtype_of(network: nn.Module) -> torch.dtype:
    """Of its first parameter that is a floating-point number; float32 where there is none."""
    return next((weights.dtype for weights in network.parameters() if weights.is_floating_point()), torch.float32)


class _Linear(nn.Linear):
    """A linear layer that takes inputs of any dtype and gives its own."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.to(self.weight.dtype))


def linear(dims: int, out: int, generator: torch.Generator) -> nn.Linear:
    """A float32 linear layer with LeCun-normal weights out of `generator`, and biases of 0."""
    # The plain constructor would draw its weights from the global random state.
    layer = _Linear(dims, out, device="meta", dtype=torch.float32).to_empty(device="cpu")
    with torch.no_grad():
        layer.weight.normal_(0.0, 1.0 / math.sqrt(dims), generator=generator)
        layer.bias.zero_()
    return layer
