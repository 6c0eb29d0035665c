"""Training the three models. What is logged, and how, is here as a user would write it into their own loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from kd_projector import DistillationLogger, Probe, Schedule
from kd_projector.demo.digits import CLASS_NAMES, Digits
from kd_projector.demo.network import LAYERS, student_network, teacher_network

BATCH = 64
TEMPERATURE = 4.0
DISTILLED_RUN = "distilled"
BASELINE_RUN = "baseline"


@dataclass(frozen=True)
class Length:
    """How many steps each model is trained, and at how many of them, dense early, the probe is embedded."""

    steps: int = 600
    probed_steps: int = 25

    def schedule(self) -> Schedule:
        return Schedule.log(self.steps, self.probed_steps)


@dataclass(frozen=True)
class Accuracies:
    """Shares of the held-out digits that each model gets right: test accuracies."""

    teacher: float
    student: float
    baseline: float


def train_all(digits: Digits, logdir: Path, length: Length, *, seed: int = 0, progress: bool = True) -> Accuracies:
    """Train teacher, student and baseline; write the runs `distilled` and `baseline` below `logdir`."""
    probe = Probe(
        digits.held_out_images, digits.held_out_labels, ids=list(digits.held_out_ids), class_names=list(CLASS_NAMES)
    )
    torch.manual_seed(seed)
    teacher = train_teacher(digits, length, progress)

    torch.manual_seed(seed)
    student = student_network()
    baseline = student_network()
    baseline.load_state_dict(student.state_dict())  # both start as the same network: only the distillation differs

    train_student(student, teacher, digits, probe, logdir / DISTILLED_RUN, length, progress)
    train_baseline(baseline, digits, probe, logdir / BASELINE_RUN, length, progress)
    return Accuracies(*(accuracy(model, digits) for model in (teacher, student, baseline)))


def train_teacher(digits: Digits, length: Length, progress: bool) -> nn.Module:
    """The large network on all labels."""
    teacher = teacher_network()
    optimizer, scheduler = _optimizer(teacher, length)
    everything = torch.arange(len(digits.train_labels))
    for _, batch in _batches("teacher", everything, length, progress):
        loss = F.cross_entropy(teacher(_shifted(digits.train_images[batch])), digits.train_labels[batch])
        _update(loss, optimizer, scheduler)
    return teacher.eval().requires_grad_(False)


def train_student(
    student: nn.Module, teacher: nn.Module, digits: Digits, probe: Probe, run: Path, length: Length, progress: bool
) -> None:
    """The small network on few labels and on the teacher's softened outputs for all training images."""
    student.train()
    optimizer, scheduler = _optimizer(student, length)
    everything = torch.arange(len(digits.train_labels))
    with DistillationLogger(run, probe=probe, every=length.schedule()) as kd:
        kd.watch("teacher", teacher, layers=LAYERS)
        kd.watch("student", student, layers=LAYERS)
        for step, batch in _batches("student", everything, length, progress):
            images = _shifted(digits.train_images[batch])
            few = _few_labelled(digits)
            task = F.cross_entropy(student(_shifted(digits.train_images[few])), digits.train_labels[few])
            distill = softened_kl(student(images), teacher(images))
            kd.step(step, losses={"task": task, "distill": distill})
            _update(task + distill, optimizer, scheduler)


def train_baseline(
    baseline: nn.Module, digits: Digits, probe: Probe, run: Path, length: Length, progress: bool
) -> None:
    """The small network on the few labels alone."""
    baseline.train()
    optimizer, scheduler = _optimizer(baseline, length)
    with DistillationLogger(run, probe=probe, every=length.schedule()) as kd:
        kd.watch("baseline", baseline, layers=LAYERS)
        for step, _ in _batches("baseline", digits.few, length, progress):
            few = _few_labelled(digits)
            task = F.cross_entropy(baseline(_shifted(digits.train_images[few])), digits.train_labels[few])
            kd.step(step, losses={"task": task})
            _update(task, optimizer, scheduler)


def softened_kl(student_logits: Tensor, teacher_logits: Tensor) -> Tensor:
    """The distillation loss of Hinton et al. (arXiv 1503.02531): T² KL(teacher || student) at temperature T."""
    student = F.log_softmax(student_logits / TEMPERATURE, dim=1)
    teacher = F.log_softmax(teacher_logits / TEMPERATURE, dim=1)
    return F.kl_div(student, teacher, reduction="batchmean", log_target=True) * TEMPERATURE**2


@torch.no_grad()
def accuracy(model: nn.Module, digits: Digits) -> float:
    """Share of the held-out digits that `model` gets right."""
    predictions = model.eval()(digits.held_out_images).argmax(1)
    return float((predictions == digits.held_out_labels).float().mean())


def _batches(name: str, indices: Tensor, length: Length, progress: bool) -> Iterator[tuple[int, Tensor]]:
    """Random batches of `indices`, one a step, with a progress bar."""
    for step in tqdm(range(length.steps), desc=f"training {name:8}", unit="step", disable=not progress):
        yield step, indices[torch.randint(len(indices), (BATCH,))]


def _few_labelled(digits: Digits) -> Tensor:
    return digits.few[torch.randint(len(digits.few), (BATCH,))]


def _shifted(images: Tensor) -> Tensor:
    """The batch, moved by up to one pixel in each direction: the usual augmentation at this size."""
    down, right = torch.randint(-1, 2, (2,)).tolist()
    return torch.roll(F.pad(images, (1, 1, 1, 1)), (down, right), dims=(2, 3))[:, :, 1:-1, 1:-1]


def _optimizer(model: nn.Module, length: Length) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=length.steps)


def _update(loss: Tensor, optimizer: torch.optim.Optimizer, scheduler: torch.optim.lr_scheduler.LRScheduler) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    scheduler.step()
