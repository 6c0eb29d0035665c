"""One task of the grid, in whatever process: train the teacher of a seed, or one student; leave a record of it."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import asdict, dataclass
from typing import Any

import torch
from filelock import FileLock
from torch import nn

from .batches import Batches
from .data import StudyData, few_labelled, load
from .distillation import METHODS, Distillation
from .networks import Architecture, architecture, teacher_architecture
from .settings import BASELINE, Cell, Folder, Settings, TeacherKey, seed_of, write_whole
from .training import Lesson, Log, accuracy, train_student, train_teacher


@dataclass(frozen=True)
class Task:
    """What a worker process is handed."""

    folder: Folder
    settings: Settings
    work: Cell | TeacherKey


def run_task(task: Task) -> None:
    """Do the task, unless it is done. Its result is on the disk, where it is looked for."""
    # The cells are small and many: one thread each, as many processes as there are cores.
    threads = torch.get_num_threads()
    if task.settings.device == "cpu":
        torch.set_num_threads(1)
    try:
        if isinstance(task.work, TeacherKey):
            make_teacher(task.folder, task.settings, task.work)
        else:
            make_student(task.folder, task.settings, task.work)
    finally:
        torch.set_num_threads(threads)


def is_done(folder: Folder, work: Cell | TeacherKey) -> bool:
    return (folder.teacher(work) if isinstance(work, TeacherKey) else folder.record(work)).exists()


def make_teacher(folder: Folder, settings: Settings, key: TeacherKey) -> None:
    """Train the teacher of a seed on all labels and keep its weights and test accuracy; once, whoever asks first."""
    folder.teacher(key).parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.teacher(key).with_suffix(".lock")):
        if not is_done(folder, key):
            _train_teacher(folder, settings, key)


def _train_teacher(folder: Folder, settings: Settings, key: TeacherKey) -> None:
    data = load(settings)
    plan = teacher_architecture(settings)
    model = _fresh(plan, data, "teacher", key.seed)
    everything = torch.arange(len(data.train))
    batches = Batches.draw(everything, settings.steps, settings.batch, data.size, data.flips, "teacher", key.seed)
    train_teacher(model, data.train, batches, settings)
    kept = {"weights": model.state_dict(), "test_accuracy": accuracy(model, data.test, torch.device(settings.device))}
    path = folder.teacher(key)
    partial = path.with_name(f".partial-{path.name}")
    torch.save(kept, partial)
    partial.replace(path)


def read_teacher(folder: Folder, key: TeacherKey) -> dict[str, Any]:
    """`weights` and `test_accuracy`."""
    kept: dict[str, Any] = torch.load(folder.teacher(key), map_location="cpu", weights_only=True)
    return kept


def make_student(folder: Folder, settings: Settings, cell: Cell) -> None:
    """Train and log one student, anew if an earlier attempt was cut short; then write its record. Once, whoever asks
    first: a second study with the same --out would otherwise clear away the run that the first is writing."""
    if is_done(folder, cell):
        return
    make_teacher(folder, settings, TeacherKey(cell.seed))
    folder.record(cell).parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.record(cell).with_suffix(".lock")):
        if not is_done(folder, cell):
            _train_student(folder, settings, cell)


def _train_student(folder: Folder, settings: Settings, cell: Cell) -> None:
    started = time.monotonic()
    data = load(settings)
    plans = architecture(settings.family, cell.student), teacher_architecture(settings)
    teacher = plans[1].build(data.channels, len(data.class_names), data.size, 0)
    teacher.load_state_dict(read_teacher(folder, TeacherKey(cell.seed))["weights"])
    teacher.eval().requires_grad_(False)
    student = _fresh(plans[0], data, cell.student, cell.seed)
    weights, guide = _digest(student), _digest(teacher)
    lesson = lesson_of(cell, settings, data, *plans)
    run = folder.run(cell)
    shutil.rmtree(run, ignore_errors=True)
    train_student(student, teacher, lesson, settings, Log(run, data.as_probe(), cell.role, *plans))
    record = {
        "cell": asdict(cell),
        "test_accuracy": accuracy(student, data.test, torch.device(settings.device)),
        "initial_weights": weights,
        "labelled_batches": lesson.labelled.digest(),
        "shown_batches": lesson.shown.digest() if lesson.shown is not None else None,
        "teacher": guide,
        "torch": torch.__version__,
        "device": torch.device(settings.device).type,
        "seconds": time.monotonic() - started,
    }
    write_whole(folder.record(cell), json.dumps(record, indent=1))


def lesson_of(cell: Cell, settings: Settings, data: StudyData, student: Architecture, teacher: Architecture) -> Lesson:
    """The same batches for every method and architecture of a seed and budget."""
    everything = torch.arange(len(data.train))
    shape = (settings.steps, settings.batch, data.size, data.flips)
    limited = cell.budget == "limited"
    few = few_labelled(data.train.labels, settings.labels_per_class, cell.seed) if limited else everything
    labelled = Batches.draw(few, *shape, "labelled", cell.budget, cell.seed)
    if cell.method == BASELINE:
        return Lesson(data.train, labelled, None, None)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of("regressor", cell.student, cell.seed))
        distillation = Distillation(METHODS[cell.method], student, teacher)
    shown = Batches.draw(everything, *shape, "shown", cell.seed) if limited else None
    return Lesson(data.train, labelled, shown, distillation)


def _fresh(plan: Architecture, data: StudyData, name: str, seed: int) -> nn.Module:
    return plan.build(data.channels, len(data.class_names), data.size, seed_of("weights", name, seed))


def _digest(model: nn.Module) -> str:
    content = hashlib.sha256()
    for tensor in model.state_dict().values():
        content.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return content.hexdigest()[:16]
