"""A watched model: the module behind its wrappers, its layers and role, and whether its parameters have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import nn

from kd_projector.errors import UsageError
from kd_projector.probe import Inputs, Probe, map_inputs
from kd_projector.probing.capture import Captured, capture
from kd_projector.probing.layers import find_stages, resolve_layers
from kd_projector.probing.parameter_state import ParameterState
from kd_projector.probing.pooling import Pool, Pooling
from kd_projector.probing.undisturbed import devices_of, undisturbed
from kd_projector.store.schema import ROLES, Role

_FULLY_SHARDED = {"FullyShardedDataParallel", "FSDPModule"}


@dataclass
class WatchedModel:
    """One model as the logger follows it. `static`: embedded once, and again only if its parameters changed."""

    name: str
    module: nn.Module
    role: Role | None
    layers: tuple[str, ...]
    chosen_automatically: bool
    pooling: Pooling
    static: bool
    _seen: ParameterState | None = field(default=None, init=False)

    @staticmethod
    def of(
        name: str,
        model: nn.Module,
        layers: Sequence[str] | str | None,
        role: Role | None,
        pool: Pool,
        max_dim: int,
    ) -> WatchedModel:
        """Raises UsageError where something is wrong with any of it."""
        if not isinstance(name, str) or not name or name.startswith("."):
            raise UsageError(
                f"A model cannot be called {name!r}: use a name that is not empty and does not start with a dot."
            )
        if name == "loss":
            raise UsageError('A model cannot be called "loss": that is where the losses are logged. Use another name.')
        if not isinstance(model, nn.Module):
            raise UsageError(f"Model {name!r} must be a torch.nn.Module, but is of type {type(model).__name__}.")
        module = unwrap(model)
        _require_embeddable(name, module)
        if role is None and name in ROLES:
            role = name
        if role is not None and role not in ROLES:
            raise UsageError(f"Model {name!r} cannot have the role {role!r}: it is one of {', '.join(ROLES)}, or None.")
        automatic = layers is None or layers == "auto"
        if automatic:
            names = find_stages(module)
            if not names:
                raise UsageError(
                    f"Model {name!r} ({type(module).__name__}) has no submodules: there is no layer to look at."
                )
        else:
            names = resolve_layers(module, [layers] if isinstance(layers, str) else list(layers or ()), name)
        static = role == "teacher" or not any(parameter.requires_grad for parameter in module.parameters())
        return WatchedModel(name, module, role, names, automatic, Pooling(pool, max_dim), static)

    def due(self) -> bool:
        """Whether the model has to be embedded now. Called once for each due step, before `embed`."""
        if not self.static:
            return True
        if self._seen is None:
            self._seen = ParameterState(self.module)
            return True
        return self._seen.changed()

    def embed(self, probe: Probe, batch_size: int) -> Captured:
        """The probe's embeddings; the model and its training are afterwards as before."""
        device = next((p.device for p in self.module.parameters()), None)
        device = device or next(iter(devices_of(self.module)), torch.device("cpu"))
        try:
            with undisturbed(self.module):
                batches = (_as_dtype_of(self.module, batch) for batch in probe.batches(batch_size, device))
                return capture(self.module, self.layers, batches, self.pooling, drop_silent=self.chosen_automatically)
        except BaseException:
            self._seen = None  # a static model, too, is due again
            raise


def unwrap(model: nn.Module) -> nn.Module:
    """The module behind DistributedDataParallel, DataParallel and torch.compile, which runs eagerly and on its own."""
    while True:
        if isinstance(model, (nn.parallel.DistributedDataParallel, nn.DataParallel)):
            model = model.module
        elif isinstance(inner := getattr(model, "_orig_mod", None), nn.Module):
            model = inner
        else:
            return model


def _require_embeddable(name: str, module: nn.Module) -> None:
    if isinstance(module, torch.jit.ScriptModule):
        raise UsageError(
            f"Model {name!r} is a TorchScript module, whose layers cannot be seen: watch the nn.Module itself."
        )
    classes = {cls.__name__ for part in module.modules() for cls in type(part).__mro__}
    if sharded := sorted(classes & _FULLY_SHARDED):
        raise UsageError(
            f"Model {name!r} is sharded ({sharded[0]}): its forward pass needs all ranks at once, which is not "
            f"supported yet. Watch it before sharding, or use DistributedDataParallel."
        )
    if any(torch.nn.parameter.is_lazy(tensor) for tensor in (*module.parameters(), *module.buffers())):
        raise UsageError(
            f"Model {name!r} has lazy layers without a shape yet: run one batch through it, then watch it."
        )


def _as_dtype_of(module: nn.Module, batch: Inputs) -> Inputs:
    """The batch, floating-point inputs in the precision of the model's first parameter (bfloat16, say)."""
    dtype = next((p.dtype for p in module.parameters() if p.is_floating_point()), None)
    if dtype is None:
        return batch
    return map_inputs(batch, lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor)
