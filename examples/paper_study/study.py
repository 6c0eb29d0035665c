"""The whole study in order: train what is missing, gather, judge, draw, report."""

from __future__ import annotations

import sys
import time

import torch

from kd_projector.errors import KDProjectorError, UsageError

from . import data
from .evidence import LAYER_MEASURES, gather, write_csv
from .grid import train
from .options import Plan, parse
from .settings import write_whole
from .verdict import judge
from .verdict_table import verdict_table


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0; 1 if some trainings failed; 2, with one sentence, for wrong use."""
    try:
        return run(parse(arguments))
    except KDProjectorError as error:
        print(f"study: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("study: interrupted; what is trained is kept, and the same command goes on from there.", file=sys.stderr)
        return 130


def run(plan: Plan) -> int:
    started = time.monotonic()
    _require_device(plan.settings.device)
    loaded = data.load(plan.settings, plan.download)
    for seed in range(plan.grid.seeds) if "limited" in plan.grid.budgets else ():
        data.few_labelled(loaded.train.labels, plan.settings.labels_per_class, seed)
    plan.folder.claim(plan.settings)
    failures = train(plan.folder, plan.settings, plan.grid, plan.workers, plan.scheduler)
    for failure in failures:
        print(failure, file=sys.stderr)
    evidence = gather(plan.folder, plan.settings, plan.grid.cells())
    if not evidence.methods:
        print("study: no distilled student is trained, so there is nothing to report.", file=sys.stderr)
        return 1
    judgements = judge(evidence, LAYER_MEASURES)
    from . import figures, report  # matplotlib takes a second to import, and trainings may fail before

    plan.folder.figures.mkdir(parents=True, exist_ok=True)
    drawn = figures.draw_all(plan.folder.figures, evidence, judgements)
    write_csv(plan.folder.path / "study.csv", evidence.rows)
    text = report.write(plan, loaded, evidence, judgements, drawn, failures, time.monotonic() - started)
    write_whole(plan.folder.path / "report.md", text)
    print(f"\n{verdict_table(plan.settings, evidence, judgements)}\n")
    print(f"The report: {plan.folder.path / 'report.md'}. The panel: tensorboard --logdir {plan.folder.runs}")
    return 1 if failures else 0


def _require_device(name: str) -> None:
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:
        raise UsageError(f"--device {name} cannot be used here: {error}") from error
