"""The report, in Markdown: the verdict first, then what it rests on, then every layer."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata

from .data import StudyData
from .distillation import METHODS
from .evidence import LAYER_MEASURES, TEST_ACCURACY, Evidence
from .figures import LABELS, SHORT, Drawn, described
from .layer_tables import layer_tables
from .markdown import interval, percent, table
from .options import Plan
from .settings import BASELINE, BUDGET_LABELS
from .statistics import Estimate, estimate
from .verdict import Judgement, reaching
from .verdict_table import verdict_table

_PACKAGES = ("kd_projector", "torch", "torchvision", "torchdistill", "scikit-learn", "scipy", "numpy", "matplotlib")


def write(
    plan: Plan,
    data: StudyData,
    evidence: Evidence,
    judgements: Sequence[Judgement],
    drawn: Drawn,
    failures: Sequence[str],
    seconds: float,
) -> str:
    settings = plan.settings
    parts = [
        f"# What distillation did to the layers: {settings.data}",
        "The question is the sentence of Lee & Wallraven (arXiv 2110.04483): *distillation guides the network to find "
        "a more compact representation space for higher accuracy already in earlier layers compared to its "
        "non-distilled version*. How it is decided was fixed before: `examples/paper_study/README.md`.",
        "## Verdict",
        verdict_table(settings, evidence, judgements),
        f"![Gains over the earlier layers](figures/{drawn.forest})",
        "## By method",
        _by_method(evidence, judgements),
        "## By architecture",
        _all_judgements(evidence, judgements),
        "## Test accuracy",
        _test_accuracy(evidence),
        f"## Depth at which a network first reaches {plan.share:.0%} of its own test accuracy",
        _reaching(evidence, plan.share),
        "## Layer by layer",
        *(
            f"![{LABELS[measure]} by depth, {BUDGET_LABELS[budget]}](figures/{name})"
            for (budget, measure), name in drawn.by_depth.items()
        ),
        layer_tables(evidence),
        "## Settings",
        _settings(plan, data, evidence, seconds),
        *(["## Trainings that failed or are missing", _missing(evidence, failures)] if evidence.missing else []),
    ]
    return "\n\n".join(parts) + "\n"


def _by_method(evidence: Evidence, judgements: Sequence[Judgement]) -> str:
    """Confirmed : refuted : not decided, over the architectures."""
    header = [
        "method",
        "labels",
        *(f"{zone}: {SHORT[m]}" for zone in ("early", "late") for m in LAYER_MEASURES),
    ]
    rows = []
    for method in evidence.methods:
        for budget in evidence.budgets:
            cells = []
            for zone in ("early", "late"):
                for measure in LAYER_MEASURES:
                    calls = [
                        j.call
                        for j in judgements
                        if (j.method, j.budget, j.zone, j.measure) == (method, budget, zone, measure)
                    ]
                    cells.append(" : ".join(str(calls.count(c)) for c in ("confirmed", "refuted", "not decided")))
            rows.append([METHODS[method].label, BUDGET_LABELS[budget], *cells])
    return "Architectures for which it is confirmed : refuted : not decided (uncorrected).\n\n" + table(header, rows)


def _all_judgements(evidence: Evidence, judgements: Sequence[Judgement]) -> str:
    header = [
        "method",
        "architecture",
        "labels",
        *(f"{z}: {SHORT[m]}" for z in ("early", "late") for m in LAYER_MEASURES),
    ]
    index = {(j.method, j.student, j.budget, j.zone, j.measure): j for j in judgements}
    rows = []
    for method in evidence.methods:
        for student in evidence.students:
            for budget in evidence.budgets:
                found = [
                    index.get((method, student.name, budget, zone, measure))
                    for zone in ("early", "late")
                    for measure in LAYER_MEASURES
                ]
                if any(found):
                    cells = [
                        "" if j is None else f"{_sign(j)} {interval(j.gain, evidence.asked_seeds, signed=True)}"
                        for j in found
                    ]
                    rows.append([METHODS[method].label, described(student), BUDGET_LABELS[budget], *cells])
    return (
        "Gain over the layers of each part, mean over seeds and 95% interval; positive is as the paper says (the "
        "scatter ratio's is ln(baseline / student)). ✔ confirmed, ✘ refuted, · not decided; twice the sign where it "
        "outlives Holm's correction. n: seeds, where not all count.\n\n" + table(header, rows)
    )


def _sign(judgement: Judgement) -> str:
    sign = {"confirmed": "✔", "refuted": "✘", "not decided": "·"}[judgement.call]
    return sign * 2 if judgement.call_holm != "not decided" else sign


def _test_accuracy(evidence: Evidence) -> str:
    def of(network: str, method: str, budget: str) -> list[float]:
        seeds = evidence.seeds(network, method, budget)
        return [evidence.value(network, method, budget, seed, "", TEST_ACCURACY) for seed in seeds]

    asked = evidence.asked_seeds
    header = ["architecture", "labels", "baseline", *(METHODS[method].label for method in evidence.methods)]
    rows = [
        [described(student), BUDGET_LABELS[budget]]
        + [percent(estimate(of(student.name, method, budget)), asked) for method in (BASELINE, *evidence.methods)]
        for student in evidence.students
        for budget in evidence.budgets
    ]
    teacher = percent(estimate(of(evidence.teacher.name, "teacher", "full")), asked)
    return (
        f"Share of the test images, which are neither trained on nor in the probe, mean over seeds and 95% interval. "
        f"The teacher ({described(evidence.teacher)}, all labels): {teacher}.\n\n" + table(header, rows)
    )


def _reaching(evidence: Evidence, share: float) -> str:
    header = ["method", "architecture", "labels", "student", "baseline", "sooner by"]
    header += ["both reach it", "only the student", "only the baseline", "neither"]
    rows = []
    for method in evidence.methods:
        for student in evidence.students:
            for budget in evidence.budgets:
                found = reaching(evidence, student, method, budget, share)
                if found.pairs:
                    rows.append(
                        [
                            METHODS[method].label,
                            described(student),
                            BUDGET_LABELS[budget],
                            _reached(found.student, evidence.asked_seeds),
                            _reached(found.baseline, evidence.asked_seeds),
                            interval(found.sooner, evidence.asked_seeds, signed=True) if found.sooner.n else "no pair",
                            *map(str, (found.sooner.n, found.only_student, found.only_baseline, found.neither)),
                        ]
                    )
    return (
        f"Relative depth at which the kNN accuracy of the layers first comes to {share:.0%} of the network's own test "
        "accuracy, linear between layers; the first logged layer's depth where that one does already. A better network "
        "has a higher goal, so a method that costs test accuracy seems sooner. *Sooner by* is the "
        "baseline's depth minus the student's, so positive where the student is sooner, and over those pairs alone "
        "in which both reach it; where many reach it on one side only, those counts say more. n: seeds, where not all "
        "count.\n\n" + table(header, rows)
    )


def _reached(found: Estimate, asked: int) -> str:
    return interval(found, asked) if found.n else "not reached"


def _missing(evidence: Evidence, failures: Sequence[str]) -> str:
    """Why, where this call has tried; the others of those asked for were not tried by it."""
    told = [f"- {failure}" for failure in failures]
    return "\n".join(told + [f"- {n} is not trained" for n in evidence.missing if not any(n in f for f in failures)])


def _settings(plan: Plan, data: StudyData, evidence: Evidence, seconds: float) -> str:
    used = ", ".join(
        f"{name} {value}"
        for name, value in asdict(plan.settings).items()
        if value is not None and name not in ("root", "flips")
    )
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in _PACKAGES)
    weights = "\n".join(
        f"- {METHODS[m].label} ({METHODS[m].source}), at {METHODS[m].where}: {METHODS[m].setting}"
        for m in evidence.methods
    )
    return (
        f"{len(data.train)} images to train on, {len(data.probe)} in the probe, {len(data.test)} to test on; "
        f"{plan.grid.seeds} seeds; few labels: {plan.settings.labels_per_class} of each of {len(data.class_names)} "
        f"classes (`limited` in paths and the CSV, all labels `full`). Images are moved by up to "
        f"{max(1, data.size // 8)} pixel(s) and {'mirrored half of the time' if data.flips else 'not mirrored'}. "
        f"{used}.\n\n{weights}\n\nTraining took {evidence.seconds / 60:.0f} minutes of processes over all "
        f"cells, this call {seconds / 60:.1f} minutes. Python {platform.python_version()}, {versions}."
    )
