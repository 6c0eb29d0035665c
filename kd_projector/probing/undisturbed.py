"""Undisturbed: a model can be run inside without anything of its training being different afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from kd_projector.probing.randomness import preserved_randomness

_MODULE_DICTS = ("_parameters", "_buffers", "_modules")


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Run `model` inside in evaluation mode, without gradients, without autocast and not compiled.

    Afterwards, also after an exception, these are as before: each module's own `training` flag (a frozen BatchNorm
    stays frozen), its attributes, its buffers (the same tensors with the same values), and all random generators.
    Parameters and gradients are not touched.

    Gradients are off by `torch.no_grad`, not by `inference_mode`: a module that keeps a tensor it made in its forward
    pass (the rotary embeddings' cosine table, say) would keep an *inference tensor*, and the next training step would
    fail with "Inference tensors cannot be saved for backward".
    """
    devices = devices_of(model)
    with ExitStack() as stack:
        stack.enter_context(preserved_randomness(devices))
        stack.enter_context(_preserved_attributes(model))
        stack.enter_context(torch.no_grad())
        for kind in sorted({"cpu", *(device.type for device in devices)} - {"meta"}):
            stack.enter_context(torch.autocast(kind, enabled=False))
        stack.enter_context(_eager())
        yield


def devices_of(model: nn.Module) -> frozenset[torch.device]:
    return frozenset(tensor.device for tensor in _tensors(model))


def _tensors(model: nn.Module) -> Iterable[Tensor]:
    yield from model.parameters()
    yield from model.buffers()


@contextmanager
def _preserved_attributes(model: nn.Module) -> Iterator[None]:
    """Evaluation mode inside; afterwards every module's attributes are the objects they were before.

    Flags are set on each module directly: `train()` and `eval()` may be overridden, and `train()` would wake modules
    that the user has frozen. All plain attributes are kept, not only buffers, because those go together: a module that
    grows a table of positions during the probe also notes its new length.

    Inside, buffers are copies, so that a module that writes to its buffers in evaluation mode too leaves the true ones
    alone, their version counters (which autograd checks) included.
    """
    modules = list(model.modules())
    attributes = [(module, dict(vars(module))) for module in modules]
    registered = [(getattr(module, kind), dict(getattr(module, kind))) for module in modules for kind in _MODULE_DICTS]
    modes = [(module, module.training) for module in modules]
    copies: dict[int, Tensor] = {}  # a buffer shared by two modules stays shared
    try:
        for module in modules:
            module.training = False
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    copies.setdefault(id(buffer), buffer.detach().clone())
                    module._buffers[name] = copies[id(buffer)]
        yield
    finally:
        for current, before in registered:
            _restore(current, before)
        for module, attributes_before in attributes:
            _restore(vars(module), attributes_before)
        for module, mode in modes:
            if module.training is not mode:  # a property of the user's own
                module.training = mode


def _restore(current: dict[str, Any], before: dict[str, Any]) -> None:
    for name in current.keys() - before.keys():
        del current[name]
    for name, value in before.items():
        if name not in current or current[name] is not value:
            current[name] = value


@contextmanager
def _eager() -> Iterator[None]:
    """No compiled code and no fused transformer layers: in neither do the hooks of inner layers run."""
    with ExitStack() as stack:
        # Importing the compiler takes seconds; where nobody has, nothing is compiled.
        if "torch._dynamo" in sys.modules and hasattr(torch.compiler, "set_stance"):
            stack.enter_context(torch.compiler.set_stance("force_eager"))
        fused = torch.backends.mha.get_fastpath_enabled()
        torch.backends.mha.set_fastpath_enabled(False)
        try:
            yield
        finally:
            torch.backends.mha.set_fastpath_enabled(fused)
