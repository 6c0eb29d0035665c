"""ParameterState: whether a model's parameters or buffers have changed, found without waiting for its device."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from kd_projector.probing.transfer import HostCopy


class ParameterState:
    """What a model's parameters and buffers were when it was last embedded.

    Autograd's version counters see every ordinary change, at once. They miss what is written through `parameter.data`,
    as many an exponential moving average is; so norms of all tensors are compared too. On an accelerator these are read
    one call later, when they have long been computed, since reading them at once would make the training thread wait.
    There, the first change through `.data` is seen one call late; from then on the model counts as changing always.
    """

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._versions = _versions(module)
        self._norms: np.ndarray | None = None  # when last embedded; None: still on their way
        self._pending = HostCopy(_norms(module))
        self._always = False

    def changed(self) -> bool:
        """Whether the model has to be embedded again; if so, what it is now is what counts from now on."""
        if self._always:
            return True
        versions, latest = _versions(self._module), HostCopy(_norms(self._module))
        by_version = versions != self._versions
        self._versions = versions
        if by_version:
            self._norms, self._pending = None, latest
            return True
        if not self._pending.arrived:  # the device is more than a whole due step behind: keep what is on its way
            return False
        earlier = _flat(self._pending)
        if self._norms is not None and not np.array_equal(earlier, self._norms, equal_nan=True):
            self._always = True
            return True
        self._norms, self._pending = earlier, latest
        if not latest.is_immediate:
            return False
        changed = not np.array_equal(_flat(latest), earlier, equal_nan=True)
        self._norms = None
        return changed


def _flat(copy: HostCopy) -> np.ndarray:
    return np.concatenate([array.reshape(-1) for array in copy.read().values()] or [np.zeros(0)])


def _state(module: nn.Module) -> list[Tensor]:
    return [*module.parameters(), *module.buffers()]


def _versions(module: nn.Module) -> list[tuple[int, int]]:
    """Where each tensor lies and how often it was written to; an inference tensor keeps no count."""
    return [(t.data_ptr(), -1 if t.is_inference() else t._version) for t in _state(module)]


@torch.no_grad()
def _norms(module: nn.Module) -> dict[str, Tensor]:
    """The norm of each tensor, one vector for each device and precision."""
    by_device: dict[str, list[Tensor]] = {}
    for tensor in _state(module):
        if tensor.is_floating_point() and tensor.numel():
            # In float32 at least: norms do not narrow (float64), and have no kernels for float8.
            wide = tensor.detach().float() if tensor.itemsize == 1 else tensor.detach()
            dtype = torch.promote_types(wide.dtype, torch.float32)
            by_device.setdefault(f"{tensor.device} {dtype}", []).append(torch.linalg.vector_norm(wide, dtype=dtype))
    return {device: torch.stack(norms) for device, norms in by_device.items()}
