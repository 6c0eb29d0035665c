"""The training loop of a teacher and of a student, with kd_projector's logger in it as a user would write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchdistill.core.forward_hook import ForwardHookManager

from kd_projector import DistillationLogger, Probe, Schedule

from .batches import Batches
from .data import Images, as_input
from .distillation import IO, LOGITS, Distillation
from .networks import Architecture
from .settings import Settings

_PEAK_RATE = 4e-3
_WEIGHT_DECAY = 1e-2


@dataclass(frozen=True)
class Lesson:
    """What a student is taught with.

    labelled: the batches of the task loss. shown: those of the distillation loss, labels unseen; None where they are
    the labelled ones. distillation is None for a baseline, which sees the labelled batches alone.
    """

    images: Images
    labelled: Batches
    shown: Batches | None
    distillation: Distillation | None


@dataclass(frozen=True)
class Log:
    """Where and of what the logger writes: the run's folder, the probe, both networks' plans."""

    run: Path
    probe: Probe
    role: str
    student: Architecture
    teacher: Architecture


def train_teacher(model: nn.Module, images: Images, batches: Batches, settings: Settings) -> None:
    device = torch.device(settings.device)
    model.to(device).train()
    optimizer, scheduler = _optimizer(model, settings.steps)
    for step in range(settings.steps):
        inputs, labels = batches.at(step, images, device)
        _update(F.cross_entropy(model(inputs), labels), optimizer, scheduler)
    model.eval().requires_grad_(False)


def train_student(student: nn.Module, teacher: nn.Module, lesson: Lesson, settings: Settings, log: Log) -> None:
    """Train for `settings.steps` and log; step k of the log is the network after k updates, so step 0 is its start."""
    device = torch.device(settings.device)
    student.to(device).train()
    teacher.to(device)
    distillation = lesson.distillation
    learning = nn.ModuleList([student] if distillation is None else [student, distillation.to(device)])
    optimizer, scheduler = _optimizer(learning, settings.steps)
    schedule = Schedule.log(settings.steps + 1, settings.probed_steps)
    with DistillationLogger(log.run, log.probe, schedule, strict=True) as kd:
        kd.watch("teacher", teacher, layers=log.teacher.layers, pool=settings.pool)
        kd.watch(log.role, student, layers=log.student.layers, pool=settings.pool)
        kd.step(0)
        for step in range(settings.steps):
            losses = losses_of(student, teacher, lesson, step, device)
            weighted = losses["task"]
            if distillation is not None:
                method = distillation.method
                weighted = method.task_weight * losses["task"] + method.weight * losses["distill"]
            _update(weighted, optimizer, scheduler)
            kd.step(step + 1, losses=losses)


def losses_of(
    student: nn.Module, teacher: nn.Module, lesson: Lesson, step: int, device: torch.device
) -> dict[str, Tensor]:
    """The losses of one step before their weights: `task`, and `distill` where there is a method."""
    inputs, labels = lesson.labelled.at(step, lesson.images, device)
    if lesson.distillation is None:
        return {"task": F.cross_entropy(student(inputs), labels)}
    read_student, read_teacher = lesson.distillation.student_layers, lesson.distillation.teacher_layers
    if lesson.shown is None:
        outputs = _run(student, inputs, read_student)
        task = F.cross_entropy(outputs[LOGITS]["output"], labels)
    else:
        task = F.cross_entropy(student(inputs), labels)
        inputs, _ = lesson.shown.at(step, lesson.images, device)
        outputs = _run(student, inputs, read_student)
    with torch.no_grad():
        guide = _run(teacher, inputs, read_teacher)
    return {"task": task, "distill": lesson.distillation(outputs, guide)}


def _run(model: nn.Module, inputs: Tensor, layers: tuple[str, ...]) -> IO:
    """Outputs of `layers` and of the model itself. The hooks go with the pass: the probe's passes need none."""
    hooks = ForwardHookManager(inputs.device)
    try:
        for layer in layers:
            hooks.add_hook(model, layer, requires_input=False)
        logits = model(inputs)
        outputs: dict[str, Mapping[str, Tensor]] = hooks.pop_io_dict()
        return {**outputs, LOGITS: {"output": logits}}
    finally:
        hooks.clear()


@torch.no_grad()
def accuracy(model: nn.Module, images: Images, device: torch.device) -> float:
    """Share of `images` that `model`, in evaluation mode, gets right."""
    model.eval()
    right = 0
    for pixels, labels in zip(torch.split(images.pixels, 512), torch.split(images.labels, 512), strict=True):
        right += int((model(as_input(pixels.to(device))).argmax(1).cpu() == labels).sum())
    return right / len(images)


def _optimizer(model: nn.Module, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=_WEIGHT_DECAY)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=_PEAK_RATE, total_steps=steps)


def _update(loss: Tensor, optimizer: torch.optim.Optimizer, scheduler: torch.optim.lr_scheduler.LRScheduler) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    scheduler.step()
