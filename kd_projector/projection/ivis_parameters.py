"""Which values of Ivis's parameters can be honoured; the rest is refused in a sentence, before anything is computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import torch

from kd_projector.errors import UsageError
from kd_projector.projection.estimator import require_count, require_number
from kd_projector.projection.ivis_losses import LOSSES
from kd_projector.projection.ivis_neighbours import METRICS
from kd_projector.projection.ivis_network import ARCHITECTURES
from kd_projector.projection.ivis_supervision import SUPERVISION_METRICS

_OPTIONAL_COUNTS = ("epochs", "n_epochs_without_progress")  # None: no such number
_CHOICES = {
    "knn_distance_metric": METRICS,
    "supervision_metric": SUPERVISION_METRICS,
}


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Raises UsageError for the first of Ivis's `parameters` that cannot be honoured."""
    for name in ("embedding_dims", "k", "batch_size", *_OPTIONAL_COUNTS):
        if not (name in _OPTIONAL_COUNTS and parameters[name] is None):
            require_count(name, parameters[name], at_least=2 if name == "batch_size" else 1)
    for name, known in _CHOICES.items():
        _require_one_of(name, parameters[name], known)
    if not callable(parameters["distance"]):
        _require_one_of("distance", parameters["distance"], LOSSES)
    if not isinstance(parameters["model"], torch.nn.Module):
        _require_one_of("model", parameters["model"], tuple(ARCHITECTURES), "or a torch.nn.Module")
    require_number("margin", parameters["margin"], lambda number: number > 0, "above 0")
    weight = parameters["supervision_weight"]
    require_number("supervision_weight", weight, lambda number: 0 <= number <= 1, "from 0 to 1")
    require_number("layout_weight", parameters["layout_weight"], lambda number: number >= 0, "of at least 0")
    if parameters["annoy_index_path"] is not None:
        raise UsageError(
            f"annoy_index_path is {parameters['annoy_index_path']!r}; Annoy indices are not read here. Give the "
            f"neighbours themselves as neighbour_matrix, or leave both away for exact ones."
        )
    callbacks = parameters["callbacks"]
    if callbacks is not None and not isinstance(callbacks, Collection):
        raise UsageError(f"callbacks is {callbacks!r}; give a list of objects with a method on_epoch_end(epoch, logs).")
    for callback in callbacks or ():
        if not callable(getattr(callback, "on_epoch_end", None)):
            raise UsageError(f"Callback {callback!r} has no method on_epoch_end(epoch, logs).")


def device_named(name: Any) -> torch.device:
    """The device called `name`; "auto" is CUDA where there is any, else the CPU. Raises UsageError if there is none."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, TypeError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"device is {name!r}, which cannot be used here ({reason}); 'auto' finds one.") from None
    return device


def _require_one_of(name: str, value: Any, known: tuple[str, ...], more: str = "") -> None:
    if not isinstance(value, str) or value not in known:
        raise UsageError(f"{name} is {value!r}; it must be one of {', '.join(known)}{more and ' ' + more}.")
