"""Capture: run batches through a model with forward hooks and keep, per layer, one pooled row a sample."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import torch
from torch import Tensor, nn

from kd_projector.errors import UsageError
from kd_projector.probe import Inputs
from kd_projector.probing.pooling import Pooling
from kd_projector.store.schema import LayerInfo


@dataclass(frozen=True)
class Captured:
    """What one model made of the probe, on the model's device.

    layers, in the order in which they ran; embeddings: for each layer (N, D) float32; logits: the model's output where
    it is (N, C) with C > 1, float32, else None.
    """

    layers: tuple[LayerInfo, ...]
    embeddings: Mapping[str, Tensor]
    logits: Tensor | None


def capture(
    model: nn.Module, layers: Sequence[str], batches: Iterable[Inputs], pooling: Pooling, *, drop_silent: bool = False
) -> Captured:
    """Run `batches` through `model` and capture `layers`. The hooks are gone afterwards, whatever happens.

    A layer that runs several times in a forward pass counts as it was the last time. One that does not run is a
    UsageError, or is left out with `drop_silent`.
    """
    infos: tuple[LayerInfo, ...] = ()
    rows: dict[str, list[Tensor]] = {}
    logits: list[Tensor] = []
    for batch in batches:
        samples = _batch_length(batch)
        with _recording(model, layers, samples, pooling) as outputs:
            result = first_tensor(_call(model, batch))
        if not infos:
            _require_runs(layers, outputs, drop_silent)
            infos = tuple(output.info(result) for output in outputs.values())
        for info in infos:
            rows.setdefault(info.name, []).append(outputs[info.name].pooled)
        if result is not None and result.dim() == 2 and len(result) == samples and result.shape[1] > 1:
            logits.append(result.to(torch.float32, copy=True))
    return Captured(
        layers=infos,
        embeddings={name: torch.cat(parts) for name, parts in rows.items()},
        logits=torch.cat(logits) if logits else None,
    )


def first_tensor(output: Any) -> Tensor | None:
    """The tensor that an output stands for: itself, or the first in a tuple, list, dict, ModelOutput or dataclass."""
    if isinstance(output, Tensor):
        return output
    if isinstance(output, Mapping):
        output = list(output.values())
    elif is_dataclass(output) and not isinstance(output, type):
        output = [getattr(output, field.name) for field in fields(output)]
    if isinstance(output, (tuple, list)):
        return next((tensor for part in output if (tensor := first_tensor(part)) is not None), None)
    return None


@dataclass(frozen=True)
class _LayerOutput:
    """One layer's output for one batch: pooled at once, since what follows may overwrite it."""

    name: str
    pooled: Tensor
    shape: tuple[int, ...]
    pool: str
    tensor: weakref.ref[Tensor]

    def info(self, result: Tensor | None) -> LayerInfo:
        return LayerInfo(
            name=self.name,
            dim=self.pooled.shape[1],
            shape=self.shape,
            pool=self.pool,
            output=result is not None and self.tensor() is result,
        )


@contextmanager
def _recording(
    model: nn.Module, layers: Sequence[str], samples: int, pooling: Pooling
) -> Iterator[dict[str, _LayerOutput]]:
    """What `layers` give while inside, in the order of their last run."""
    outputs: dict[str, _LayerOutput] = {}
    handles = []
    modules = dict(model.named_modules())

    def hook(name: str) -> Any:
        def keep(_module: nn.Module, _inputs: Any, output: Any) -> None:
            tensor = first_tensor(output)
            if tensor is None:
                raise UsageError(f"Layer {name!r} returns no tensor but {type(output).__name__}: leave this layer out.")
            outputs.pop(name, None)
            outputs[name] = _pool(name, tensor, samples, pooling)

        return keep

    try:
        for name in layers:
            handles.append(modules[name].register_forward_hook(hook(name)))
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


def _pool(name: str, tensor: Tensor, samples: int, pooling: Pooling) -> _LayerOutput:
    pooled, pool = pooling(tensor, name)
    if len(pooled) != samples:
        hint = " (batch_first=True puts the samples first)" if tensor.dim() == 3 and tensor.shape[1] == samples else ""
        raise UsageError(
            f"Layer {name!r} gives {len(pooled)} rows for {samples} samples (its output has shape "
            f"{tuple(tensor.shape)}): the first dimension must be the samples{hint}. "
            f"Give a pool function, or leave the layer out."
        )
    return _LayerOutput(name, pooled, tuple(tensor.shape[1:]), pool, weakref.ref(tensor))


def _require_runs(layers: Sequence[str], outputs: Mapping[str, Any], drop_silent: bool) -> None:
    silent = [layer for layer in layers if layer not in outputs]
    if silent and not (drop_silent and outputs):
        raise UsageError(
            f"Layer {silent[0]!r} does not run when the model is called on the probe: name one that does "
            f"(a ModuleList, for instance, never runs itself; its members do)."
        )


def _call(model: nn.Module, batch: Inputs) -> Any:
    if isinstance(batch, dict):
        return model(**batch)
    return model(*batch) if isinstance(batch, tuple) else model(batch)


def _batch_length(batch: Inputs) -> int:
    if isinstance(batch, dict):
        return len(next(iter(batch.values())))
    return len(batch[0]) if isinstance(batch, tuple) else len(batch)
