"""What a fit of IVIS leaves behind: how samples are brought to the network, the network, and the layer for labels."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from kd_projector.errors import StoreError
from kd_projector.projection.ivis_network import dtype_of
from kd_projector.projection.ivis_supervision import predictions
from kd_projector.projection.preprocessing import PrincipalAxes, Reduction, UnitRadius

# Inputs come at three times the unit variance for which the weights' first values are meant: a network that starts
# steeper learns finer detail in as many steps (15 neighbours kept of digits: .37 with 1, .39 with 2 and 3).
_INPUT_SCALE = 3.0
_ROWS = 8192  # through the network at a time, so that memory does not grow with the number of samples


@dataclass(frozen=True)
class IvisModel:
    """The map of a fit, for any samples.

    embedding_dims: C. encoder: from inputs to (B, C); None where the samples' PCA stands in. head: from (B, C) to label
    outputs; None without labels. sample_shape: of the inputs of a network of the user's own, which gets samples as they
    are; None for a named network, which gets principal components at one scale.
    """

    reduction: Reduction
    embedding_dims: int
    encoder: nn.Module | None = None
    head: nn.Linear | None = None
    metric: str = ""
    sample_shape: tuple[int, ...] | None = None

    @property
    def dtype(self) -> torch.dtype:
        """What the encoder trains in: a network of the user's own in its own, a named one in float32."""
        return torch.float32 if self.encoder is None else dtype_of(self.encoder)

    def inputs(self, X: np.ndarray) -> Tensor:
        """What the encoder gets for samples `X` (M, D), float64."""
        if self.sample_shape is not None:
            return torch.from_numpy(X.reshape(-1, *self.sample_shape))
        reduced = self.reduction.apply(X)
        return torch.from_numpy(_INPUT_SCALE * math.sqrt(reduced.shape[1]) * reduced)

    def principal(self, X: np.ndarray) -> np.ndarray:
        """(M, C) the leading principal components of samples `X` (M, D) at unit radius; beyond their number zeros."""
        leading = self.reduction.apply(X)[:, : self.embedding_dims]
        return np.pad(leading, ((0, 0), (0, self.embedding_dims - leading.shape[1])))

    def places(self, X: np.ndarray) -> np.ndarray:
        """(M, C) float64, where samples `X` (M, D) are on the map."""
        if self.encoder is None:
            return self.principal(X)
        return self._run(self.encoder, X)

    def label_outputs(self, X: np.ndarray) -> np.ndarray:
        """(M, L) float64, what the layer for labels predicts of samples `X` (M, D)."""
        assert self.encoder is not None
        assert self.head is not None
        return predictions(self.metric, torch.from_numpy(self._run(nn.Sequential(self.encoder, self.head), X))).numpy()

    def _run(self, network: nn.Module, X: np.ndarray) -> np.ndarray:
        device = next(network.parameters()).device
        running = copy.deepcopy(network).eval()
        dtype = self.dtype
        if self.sample_shape is None and device.type != "mps":  # Apple's devices have no float64
            # In double precision a sample's place does not depend on the others that it is computed with.
            running, dtype = running.double(), torch.float64
        with torch.no_grad():
            blocks = torch.tensor_split(self.inputs(X), math.ceil(len(X) / _ROWS))
            parts = [running(rows.to(device, dtype)).cpu().double() for rows in blocks]
        return np.asarray(torch.cat(parts).numpy())

    def tensors(self) -> dict[str, Tensor]:
        """All arrays of the model, by name."""
        axes = self.reduction.axes
        arrays = {
            "scaling.mean": self.reduction.scaling.mean,
            "axes.mean": axes.mean,
            "axes.axes": axes.axes,
            "axes.variances": axes.variances,
        }
        weights = {f"encoder.{name}": value for name, value in self._state(self.encoder).items()}
        of_head = {f"head.{name}": value for name, value in self._state(self.head).items()}
        return {**{name: torch.from_numpy(value) for name, value in arrays.items()}, **weights, **of_head}

    def numbers(self) -> dict[str, Any]:
        """What is not an array, for JSON."""
        scaling = self.reduction.scaling
        return {
            "size": scaling.size,
            "spread": scaling.spread,
            "total_variance": self.reduction.axes.total_variance,
            "embedding_dims": self.embedding_dims,
            "has_encoder": self.encoder is not None,
            "metric": self.metric,
            "sample_shape": self.sample_shape,
        }

    @classmethod
    def restored(
        cls, tensors: Mapping[str, Tensor], numbers: Mapping[str, Any], build: Callable[[int], nn.Module]
    ) -> IvisModel:
        """The model of which these are `tensors()` and `numbers()`. build: an encoder for so many input dimensions.

        Raises StoreError if they do not fit each other.
        """
        try:
            scaling = UnitRadius(numbers["size"], tensors["scaling.mean"].numpy(), numbers["spread"])
            mean, rows, variances = (tensors[f"axes.{name}"].numpy() for name in ("mean", "axes", "variances"))
            axes = PrincipalAxes(mean, rows, variances, numbers["total_variance"])
            encoder, head = None, None
            if numbers["has_encoder"]:
                encoder = build(len(rows))
                encoder.load_state_dict(_under("encoder.", tensors))
            if "head.weight" in tensors:
                head = nn.Linear(
                    numbers["embedding_dims"], len(tensors["head.bias"]), device="meta", dtype=torch.float32
                ).to_empty(device="cpu")
                head.load_state_dict(_under("head.", tensors))
            shape = numbers["sample_shape"]
            sample_shape = None if shape is None else tuple(shape)
            reduction = Reduction(scaling, axes)
            return cls(reduction, numbers["embedding_dims"], encoder, head, numbers["metric"], sample_shape)
        except (KeyError, RuntimeError, TypeError) as error:
            raise StoreError(f"The saved IVIS model does not fit its network: {error}") from error

    @staticmethod
    def _state(module: nn.Module | None) -> dict[str, Tensor]:
        return {} if module is None else dict(module.state_dict())


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
