"""RunRecorder: turns captured steps into a run's files. The background thread's part of the logger, without models."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kd_projector.errors import StoreError, UsageError
from kd_projector.measures.agreement import are_class_indices
from kd_projector.probe import Probe
from kd_projector.probing.capture import Captured
from kd_projector.probing.transfer import HostCopy
from kd_projector.recording.outputs import sample_outputs
from kd_projector.recording.scalars import ScalarLog
from kd_projector.recording.side_streams import SideStreams
from kd_projector.recording.step_measures import StepMeasures, StepOutcome
from kd_projector.store import Manifest, ModelInfo, RunReader, RunWriter, tensors
from kd_projector.version import __version__


@dataclass(frozen=True)
class CapturedStep:
    """One due step, as the training thread hands it over; `ready`: events after which the tensors hold their values.

    models: all watched ones. captured: those that were embedded at this step. losses: numbers or one-element tensors.
    """

    step: int
    wall_time: float
    models: tuple[ModelInfo, ...]
    captured: Mapping[str, Captured]
    losses: Mapping[str, Tensor | float]
    ready: Sequence[torch.cuda.Event] = ()

    def tensors(self) -> list[Tensor]:
        """All that the writer will read."""
        found = [loss for loss in self.losses.values() if isinstance(loss, Tensor)]
        for captured in self.captured.values():
            found += [*captured.embeddings.values(), *([] if captured.logits is None else [captured.logits])]
        return found


class RunRecorder:
    """Writes one run: its store and its event file. A run that is there already is resumed."""

    def __init__(self, log_dir: str, probe: Probe, settings: Mapping[str, Any], measures: StepMeasures) -> None:
        # Absolute at once: a training may change its working directory before the first step is written.
        self._log_dir = log_dir if "://" in log_dir else os.path.abspath(os.path.expanduser(log_dir))
        self._probe = probe
        self._settings = dict(settings)
        self._measures = measures
        self._streams = SideStreams()
        self._created = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self._earlier: Manifest | None = None  # what a run that is resumed held
        self._writer: RunWriter | None = None
        self._scalars: ScalarLog | None = None
        self._manifest: Manifest | None = None  # as last written
        self._began_at: int | None = None
        self._begun = False
        self._is_resumed = False
        self._unwritten: dict[str, Captured] = {}
        self.warnings: Counter[str] = Counter()

    # -- on the training thread, before the first step is handed over -------------------------------------------------

    def open(self) -> None:
        """Take the run's lock and look at what it holds.

        Raises StoreError where another logger writes to it, or where it was made with another probe; OSError where the
        folder cannot be written to (`record` tries again).
        """
        if self._writer is not None:
            return
        if RunReader.is_run(self._log_dir):
            earlier = RunReader(self._log_dir).manifest
            if earlier.probe_fingerprint != self._probe.fingerprint:
                raise StoreError(
                    f"{self._log_dir} was made with another probe: its fingerprint is {earlier.probe_fingerprint}, "
                    f"this one's is {self._probe.fingerprint}. Give the same samples to resume it, or a new log_dir."
                )
            self._earlier = earlier
        self._writer = RunWriter(self._log_dir)
        if self._earlier is not None:
            self._created = self._earlier.created
            self.warnings.update(self._earlier.warnings)

    def require_same_layers(self, step: int, models: tuple[ModelInfo, ...]) -> None:
        """Raise UsageError where a model has steps before `step` on disk that were embedded at other layers."""
        if self._earlier is None:
            return
        reader = RunReader(self._log_dir)
        for model in models:
            if model.name not in reader.models or not any(old < step for old in reader.steps(model.name)):
                continue
            before, now = ({layer.name: layer.dim for layer in m.layers} for m in (reader.model(model.name), model))
            if before != now:
                raise UsageError(
                    f"{self._log_dir} holds model {model.name!r} with layers {before} (name: width), but now it has "
                    f"{now}: resume with the same layers, or give a new log_dir."
                )

    # -- on the background thread --------------------------------------------------------------------------------------

    def record(self, captured: CapturedStep) -> None:
        """Write one step: measures, embeddings and outputs of each model, then the scalars."""
        self._began_at = captured.step if self._began_at is None else self._began_at
        # A static model is embedded once: what could not be written of it goes with the next step.
        captured = replace(captured, captured={**self._unwritten, **captured.captured})
        static = {model.name for model in captured.models if model.static}
        self._unwritten = {name: one for name, one in captured.captured.items() if name in static}
        try:
            self.open()
            failures = self._write(captured)
        except BaseException:
            self.warnings["failed_steps"] += 1
            raise
        if failures:
            self.warnings["failed_measures"] += len(failures)
            raise failures[0]

    def flush(self) -> None:
        """Bring the manifest's warnings up to date."""
        if self._writer is not None and self._manifest is not None:
            self._write_manifest(replace(self._manifest, warnings=dict(self.warnings)))

    def close(self) -> None:
        """Write what is left to write and release the run. Harmless when called again."""
        with ExitStack() as stack:
            if self._writer is not None:
                stack.callback(self._writer.close)
            if self._scalars is not None:
                stack.callback(self._scalars.close)
            self.flush()

    def _write(self, step: CapturedStep) -> list[Exception]:
        """Returns what could not be measured, which must not cost the run its embeddings."""
        if not self._begun:
            self._begin(step)
            self._begun = True
        self._write_manifest(self._manifest_of(step.models))
        if self._scalars is None:
            self._scalars = ScalarLog(self._log_dir, resumed_at=self._began_at if self._is_resumed else None)
            self._is_resumed = False  # should this file fail, the next one must not make readers drop it
        scalars: dict[str, float] = {}
        with self._streams.after(step.ready, [*step.tensors(), *self._measures.tensors()]):
            losses = {name: loss for name, loss in step.losses.items() if isinstance(loss, Tensor)}
            copied = HostCopy(losses).read()
            scalars |= {f"kd/loss/{name}": float(copied.get(name, loss)) for name, loss in step.losses.items()}
            measured = self._measure(step)
            for model in step.models:
                if model.name in step.captured:
                    outcome = measured[model.name]
                    self._write_model(model, step.step, step.captured[model.name], outcome)
                    self._unwritten.pop(model.name, None)
                    self._measures.written(model.name)
                    scalars |= {value.tag(model.name): value.value for value in outcome.values}
        self._write_scalars(step, scalars)
        return [failure for of_model in measured.values() for failure in of_model.failures]

    def _begin(self, step: CapturedStep) -> None:
        """The first step: what an earlier training left from there on is superseded, the probe written."""
        assert self._writer is not None
        assert self._began_at is not None
        if self._earlier is not None:
            self._is_resumed = True
            reader = RunReader(self._log_dir)
            for model in reader.models:
                self._writer.supersede_from(model, self._began_at)
            with_history = tuple(model for model in self._earlier.models if reader.steps(model.name))
            self._earlier = replace(self._earlier, models=with_history)
        self._writer.write_probe(self._probe.record())

    def _measure(self, step: CapturedStep) -> dict[str, StepOutcome]:
        """Of each captured model; teachers first, since the others are compared with them."""
        teachers = {model.name for model in step.models if model.role == "teacher"}
        outcomes = {}
        for name in sorted(step.captured, key=lambda name: name not in teachers):
            failed = StepOutcome()
            outcomes[name] = failed.attempt(self._measures.of, name, step.captured[name], name in teachers) or failed
        return outcomes

    def _sample_outputs(self, captured: Captured) -> dict[str, Tensor]:
        if captured.logits is None:
            return {}
        labels = self._probe.labels
        if labels is not None:
            # Labels that are not indices of the outputs say nothing of them, so there is no loss.
            are_indices = are_class_indices(labels, captured.logits.shape[1])
            labels = labels.to(captured.logits.device) if are_indices else None
        return sample_outputs(captured.logits, labels)

    def _write_model(self, model: ModelInfo, step: int, captured: Captured, outcome: StepOutcome) -> None:
        assert self._writer is not None
        columns = outcome.attempt(self._sample_outputs, captured) or {}
        embeddings, outputs = HostCopy(captured.embeddings), HostCopy(columns)
        if model.static and self._is_stored(model.name, embeddings.read()):
            return
        classes = None if captured.logits is None else captured.logits.shape[1]
        self._writer.write_step(model.name, step, embeddings.read(), outputs.read(), outcome.values, classes)

    def _is_stored(self, model: str, embeddings: Mapping[str, np.ndarray]) -> bool:
        """Whether the model's last stored step holds these very embeddings: a static one's do when a run is resumed."""
        reader = RunReader(self._log_dir)
        steps = reader.steps(model)
        try:
            return bool(steps) and all(
                reader.digest(model, layer, steps[-1]) == tensors.digest(tensors.half_precision(embedding))
                for layer, embedding in embeddings.items()
            )
        except StoreError:  # that file is damaged: store the model again
            return False

    def _write_scalars(self, step: CapturedStep, scalars: Mapping[str, float]) -> None:
        assert self._scalars is not None
        try:
            self._scalars.add(step.step, step.wall_time, scalars)
            self._scalars.flush()
        except OSError:
            # The file may end in half a record, and readers would find nothing behind it: go on in another one.
            self._scalars = None
            raise

    def _manifest_of(self, models: tuple[ModelInfo, ...]) -> Manifest:
        names = {model.name for model in models}
        unwatched = self._earlier.models if self._earlier is not None else ()
        return Manifest(
            package_version=__version__,
            created=self._created,
            probe_fingerprint=self._probe.fingerprint,
            probe_size=self._probe.size,
            models=(*models, *(model for model in unwatched if model.name not in names)),
            settings=self._settings,
            warnings=dict(self.warnings),
        )

    def _write_manifest(self, manifest: Manifest) -> None:
        assert self._writer is not None
        if manifest != self._manifest:
            self._writer.write_manifest(manifest)
            self._manifest = manifest
