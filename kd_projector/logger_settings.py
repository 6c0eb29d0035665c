"""What a logger's numbers must be: checked when they are given, since a training should not fail on them later."""

from __future__ import annotations

import math
from numbers import Integral, Real

from kd_projector.errors import UsageError


def checked_batch_size(given: object) -> int:
    """Raises UsageError unless it is a whole number, at least 1."""
    if not (isinstance(given, Integral) and int(given) >= 1):
        raise UsageError(f"batch_size is {given!r} but must be a whole number, at least 1.")
    return int(given)


def checked_temperature(given: object) -> float:
    """Raises UsageError unless it is a finite number above 0."""
    if not (isinstance(given, Real) and 0 < float(given) < math.inf):
        raise UsageError(f"temperature is {given!r} but must be a positive number.")
    return float(given)
