"""What a frame depends on, and the key that names it. Light: TensorBoard computes keys, workers compute frames."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kd_projector.projection.methods import METHODS, Mode

# Part of every key: raise it when a change of code changes maps, or what is stored with them, and no old frame is taken
# for a new one.
PROJECTION_VERSION = 4


@dataclass(frozen=True)
class EmbeddingRef:
    """One stored embedding: which layer of which model of which run, at which stored step."""

    run_dir: str
    model: str
    layer: str
    step: int


@dataclass(frozen=True)
class FrameRequest:
    """One frame to be made.

    reference: the embedding whose own map is the reference (None: there is none). previous: the layer's embedding at
    the logged step before, against which the samples' change of neighbourhood is measured. components: 2 or 3.
    """

    embedding: EmbeddingRef
    method: str
    mode: Mode
    reference: EmbeddingRef | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    previous: EmbeddingRef | None = None
    components: int = 2

    def of_reference(self) -> FrameRequest | None:
        """The request for the reference map itself: the same method on the reference embedding, with no reference."""
        if self.reference is None:
            return None
        mode: Mode = "rigid" if self.mode == "rigid" else "independent"
        return FrameRequest(self.reference, self.method, mode, None, self.params, components=self.components)

    def key(self, embedding_digest: str, reference_digest: str | None, previous_digest: str | None = None) -> str:
        """The frame's name: 32 hexadecimal digits of a hash over all that the frame depends on, and nothing else."""
        identity = {
            "version": PROJECTION_VERSION,
            "method": self.method,
            "mode": self.mode,
            "components": self.components,
            "params": dict(self.params),
            "embedding": embedding_digest,
            "reference": reference_digest,
            "previous": previous_digest,
        }
        method = METHODS.get(self.method)
        if method is not None and method.version:  # of another package: its new version may make other maps
            identity["method_version"] = method.version
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]
