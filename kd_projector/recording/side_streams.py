"""SideStreams: on CUDA, the writer's thread works beside the training, on streams of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor


class SideStreams:
    """One stream for each CUDA device. On the training's own stream, the writer's kernels would hold up its next step,
    and waiting for their results would wait for that step too."""

    def __init__(self) -> None:
        self._streams: dict[torch.device, torch.cuda.Stream] = {}

    @contextmanager
    def after(self, ready: Iterable[torch.cuda.Event], tensors: Iterable[Tensor]) -> Iterator[None]:
        """Inside, CUDA work runs on side streams, after the events in `ready`. `tensors`: what that work will read."""
        on_cuda = [tensor for tensor in tensors if tensor.device.type == "cuda"]
        with ExitStack() as stack:
            for device in {tensor.device for tensor in on_cuda}:
                if device not in self._streams:
                    self._streams[device] = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
                for event in ready:
                    self._streams[device].wait_event(event)
                stack.enter_context(torch.cuda.stream(self._streams[device]))
            for tensor in on_cuda:
                # The allocator knows only the stream that made the tensor: without this it could hand its memory to the
                # training again while the side stream still reads it.
                tensor.record_stream(self._streams[tensor.device])
            yield
