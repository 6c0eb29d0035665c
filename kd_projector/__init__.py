"""kd_projector: what knowledge distillation does to a network, layer by layer, while it trains.

The public names load on first use: TensorBoard imports this package to find the plugin, and must not pay for torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kd_projector.version import __version__

if TYPE_CHECKING:
    from kd_projector.logger import DistillationLogger
    from kd_projector.probe import Probe
    from kd_projector.schedule import Schedule

__all__ = ["DistillationLogger", "Probe", "Schedule", "__version__"]

_HOMES = {
    "DistillationLogger": "kd_projector.logger",
    "Probe": "kd_projector.probe",
    "Schedule": "kd_projector.schedule",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kd_projector' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
