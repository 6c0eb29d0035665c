"""What a projection method must offer to make frames: one function, found by name and loaded where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol, cast

import numpy as np

from kd_projector.projection.methods import Method, Mode


class Engine(Protocol):
    """Maps one embedding. A pure function: the same arguments give the same map, and nothing global is changed.

    X: (N, D) float64, finite, not all equal. reference: (N, C), or None in the independent mode. mode: one of the
    method's own. seed: for all that is drawn at random. components: C, 2 or 3. params: `Method.defaults`, with what
    the caller gave in their place; the engine checks their values and raises UsageError.

    Returns the map (N, C) in any position and scale (a rigid fit lays it onto the reference), and its loss.
    """

    def __call__(
        self,
        X: np.ndarray,
        reference: np.ndarray | None,
        mode: Mode,
        seed: int,
        components: int,
        params: Mapping[str, Any],
    ) -> tuple[np.ndarray, float]: ...


def engine_of(method: Method) -> Engine:
    """Loads the method's engine, and the library behind it."""
    module, _, function = method.engine.partition(":")
    return cast("Engine", getattr(import_module(module), function))
