"""DistillationLogger: goes along with a training loop and decides when the probe is embedded, never disturbing it."""

from __future__ import annotations

import operator
import os
import time
import warnings
import weakref
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal

import torch
from torch import Tensor, nn

from kd_projector.errors import KDProjectorError, KDProjectorWarning, UsageError
from kd_projector.logger_settings import checked_batch_size, checked_temperature
from kd_projector.measures.selection import Selection, chosen
from kd_projector.probe import Probe
from kd_projector.probing.capture import Captured
from kd_projector.probing.pooling import Pool
from kd_projector.probing.transfer import record_events
from kd_projector.probing.watched import WatchedModel
from kd_projector.recording.background import Background
from kd_projector.recording.recorder import CapturedStep, RunRecorder
from kd_projector.recording.step_measures import StepMeasures
from kd_projector.schedule import Schedule
from kd_projector.store.schema import ModelInfo, Role


class DistillationLogger:
    """Embeds the probe at due steps with every watched model, and writes that to `log_dir`, a run of TensorBoard's.

        with DistillationLogger("runs/kd", probe, every=200) as kd:
            kd.watch("teacher", teacher)
            kd.watch("student", student)
            for step, batch in enumerate(loader):
                ...
                kd.step(step, losses={"task": task_loss})

    every: a number of steps, a function from a step to whether it is due, or a Schedule.
    measures: which to compute at each due step, on the models' device, and to log as scalars. True: the default ones;
    False: none; "all", or names of measures and of groups, as in ["default", "geometry", "rsa"]: those of
    `kd_projector.measures.catalogue`. For the comparison with the step before, each layer's neighbours (N, 10) are kept
    until the next due step; with "linear_cka_previous" its embedding and products too (34 MiB for 2,000 x 512).
    temperature: divides the logits of both models in the divergences.
    batch_size: samples of the probe in one forward pass.
    when_busy: when two steps are still being written, a due one waits ("wait") or is left out ("skip") and counted.
    strict: a failure to write raises. Otherwise it is warned of once and counted, and the training goes on.

    Hooks that you registered run in the probe's passes too, since they may be part of the model; `probing` tells them.
    Of several ranks (torch.distributed) only rank 0 logs. A run that is in `log_dir` already is resumed: its steps from
    the first due step on are superseded.

    Raises UsageError for what cannot work, StoreError if another logger writes to `log_dir` or another probe did.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        probe: Probe,
        every: int | Callable[[int], bool] | Schedule = 100,
        *,
        measures: Selection = True,
        temperature: float = 1.0,
        batch_size: int = 256,
        when_busy: Literal["wait", "skip"] = "wait",
        strict: bool = False,
    ) -> None:
        if not isinstance(probe, Probe):
            raise UsageError(
                f"The probe must be a Probe, but is of type {type(probe).__name__}: use Probe(inputs, labels)."
            )
        batch_size = checked_batch_size(batch_size)
        if when_busy not in ("wait", "skip"):
            raise UsageError(f'when_busy is {when_busy!r} but must be "wait" or "skip".')
        temperature = checked_temperature(temperature)
        names = chosen(measures, while_training=True)
        self._probe = probe
        self._schedule = Schedule.of(every)
        self._batch_size = batch_size
        self._skip_when_busy = when_busy == "skip"
        self._strict = strict
        self._watched: dict[str, WatchedModel] = {}
        self._infos: dict[str, ModelInfo] = {}
        self._last_step = -1
        self._any_due = False
        self._warned = False
        self._probing = False
        self._closed = False
        self._active = _rank() == 0
        if not self._active:
            return
        settings = {
            "every": self._schedule.description,
            "batch_size": batch_size,
            "measures": list(names),
            "temperature": temperature,
        }
        self._recorder = RunRecorder(
            os.fspath(log_dir), probe, settings, StepMeasures(probe.labels, names, temperature)
        )
        self._background = Background(self._recorder.record)
        # At exit, and when the logger is dropped without close(). It holds neither the logger nor a model.
        self._finalizer = weakref.finalize(self, _finish, self._background, self._recorder, os.getpid())
        try:
            self._recorder.open()
        except OSError as error:
            self._report([error])
        except BaseException:
            self._finalizer()
            raise

    @property
    def probing(self) -> bool:
        """Whether a model is being run on the probe just now: for hooks of your own that should not take part."""
        return self._probing

    def watch(
        self,
        name: str,
        model: nn.Module,
        layers: Sequence[str] | str | None = "auto",
        role: Role | None = None,
        pool: Pool = "mean",
        max_dim: int = 2048,
    ) -> None:
        """Follow `model` under `name`; before the first due step.

        layers: names of submodules, or "auto" (None): its stages. role: "teacher", "student" or "baseline"; None takes
        it from the name if that is one. A teacher, or a model none of whose parameters requires a gradient, is embedded
        once and again only if its parameters changed. pool: "mean", "flatten", "cls" or a function from a layer's
        output to (N, D). max_dim: wider embeddings are brought to this width by a sparse random projection.
        """
        self._require_open()
        if name in self._watched:
            raise UsageError(f"A model called {name!r} is watched already: give each its own name.")
        if self._any_due:
            raise UsageError(f"Model {name!r} comes too late: watch all models before the first due step.")
        self._watched[name] = WatchedModel.of(name, model, layers, role, pool, max_dim)

    def step(self, step: int, losses: Mapping[str, Tensor | float] | None = None) -> None:
        """Say that training `step` is done; cheap unless it is due.

        losses: by name, numbers or one-element tensors; logged at due steps, and not looked at before.
        """
        if self._closed:
            self._require_open()
        if not self._active:
            return
        if self._background.has_errors:
            self._report(self._background.take_errors())
        step, last = operator.index(step), self._last_step
        if step <= last:
            if step == last:
                return
            raise UsageError(
                f"Step {step} comes after step {last}: steps cannot go back. Count them over all epochs; to "
                f"resume from a checkpoint, make a new logger."
            )
        if step < 0:
            raise UsageError(f"Step {step} is negative: count steps from 0.")
        self._last_step = step
        if self._schedule.due(step, last if last >= 0 else None):
            self._log(step, losses or {})

    def flush(self) -> None:
        """Wait until all that was due is written."""
        if self._active and not self._closed:
            self._background.wait()
            self._report(self._background.take_errors())

    def close(self) -> None:
        """Write all that was due and release the run and the models. Harmless when called again."""
        self._close(training_failed=False)

    def __enter__(self) -> DistillationLogger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close(training_failed=error is not None)

    def _close(self, training_failed: bool) -> None:
        if self._closed:
            return
        self._closed = True
        self._watched.clear()
        if not self._active:
            return
        errors: list[BaseException] = []
        try:
            self._finalizer()
        except OSError as error:
            errors.append(error)
        errors = [*self._background.take_errors(), *errors]
        if self._last_step >= 0 and not self._any_due:
            warnings.warn(
                f"Nothing was logged: no step up to {self._last_step} was due ({self._schedule.description}).",
                KDProjectorWarning,
                stacklevel=3,
            )
        if not (training_failed and self._strict):  # the training's own error must not be hidden by the logger's
            self._report(errors)

    def _require_open(self) -> None:
        if self._closed:
            raise UsageError("This logger is closed: make a new one to go on.")

    def _log(self, step: int, losses: Mapping[str, Tensor | float]) -> None:
        if not self._watched:
            raise UsageError("No model is watched: call watch(name, model) before the first step.")
        kept = {str(name): _kept_loss(str(name), loss) for name, loss in losses.items()}
        first, self._any_due = not self._any_due, True
        if self._skip_when_busy and self._background.busy:
            self._recorder.warnings["skipped_steps"] += 1
            self._warn(f"Step {step} was left out, since two steps are still being written")
            return
        captured: dict[str, Captured] = {}
        for name, watched in self._watched.items():
            try:
                if watched.due():
                    captured[name] = self._embed(watched)
            except KDProjectorError:
                raise
            except Exception as error:
                if first:
                    raise UsageError(
                        f"Model {name!r} raised {type(error).__name__} when it was run on the probe: {error}. The "
                        f"probe's inputs must be what the model takes; a smaller batch_size (now {self._batch_size}) "
                        f"takes less memory."
                    ) from error
                self._recorder.warnings["failed_probes"] += 1
                self._report([error])
        for name, embedded in captured.items():
            watched = self._watched[name]
            self._infos[name] = ModelInfo(name, watched.role, watched.static, embedded.layers)
        models = tuple(self._infos[name] for name in self._watched if name in self._infos)
        if first:
            try:
                self._recorder.require_same_layers(step, models)
            except OSError as error:
                self._report([error])
        devices = [tensor.device for c in captured.values() for tensor in c.embeddings.values()]
        devices += [loss.device for loss in kept.values() if isinstance(loss, Tensor)]
        ready = record_events(devices)
        self._background.submit(CapturedStep(step, time.time(), models, captured, kept, ready))

    def _embed(self, watched: WatchedModel) -> Captured:
        self._probing = True
        try:
            return watched.embed(self._probe, self._batch_size)
        finally:
            self._probing = False

    def _report(self, errors: Sequence[BaseException]) -> None:
        for error in errors:
            if self._strict:
                raise error
            self._warn(f"Logging failed ({type(error).__name__}: {error})")

    def _warn(self, what: str) -> None:
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"{what}; the training goes on. Further losses are counted in the run's manifest, not warned of.",
                KDProjectorWarning,
                stacklevel=5,
            )


def _finish(background: Background[CapturedStep], recorder: RunRecorder, pid: int) -> None:
    if os.getpid() == pid:  # a forked child (a DataLoader's worker) has no such thread, and the run is not its own
        background.stop()
        recorder.close()


def _rank() -> int:
    distributed: Any = torch.distributed
    return int(distributed.get_rank()) if distributed.is_available() and distributed.is_initialized() else 0


def _kept_loss(name: str, loss: Tensor | float) -> Tensor | float:
    """The loss as it is now, a tensor still (reading it would wait for the device), free of its graph."""
    if not isinstance(loss, Tensor):
        try:
            return float(loss)
        except (TypeError, ValueError):
            raise UsageError(
                f"Loss {name!r} is of type {type(loss).__name__} but must be a number or a tensor."
            ) from None
    if loss.numel() != 1:
        raise UsageError(f"Loss {name!r} has shape {tuple(loss.shape)} but must be one number: give its mean.")
    return loss.detach().clone()
