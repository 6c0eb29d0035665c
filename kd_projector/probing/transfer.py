"""Transfer: tensors from an accelerator to the host without making the training thread wait for the device."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import torch
from torch import Tensor


class HostCopy:
    """Tensors on their way to the host. Started on the calling thread's current streams; `read` waits for them.

    From CUDA they go into pinned memory, which alone lets `non_blocking` be true to its name; a buffer may be read only
    after the event that follows its copy, or it holds garbage. Tensors on the CPU are not copied.
    """

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._copies: dict[str, Tensor] = {}
        self._events: list[torch.cuda.Event] = []
        for name, tensor in tensors.items():
            if tensor.device.type == "cuda":
                buffer = torch.empty(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=True)
                self._copies[name] = buffer.copy_(tensor.detach(), non_blocking=True)
            else:
                self._copies[name] = tensor.detach().cpu()
        self._events = record_events(tensor.device for tensor in tensors.values())

    @property
    def is_immediate(self) -> bool:
        """Whether there was no device to wait for."""
        return not self._events

    @property
    def arrived(self) -> bool:
        """Whether `read` would not have to wait."""
        return all(event.query() for event in self._events)  # type: ignore[no-untyped-call]

    def read(self) -> dict[str, np.ndarray]:
        """The tensors as arrays. Waits for the device: for the writer's thread, or once `arrived`."""
        for event in self._events:
            event.synchronize()
        return {name: copy.numpy() for name, copy in self._copies.items()}


def record_events(devices: Iterable[torch.device]) -> list[torch.cuda.Event]:
    """One event on the current stream of each CUDA device among `devices`."""
    events = []
    for device in {device for device in devices if device.type == "cuda"}:
        event = torch.cuda.Event()  # type: ignore[no-untyped-call]
        event.record(torch.cuda.current_stream(device))
        events.append(event)
    return events
