"""Random number generators' states, kept as they were: Python's, numpy's, torch's on the CPU and on devices."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch


@contextmanager
def preserved_randomness(devices: Iterable[torch.device] = (), seed: int | None = None) -> Iterator[None]:
    """Whatever is drawn inside, the global generators are afterwards as they were before.

    seed: seeds all of them inside, so that what happens there is the same every time.
    Reading and setting a CUDA generator's state happens on the host; it does not wait for the device.
    """
    of_python = random.getstate()
    of_numpy = np.random.get_state()  # noqa: NPY002 - it is the global generator that must be kept
    of_cpu = torch.get_rng_state()
    accelerators = {device for device in devices if device.type not in ("cpu", "meta")}
    of_devices = {device: _device_state(device) for device in accelerators}
    try:
        if seed is not None:
            random.seed(seed)
            np.random.seed(seed % 2**32)  # noqa: NPY002
            torch.default_generator.manual_seed(seed)
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)  # noqa: NPY002
        torch.set_rng_state(of_cpu)
        for device, state in of_devices.items():
            _set_device_state(device, state)


def _device_state(device: torch.device) -> torch.Tensor:
    module: Any = getattr(torch, device.type)
    state: torch.Tensor = module.get_rng_state() if device.type == "mps" else module.get_rng_state(device)
    return state


def _set_device_state(device: torch.device, state: torch.Tensor) -> None:
    module: Any = getattr(torch, device.type)
    if device.type == "mps":
        module.set_rng_state(state)
    else:
        module.set_rng_state(state, device)
