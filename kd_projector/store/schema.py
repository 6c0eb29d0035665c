"""The records of schema 1 and their JSON forms. Frozen dataclasses; nothing here touches a disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np

from kd_projector.errors import StoreError

SCHEMA_VERSION = 1

Role = Literal["teacher", "student", "baseline"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class LayerInfo:
    """One probed layer: its pooled width `dim`, the per-sample `shape` before pooling, and how it was pooled."""

    name: str
    dim: int
    shape: tuple[int, ...]
    pool: str
    output: bool = False  # True where the layer's output is the model's output (its logits)


@dataclass(frozen=True)
class ModelInfo:
    """One watched model; `layers` in depth order. A `static` model is embedded again only if its parameters changed."""

    name: str
    role: Role | None
    static: bool
    layers: tuple[LayerInfo, ...]

    def last_hidden_layer(self) -> LayerInfo:
        """The deepest layer that is not the output itself (the output where there is no other)."""
        hidden = [layer for layer in self.layers if not layer.output]
        return hidden[-1] if hidden else self.layers[-1]


@dataclass(frozen=True)
class Manifest:
    """What a run holds. `warnings` counts what the logger had to drop, by kind."""

    package_version: str
    created: str  # ISO 8601, UTC
    probe_fingerprint: str
    probe_size: int
    models: tuple[ModelInfo, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any], where: str) -> Manifest:
        """Raise StoreError, naming `where`, if the manifest is of a newer schema or not one of ours."""
        version = data.get("schema_version") if isinstance(data, Mapping) else None
        if not isinstance(version, int):
            raise StoreError(f"{where} is not a kd_projector manifest: it has no schema_version.")
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{where} was written by kd_projector {data.get('package_version')} with schema {version}; this "
                f"version reads up to schema {SCHEMA_VERSION}. Upgrade kd_projector to open it."
            )
        try:
            models = tuple(
                ModelInfo(
                    name=model["name"],
                    role=model["role"],
                    static=model["static"],
                    layers=tuple(
                        LayerInfo(
                            name=layer["name"],
                            dim=layer["dim"],
                            shape=tuple(layer["shape"]),
                            pool=layer["pool"],
                            output=layer["output"],
                        )
                        for layer in model["layers"]
                    ),
                )
                for model in data["models"]
            )
            return Manifest(
                package_version=data["package_version"],
                created=data["created"],
                probe_fingerprint=data["probe_fingerprint"],
                probe_size=data["probe_size"],
                models=models,
                settings=data["settings"],
                warnings=data["warnings"],
                schema_version=version,
            )
        except (KeyError, TypeError) as error:
            raise StoreError(f"{where} is damaged: {error!r} while reading it.") from error


@dataclass(frozen=True)
class StepDigests:
    """What identifies the contents of a step, by layer and by output column; see `tensors.digest`.

    No output columns where a version before measures could be computed afterwards wrote the step.
    """

    layers: Mapping[str, str]
    outputs: Mapping[str, str]

    @staticmethod
    def of(metadata: Mapping[str, Any]) -> StepDigests:
        return StepDigests(metadata["digests"], metadata.get("output_digests", {}))


@dataclass(frozen=True)
class StoredStep:
    """One model's step as it is on disk: layers (N, dim), float16 or float32, and per-sample output columns (N,)."""

    embeddings: Mapping[str, np.ndarray]
    outputs: Mapping[str, np.ndarray]
    digests: StepDigests


@dataclass(frozen=True)
class MeasureValue:
    """One number: `measure` of a model's `layer` (None: its outputs), against another model's layer where it compares.

    The model it belongs to and the step are where it is stored: `measures/<model>/<step>.json`. other_run: where the
    other model is another run's, that run's folder as seen from this one ("../distilled"); None: it is this run's.
    """

    measure: str
    value: float
    layer: str | None = None
    other_model: str | None = None
    other_layer: str | None = None
    other_run: str | None = None

    @property
    def what(self) -> MeasureValue:
        """What it is the value of: the same for all steps."""
        return replace(self, value=0.0)

    def tag(self, model: str) -> str:
        """The scalar's tag in an event file: `kd/<model>/<layer>/<measure>[/<other run>][/<other model>.<layer>]`.

        A run beside this one is called by its name there, any other as in `other_run`.
        """
        parts = ["kd", model, *([self.layer] if self.layer else []), self.measure]
        if self.other_run is not None:
            beside = self.other_run.removeprefix("../")
            parts.append(beside if "/" not in beside and beside != ".." else self.other_run)
        other = [name for name in (self.other_model, self.other_layer) if name]
        return "/".join([*parts, *([".".join(other)] if other else [])])


@dataclass(frozen=True)
class Thumbnails:
    """Sprite sheets (WebP), `columns` cells a row: sample i is cell i % per_sheet of sheet i // per_sheet."""

    sheets: tuple[bytes, ...]
    width: int  # pixels of one cell
    height: int
    columns: int
    per_sheet: int


@dataclass(frozen=True)
class ProbeRecord:
    """The fixed samples as stored: labels (N,) int64 or None, ids, metadata columns of length N, class names."""

    fingerprint: str
    ids: tuple[str, ...]
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] | None = None
    metadata: Mapping[str, list[Any]] = field(default_factory=dict)
    thumbnails: Thumbnails | None = None

    @property
    def size(self) -> int:
        return len(self.ids)
