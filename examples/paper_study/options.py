"""The command line of the study, and what it asks for as a plan."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kd_projector.errors import UsageError

from .distillation import METHODS
from .grid import Grid
from .networks import STUDENTS, architecture
from .settings import BASELINE, BUDGET_NAMES, Folder, Settings

DATA = ("digits", "cifar10", "cifar100", "stl10", "imagefolder")
_FULL_STEPS = {"digits": 600}
_FULL_SEEDS = 8
_QUICK_STEPS = 120
_QUICK_SEEDS = 3
_OTHER_STEPS = 4000
_OUT = Path("runs/study")


@dataclass(frozen=True)
class Plan:
    folder: Folder
    settings: Settings
    grid: Grid
    share: float
    workers: int | None
    scheduler: str | None
    download: bool


def parse(arguments: Sequence[str] | None = None) -> Plan:
    """Raises UsageError for what cannot be meant; argparse itself ends the program for what it does not know."""
    given = _parser().parse_args(arguments)
    students = tuple(given.students or STUDENTS[given.family])
    for student in students:
        architecture(given.family, student)
    methods = _chosen(given.methods, (BASELINE, *METHODS), "method")
    budgets = _chosen(given.budgets, tuple(BUDGET_NAMES), "budget") or (
        ("few",) if given.quick else tuple(BUDGET_NAMES)
    )
    if not 0 < given.share <= 1:
        raise UsageError(f"--share is {given.share} but must lie above 0 and not above 1.")
    if given.probed_steps == 1:
        raise UsageError(
            "--probed-steps is 1 but must be at least 2: the start of a training and its end, which is judged."
        )
    steps = given.steps or (_QUICK_STEPS if given.quick else _FULL_STEPS.get(given.data, _OTHER_STEPS))
    settings = Settings(
        data=given.data,
        root=None if given.root is None else str(given.root.resolve()),
        image_size=given.image_size,
        family=given.family,
        steps=steps,
        batch=given.batch,
        probed_steps=given.probed_steps or (3 if given.quick else 6),
        labels_per_class=given.labels_per_class,
        probe_size=given.probe_size,
        flips=given.flips,
        pool=given.pool,
        device=given.device,
    )
    grid = Grid(
        students,
        tuple(method for method in methods if method != BASELINE) if methods else tuple(METHODS),
        tuple(budget for name, budget in BUDGET_NAMES.items() if name in budgets),
        given.seeds or (_QUICK_SEEDS if given.quick else _FULL_SEEDS),
    )
    out: Path = given.out or _OUT.with_name("study-quick" if given.quick else "study")
    return Plan(Folder(out.resolve()), settings, grid, given.share, given.workers, given.scheduler, given.download)


def _chosen(given: list[str] | None, known: Sequence[str], what: str) -> tuple[str, ...]:
    for name in given or ():
        if name not in known:
            raise UsageError(f"No {what} {name!r}: give some of {', '.join(known)}.")
    return tuple(dict.fromkeys(given or ()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Does distillation make a student's earlier layers more compact and more accurate? The experiment "
        "of arXiv 2110.04483 over architectures, methods, label budgets and seeds; see examples/paper_study/README.md. "
        "Can be stopped and started again: what is trained is kept.",
    )
    positive = _whole_number
    parser.add_argument("--quick", action="store_true", help="minutes: few labels only, 3 seeds, short trainings")
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"report, figures, CSV and runs ({_OUT}[-quick])")
    parser.add_argument("--data", choices=DATA, default="digits", help="digits need no files (%(default)s)")
    parser.add_argument("--root", type=Path, metavar="DIR", help="where the data lie, for all but digits")
    parser.add_argument("--download", action="store_true", help="let torchvision fetch the data into --root")
    parser.add_argument("--image-size", type=positive, metavar="N", help="scale images (their own; imagefolder: 64)")
    parser.add_argument("--family", choices=tuple(STUDENTS), default="conv", help="the networks (%(default)s)")
    parser.add_argument("--students", nargs="+", metavar="NAME", help="d3w8 …, or resnet18, resnet10w32 … (4 of each)")
    parser.add_argument("--methods", nargs="+", metavar="NAME", help=f"of {' '.join(METHODS)}; baseline always (all)")
    parser.add_argument("--budgets", nargs="+", metavar="NAME", help=f"of {' '.join(BUDGET_NAMES)} labels (both)")
    parser.add_argument("--labels-per-class", type=positive, default=10, metavar="N", help="few: %(default)s")
    parser.add_argument("--seeds", type=positive, metavar="N", help=f"how many ({_FULL_SEEDS}; quick: {_QUICK_SEEDS})")
    parser.add_argument(
        "--steps",
        type=positive,
        metavar="N",
        help=f"of each training (digits {_FULL_STEPS['digits']}, others {_OTHER_STEPS}; quick: {_QUICK_STEPS})",
    )
    parser.add_argument("--batch", type=positive, default=64, metavar="N", help="images a step (%(default)s)")
    parser.add_argument("--probed-steps", type=positive, metavar="N", help="how many are logged (6; quick: 3)")
    parser.add_argument("--probe-size", type=positive, metavar="N", help="images that layers are judged by")
    parser.add_argument(
        "--flips",
        action=argparse.BooleanOptionalAction,
        help="mirror images while training (CIFAR and STL-10: yes; digits and imagefolder: no)",
    )
    parser.add_argument(
        "--pool", choices=("mean", "flatten"), default="mean", help="feature maps to rows (%(default)s)"
    )
    parser.add_argument("--share", type=float, default=0.9, help="of its test accuracy that a layer is to reach (0.9)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1 … (%(default)s)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=positive, metavar="N", help="processes (one a core)")
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="a Dask scheduler, tcp://host:8786; its workers need examples/ on PYTHONPATH",
    )
    return parser


def _whole_number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)
