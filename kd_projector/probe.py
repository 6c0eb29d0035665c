"""Probe: the fixed samples that every watched model is shown at every logged step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from kd_projector.errors import UsageError
from kd_projector.store.schema import ProbeRecord, Thumbnails
from kd_projector.thumbnails import as_images, make_thumbnails

if TYPE_CHECKING:
    from torch.utils.data import DataLoader

Inputs = Tensor | dict[str, Tensor] | tuple[Tensor, ...]


class Probe:
    """The fixed samples: inputs, and what is known of each.

    inputs: a tensor (N, …), or a dict or tuple of such, as the models take them: `model(x)`, `model(**x)`, `model(*x)`.
    labels: (N,) class indices. ids: N names, by default "0", "1", …
    metadata: columns of N values (numbers or text) to colour and search by. class_names: indexed by label.
    images: (N, C, H, W), what to show of a sample where the inputs themselves are not images.

    Raises UsageError where these do not fit together.
    """

    def __init__(
        self,
        inputs: Any,
        labels: Any = None,
        *,
        ids: Sequence[object] | None = None,
        metadata: Mapping[str, Sequence[Any]] | None = None,
        class_names: Sequence[str] | None = None,
        images: Any = None,
    ) -> None:
        self.inputs: Inputs = _as_inputs(inputs)
        self.size = _common_length(self.inputs)
        self.labels = None if labels is None else _as_labels(labels, self.size, class_names)
        self.ids = tuple(str(i) for i in (range(self.size) if ids is None else ids))
        self.class_names = None if class_names is None else tuple(str(name) for name in class_names)
        self.metadata = {str(name): _as_column(column) for name, column in (metadata or {}).items()}
        for what, length in [
            ("ids", len(self.ids)),
            *((f"metadata[{n!r}]", len(c)) for n, c in self.metadata.items()),
        ]:
            if length != self.size:
                raise UsageError(f"The probe has {self.size} samples but {length} {what}: give one for each sample.")
        self._images = None if images is None else _as_shown_images(images, self.size)

    @staticmethod
    def from_dataset(
        dataset: Any,
        size: int = 2000,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        collate_fn: Callable[[list[Any]], Any] | None = None,
    ) -> Probe:
        """`size` samples of a map-style dataset, chosen by `seed`; see `kd_projector.probe_sources.from_dataset`."""
        from kd_projector import probe_sources

        return probe_sources.from_dataset(dataset, size, seed, class_names, collate_fn)

    @staticmethod
    def from_loader(
        loader: DataLoader[Any], size: int = 2000, seed: int = 0, class_names: Sequence[str] | None = None
    ) -> Probe:
        """The first `size` samples that `loader` yields; see `kd_projector.probe_sources.from_loader`."""
        from kd_projector import probe_sources

        return probe_sources.from_loader(loader, size, seed, class_names)

    def __len__(self) -> int:
        return self.size

    @cached_property
    def fingerprint(self) -> str:
        """32 hexadecimal digits: 128 bits of the SHA-256 of ids, labels and inputs.

        Samples of two runs are the same ones exactly if their probes' fingerprints agree.
        """
        content = hashlib.sha256("\x00".join(self.ids).encode())
        named = {"labels": self.labels} if self.labels is not None else {}
        for name, tensor in {**named, **_named(self.inputs)}.items():
            content.update(f"\x00{name}\x00{tensor.dtype}\x00{tuple(tensor.shape)}\x00".encode())
            content.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)
        return content.hexdigest()[:32]

    def batches(self, batch_size: int, device: torch.device) -> Iterator[Inputs]:
        """The inputs on `device`, `batch_size` samples at a time, in order."""
        inputs = self._pinned_inputs if device.type == "cuda" else self.inputs
        for start in range(0, self.size, batch_size):
            yield map_inputs(inputs, lambda t, s=start: t[s : s + batch_size].to(device, non_blocking=True))  # type: ignore[misc]

    @cached_property
    def _pinned_inputs(self) -> Inputs:
        # A copy from pageable memory makes the training thread wait for the device; one from pinned memory does not.
        return map_inputs(self.inputs, lambda tensor: tensor.pin_memory())

    def thumbnails(self) -> Thumbnails | None:
        """Sprite sheets of `images`, or of the first input that can be shown as an image; None where there is none."""
        shown = self._images
        if shown is None:
            shown = next((i for t in _named(self.inputs).values() if (i := as_images(t)) is not None), None)
        return None if shown is None else make_thumbnails(shown)

    def record(self) -> ProbeRecord:
        """The probe as the store keeps it (without its inputs)."""
        return ProbeRecord(
            fingerprint=self.fingerprint,
            ids=self.ids,
            labels=None if self.labels is None else self.labels.numpy(),
            class_names=self.class_names,
            metadata=self.metadata,
            thumbnails=self.thumbnails(),
        )


def _as_tensor(value: Any) -> Tensor | None:
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        value = torch.from_numpy(np.ascontiguousarray(value))
    # A copy: the caller may go on to change its tensor in place, and the probe must not change with it.
    return value.detach().to("cpu", copy=True).contiguous() if isinstance(value, Tensor) else None


def _as_inputs(inputs: Any) -> Inputs:
    if isinstance(inputs, Mapping):
        named = {str(name): _as_tensor(value) for name, value in inputs.items()}
        if named and all(tensor is not None for tensor in named.values()):
            return named  # type: ignore[return-value]
    elif isinstance(inputs, (tuple, list)):
        tensors = tuple(_as_tensor(value) for value in inputs)
        if tensors and all(tensor is not None for tensor in tensors):
            return tensors  # type: ignore[return-value]
    elif (tensor := _as_tensor(inputs)) is not None:
        return tensor
    raise UsageError(
        f"A probe's inputs must be a tensor, or a dict or tuple of tensors, but are {_kind(inputs)}: "
        f"collate the samples first (torch.utils.data.default_collate)."
    )


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            f"a {type(value).__name__} of {', '.join(sorted({type(v).__name__ for v in value.values()})) or 'nothing'}"
        )
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {', '.join(sorted({type(v).__name__ for v in value})) or 'nothing'}"
    return f"of type {type(value).__name__}"


def _named(inputs: Inputs) -> dict[str, Tensor]:
    if isinstance(inputs, Tensor):
        return {"inputs": inputs}
    if isinstance(inputs, dict):
        return {f"inputs.{name}": tensor for name, tensor in inputs.items()}
    return {f"inputs.{index}": tensor for index, tensor in enumerate(inputs)}


def map_inputs(inputs: Inputs, function: Callable[[Tensor], Tensor]) -> Inputs:
    if isinstance(inputs, Tensor):
        return function(inputs)
    if isinstance(inputs, dict):
        return {name: function(tensor) for name, tensor in inputs.items()}
    return tuple(function(tensor) for tensor in inputs)


def _common_length(inputs: Inputs) -> int:
    lengths = {name: tensor.shape[0] if tensor.dim() else None for name, tensor in _named(inputs).items()}
    distinct = set(lengths.values())
    if len(distinct) > 1 or None in distinct:
        raise UsageError(f"The probe's inputs must all have the same number of samples first, but have {lengths}.")
    size = distinct.pop()
    if not size:
        raise UsageError("The probe is empty: give it at least one sample.")
    return size


def _as_labels(labels: Any, size: int, class_names: Sequence[str] | None) -> Tensor:
    tensor = torch.as_tensor(labels).detach().cpu()
    if tensor.dtype.is_floating_point or tensor.is_complex() or tensor.dtype == torch.bool or tensor.dim() != 1:
        raise UsageError(
            f"The probe's labels must be class indices, one whole number a sample, but are {tensor.dtype} of shape "
            f"{tuple(tensor.shape)}: leave labels out and give other targets as metadata."
        )
    if len(tensor) != size:
        raise UsageError(f"The probe has {size} samples but {len(tensor)} labels: give one for each sample.")
    tensor = tensor.to(torch.int64, copy=True)  # first: torch cannot compare numpy's uint16
    if class_names is not None and not 0 <= int(tensor.min()) <= int(tensor.max()) < len(class_names):
        raise UsageError(
            f"The probe's labels lie in {int(tensor.min())}..{int(tensor.max())}, but there are {len(class_names)} "
            f"class_names: give one for each class, from label 0."
        )
    return tensor


def _as_column(column: Any) -> list[Any]:
    return list(column.tolist() if isinstance(column, (Tensor, np.ndarray)) else column)


def _as_shown_images(images: Any, size: int) -> Tensor:
    tensor = _as_tensor(images)
    shown = None if tensor is None else as_images(tensor[:, None] if tensor.dim() == 3 else tensor)
    if shown is None or len(shown) != size:
        given = _kind(images) if tensor is None else f"of shape {tuple(tensor.shape)}"
        raise UsageError(
            f"The probe's images must be a tensor ({size}, C, H, W) with 1, 3 or 4 channels, but are {given}."
        )
    return shown
