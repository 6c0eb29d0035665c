"""Pooling: from a layer's output for a batch to one row a sample, (N, D) float32, never a view of the output."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from kd_projector.errors import UsageError

PoolName = Literal["mean", "flatten", "cls"]
Pool = PoolName | Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Pooling:
    """How layers' outputs become embeddings.

    pool: "mean" averages (N, C, H, W) over H and W, and (N, T, D) over the tokens; "cls" takes the first token of
    (N, T, D); "flatten" keeps every value; a function takes the output to (N, D) itself. (N, D) stays as it is.
    max_dim: where D would exceed it, a sparse random projection, the same for every layer of that D, brings it there.
    """

    pool: Pool = "mean"
    max_dim: int = 2048

    def __post_init__(self) -> None:
        if not callable(self.pool) and self.pool not in ("mean", "flatten", "cls"):
            raise UsageError(f'Unknown pool {self.pool!r}: give "mean", "flatten", "cls" or a function.')
        if self.max_dim < 1:
            raise UsageError(f"max_dim is {self.max_dim} but must be at least 1.")

    def __call__(self, output: Tensor, layer: str) -> tuple[Tensor, str]:
        """`output` (N, …) of `layer` as (N, D) float32, D <= max_dim, and in words how that was done.

        Raises UsageError naming the layer.
        """
        if output.is_nested or output.is_complex() or output.dim() == 0:
            kind = "a nested tensor" if output.is_nested else "complex" if output.is_complex() else "one number"
            raise UsageError(f"The output of layer {layer!r} is {kind}, which cannot be pooled: leave this layer out.")
        pooled = self._pooled(output, layer)
        name = getattr(self.pool, "__name__", type(self.pool).__name__) if callable(self.pool) else self.pool
        dim = pooled.shape[1]
        if dim > self.max_dim:
            matrix = projection_matrix(dim, self.max_dim, pooled.device)
            return torch.sparse.mm(matrix, pooled.T.contiguous()).T.contiguous(), f"{name}, projected from {dim}"
        # What follows may change the layer's output in place (ReLU(inplace=True)): a view would change with it.
        is_view = pooled.untyped_storage().data_ptr() == output.untyped_storage().data_ptr()
        return (pooled.clone() if is_view else pooled), str(name)

    def _pooled(self, output: Tensor, layer: str) -> Tensor:
        if callable(self.pool):
            pooled = self.pool(output)
            if not isinstance(pooled, Tensor) or pooled.dim() != 2:
                given = f"shape {tuple(pooled.shape)}" if isinstance(pooled, Tensor) else type(pooled).__name__
                raise UsageError(f"The pool function gave {given} for layer {layer!r}: it must return a tensor (N, D).")
            return pooled.float()
        if output.dim() == 1:
            return output[:, None].float()
        if output.dim() == 2:
            return output.float()
        if self.pool == "flatten":
            return output.flatten(1).float()
        if self.pool == "cls":
            if output.dim() != 3:
                raise UsageError(
                    f'Layer {layer!r} has outputs of shape {tuple(output.shape)}, without a class token: pool="cls" is '
                    f'for (N, T, D). Use pool="mean" or "flatten".'
                )
            return output[:, 0].float()
        over = 1 if output.dim() == 3 else tuple(range(2, output.dim()))
        return output.mean(dim=over, dtype=torch.float32)


@lru_cache(maxsize=8)
def projection_matrix(dim: int, target: int, device: torch.device) -> Tensor:
    """A sparse random projection (target, dim) that keeps squared distances on average; the same at every call.

    Very sparse random projections after Li, Hastie & Church (KDD 2006): about sqrt(dim) entries of +-1 a row, scaled.
    """
    generator = torch.Generator().manual_seed(dim)
    filled = max(1, round(math.sqrt(dim)))
    columns = torch.randint(dim, (target * filled,), generator=generator, device="cpu")
    rows = torch.arange(target, device="cpu").repeat_interleave(filled)
    signs = torch.randint(2, (target * filled,), generator=generator, device="cpu").float() * 2 - 1
    scale = math.sqrt(dim / (filled * target))
    matrix = torch.sparse_coo_tensor(torch.stack([rows, columns]), signs * scale, (target, dim), check_invariants=False)
    return matrix.coalesce().to(device)
