"""PreparedLayer: one layer's embedding and what several measures need of it, worked out once, on first use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from kd_projector.measures.centred import CentredEmbedding, Gram, reads_gram
from kd_projector.measures.inputs import as_double, finite_double
from kd_projector.measures.neighbours import Neighbours, cosine_neighbours, neighbours_by
from kd_projector.measures.procrustes import procrustes_factor
from kd_projector.measures.rsa import SAMPLES, chosen_rows, distance_ranks

_LARGEST_KEPT = 2**22  # numbers of an embedding up to which its centred copy is kept: 32 MiB in float64


@dataclass(frozen=True, eq=False)
class PreparedLayer:
    """`X` (N, D), finite, as it was given; `name` as errors call it.

    What is worked out stays as long as this object: up to 4,096 samples half an (N, N) float64 matrix (for 2,000:
    18 MiB), up to 4,194,304 numbers two float64 copies too (2,000 x 512: 16 MiB). The copies of larger ones are made
    again for each comparison.
    """

    X: Tensor
    name: str = "The embedding"

    @staticmethod
    def of(X: Tensor, name: str = "The embedding") -> PreparedLayer:
        """Raises UsageError, beginning with `name`, unless X is an (N, D) tensor of finite numbers."""
        finite_double(X, name)
        # Apple's mps has no float64: all that is worked out would be on the CPU, so the layer is there too.
        return PreparedLayer(X.detach().cpu() if X.device.type == "mps" else X.detach(), name)

    @property
    def samples(self) -> int:
        return len(self.X)

    @property
    def device(self) -> torch.device:
        return self.X.device

    @cached_property
    def neighbours(self) -> Neighbours:
        """By Euclidean distance."""
        return neighbours_by(self.scaled, self.centred)

    @cached_property
    def cosine_neighbours(self) -> Neighbours:
        """By cosine similarity."""
        return cosine_neighbours(self.scaled)

    @property
    def scaled(self) -> Tensor:
        """`as_double(X)`: for measures to which scale is nothing, and that would bring X there each for itself."""
        return self._kept_scaled if self._is_kept else as_double(self.X, self.name)

    @property
    def centred(self) -> CentredEmbedding:
        if self._is_kept:
            return self._kept_centred
        return CentredEmbedding(CentredEmbedding.of(self.X, self.name).Z, lambda: self.gram)

    @cached_property
    def gram(self) -> Gram | None:
        """Of the centred rows; None where it would be too large to keep."""
        return (self._kept_centred if self._is_kept else CentredEmbedding.of(self.X, self.name)).gram

    def product(self, other: PreparedLayer) -> Tensor:
        """|Z'^T Z|_F^2 with the centred rows Z of this and Z' of the other layer, 0-dimensional."""
        if reads_gram(self.samples, self.X.shape[1], other.X.shape[1]):  # copies that are not kept are not made for it
            mine, theirs = self.gram, other.gram
            if mine is not None and theirs is not None:
                return mine.dot(theirs)
        rows = self.centred
        return rows.product(rows if other is self else other.centred)

    @property
    def _is_kept(self) -> bool:
        return self.X.numel() <= _LARGEST_KEPT

    @cached_property
    def _kept_scaled(self) -> Tensor:
        return as_double(self.X, self.name)

    @cached_property
    def _kept_centred(self) -> CentredEmbedding:
        return CentredEmbedding.of(self._kept_scaled)

    @cached_property
    def squared_norms(self) -> Tensor:
        """(N,) float64, of the centred rows."""
        return self.centred.norms

    @cached_property
    def self_product(self) -> Tensor:
        """|Z^T Z|_F^2 = |Z Z^T|_F^2 of the centred rows Z, 0-dimensional."""
        return self.product(self)

    @cached_property
    def distance_ranks(self) -> Tensor:
        """(M,) float64: as `rsa` compares them."""
        return distance_ranks(self.centred if len(self.X) <= SAMPLES else chosen_rows(self.X))

    @property
    def procrustes_factor(self) -> Tensor:
        """(N, min(N, D)) float64: as `procrustes_disparity` compares them."""
        return self._kept_factor if self._is_kept else procrustes_factor(self.centred.Z)

    @cached_property
    def _kept_factor(self) -> Tensor:
        return procrustes_factor(self.centred.Z)


@dataclass(frozen=True, eq=False)
class KnownNeighbours:
    """All that a neighbourhood overlap needs of a layer at another step."""

    neighbours: Neighbours
    name: str = "The embedding"

    @property
    def samples(self) -> int:
        return len(self.neighbours.indices)

    @property
    def device(self) -> torch.device:
        return self.neighbours.indices.device


Layers = Mapping[str, Tensor | PreparedLayer]  # by layer, each (N, D)


def prepare(layers: Layers, model: str | None = None) -> dict[str, PreparedLayer]:
    """Layers (N, D) that may be given to the suite in place of tensors.

    Worth it where a layer is measured more than once: the step's own layers (by themselves, then against each teacher)
    and a frozen teacher's (at every step). Layers that are prepared already stay as they are.
    Raises UsageError, naming layer and model, unless each is an (N, D) tensor of finite numbers.
    """
    return {name: prepared_layer(layer, name, model) for name, layer in layers.items()}


def prepare_sound(layers: Layers, model: str | None = None) -> tuple[dict[str, PreparedLayer], list[Exception]]:
    """`prepare` for a step of which one layer may be broken: the others, and for each one that could not be prepared
    (NaN, no memory left) its error."""
    sound: dict[str, PreparedLayer] = {}
    errors = []
    for name, layer in layers.items():
        try:
            sound[name] = prepared_layer(layer, name, model)
        except Exception as error:
            errors.append(error)
    return sound, errors


def prepared_layer(layer: Tensor | PreparedLayer, name: str, model: str | None = None) -> PreparedLayer:
    """One of `prepare`'s layers."""
    if isinstance(layer, PreparedLayer):
        return layer
    return PreparedLayer.of(layer, f"Layer {name!r}" + (f" of model {model!r}" if model else ""))
