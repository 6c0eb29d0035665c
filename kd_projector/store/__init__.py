"""The on-disk format of a run, schema 1: what the logger writes and everything else reads. See docs/store.md.

Imports numpy, safetensors and fsspec, never torch: TensorBoard's own process reads runs through this package.
"""

from kd_projector.store.frames import Frame, FrameStore
from kd_projector.store.measured import Measured, MeasuredWriter
from kd_projector.store.reader import RunReader
from kd_projector.store.schema import (
    SCHEMA_VERSION,
    LayerInfo,
    Manifest,
    MeasureValue,
    ModelInfo,
    ProbeRecord,
    Role,
    StepDigests,
    StoredStep,
    Thumbnails,
)
from kd_projector.store.writer import RunWriter

__all__ = [
    "SCHEMA_VERSION",
    "Frame",
    "FrameStore",
    "LayerInfo",
    "Manifest",
    "MeasureValue",
    "Measured",
    "MeasuredWriter",
    "ModelInfo",
    "ProbeRecord",
    "Role",
    "RunReader",
    "RunWriter",
    "StepDigests",
    "StoredStep",
    "Thumbnails",
]
