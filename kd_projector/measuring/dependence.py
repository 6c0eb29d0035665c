"""What measured values depend on, hashed: as long as that is the same, they need not be computed again."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measuring.names import DIVERGENCES
from kd_projector.store import StepDigests, tensors

# Raise it when a measure's value changes for the same embeddings: all that was measured before is then out of date.
MEASURES_VERSION = 1


def key_of(
    measure: str, own: StepDigests, other: StepDigests | None, labels: np.ndarray | None, temperature: float
) -> str:
    """32 hexadecimal digits.

    own: of the step itself; other: of the step that it is compared with, of another model or of its own. labels count
    where the measure needs them, temperature where it is a divergence.
    """
    described = CATALOGUE[measure]
    outputs = described.scope == "output"
    depends = {
        "version": MEASURES_VERSION,
        "measure": measure,
        "own": _contents(own, outputs),
        "other": None if other is None else _contents(other, outputs),
        "labels": tensors.digest(labels) if described.needs_labels and labels is not None else None,
        "temperature": temperature if measure in DIVERGENCES else None,
    }
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()[:32]


def _contents(digests: StepDigests, outputs: bool) -> list[dict[str, str]]:
    return [dict(digests.layers), dict(digests.outputs) if outputs else {}]
