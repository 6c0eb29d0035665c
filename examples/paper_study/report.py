"""The report, in Markdown: the verdict first, then what it rests on, then every layer."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata

from .data import StudyData
from .distillation import METHODS
from .evidence import LAYER_MEASURES, TEST_ACCURACY, Evidence
from .figures import BUDGET_LABELS, LABELS, SHORT, Drawn, described
from .layer_tables import layer_tables
from .options import Plan
from .settings import BASELINE, Settings
from .statistics import Estimate, estimate
from .verdict import ALPHA, ZONES, Call, Judgement, Zone, headline, reaching

_PACKAGES = ("kd_projector", "torch", "torchvision", "torchdistill", "scikit-learn", "scipy", "numpy", "matplotlib")
_CLAIMS = {
    "silhouette": "more compact (silhouette)",
    "scatter_ratio": "more compact (scatter ratio)",
    "knn_accuracy": "more accurate (kNN accuracy)",
}
_WHERE = {
    "early": "Earlier layers",
    "late": "Later layers",
    "early minus late": "More so in earlier than in later layers",
}


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
        verdict_lines(settings, evidence, judgements),
        *([_few_seeds(evidence)] if _few_seeds(evidence) else []),
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
        *(["## Trainings that failed", "\n".join(f"- {failure}" for failure in failures)] if failures else []),
    ]
    return "\n\n".join(parts) + "\n"


def verdict_lines(settings: Settings, evidence: Evidence, judgements: Sequence[Judgement]) -> str:
    """A list: for each part of the network, label budget and claim the one word, and the counts that it stands on."""
    lines = []
    for zone in ZONES:
        lines.append(f"**{_WHERE[zone]}**\n")
        for budget in evidence.budgets:
            for measure in LAYER_MEASURES:
                chosen = [j for j in judgements if (j.zone, j.budget, j.measure) == (zone, budget, measure)]
                lines.append(
                    f"- {BUDGET_LABELS[budget]}, {_CLAIMS[measure]}: **{headline(chosen)}**. {_counts(chosen)}"
                )
            lines.append(
                f"- {BUDGET_LABELS[budget]}, both (silhouette and kNN accuracy): {_both(judgements, zone, budget)}"
            )
        lines.append("")
    family = sum(j.measure == LAYER_MEASURES[0] and j.zone == "early" for j in judgements)
    lines.append(
        f"Counts are of combinations of method and architecture, by the 95% interval over seeds of the paired "
        f"difference student - baseline; were there no effect anywhere, about {ALPHA / 2 * family:.1f} of the {family} "
        f"judgements of one measure and part would come out confirmed by chance and as many refuted. In brackets: what "
        f"Holm's correction over those {family} leaves; the word is by the bracketed counts. Data: {settings.data}, "
        f"{settings.steps} steps; networks of this size only."
    )
    return "\n".join(lines)


def _both(judgements: Sequence[Judgement], zone: Zone, budget: str) -> str:
    """For how many combinations the two halves of the sentence are decided alike."""
    halves = [
        {(j.method, j.student): (j.call, j.call_holm) for j in judgements if (j.zone, j.budget, j.measure) == place}
        for place in ((zone, budget, "silhouette"), (zone, budget, "knn_accuracy"))
    ]
    counts = {
        call: [sum(halves[0][key][i] == call == halves[1][key][i] for key in halves[0]) for i in (0, 1)]
        for call in ("confirmed", "refuted")
    }
    told = ", ".join(f"{raw} ({corrected}) {call}" for call, (raw, corrected) in counts.items())
    return f"of {len(halves[0])}: {told}."


def _counts(judgements: Sequence[Judgement]) -> str:
    raw = [j.call for j in judgements]
    corrected = [j.call_holm for j in judgements]
    calls: tuple[Call, ...] = ("confirmed", "refuted", "not decided")
    return f"Of {len(judgements)}: " + ", ".join(f"{raw.count(c)} ({corrected.count(c)}) {c}" for c in calls) + "."


def _few_seeds(evidence: Evidence) -> str:
    seeds = max(
        (len(evidence.seeds(s.name, BASELINE, b)) for s in evidence.students for b in evidence.budgets), default=0
    )
    if seeds == 1:
        return "**One seed gives no interval**, so nothing is decided here: run with more `--seeds`."
    if seeds < 5:
        return f"**{seeds} seeds give wide intervals**: “not decided” here says little. The full grid has more."
    return ""


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
                    cells = ["" if j is None else f"{_sign(j)} {interval(j.gain, signed=True)}" for j in found]
                    rows.append([METHODS[method].label, described(student), BUDGET_LABELS[budget], *cells])
    return (
        "Gain over the layers of each part, mean over seeds and 95% interval; positive is as the paper says (the "
        "scatter ratio's is ln(baseline / student)). ✔ confirmed, ✘ refuted, · not decided; twice the sign where it "
        "outlives Holm's correction.\n\n" + table(header, rows)
    )


def _sign(judgement: Judgement) -> str:
    sign = {"confirmed": "✔", "refuted": "✘", "not decided": "·"}[judgement.call]
    return sign * 2 if judgement.call_holm != "not decided" else sign


def _test_accuracy(evidence: Evidence) -> str:
    def of(network: str, method: str, budget: str) -> list[float]:
        seeds = evidence.seeds(network, method, budget)
        return [evidence.value(network, method, budget, seed, "", TEST_ACCURACY) for seed in seeds]

    header = ["architecture", "labels", "baseline", *(METHODS[method].label for method in evidence.methods)]
    rows = [
        [described(student), BUDGET_LABELS[budget]]
        + [percent(estimate(of(student.name, method, budget))) for method in (BASELINE, *evidence.methods)]
        for student in evidence.students
        for budget in evidence.budgets
    ]
    teacher = percent(estimate(of(evidence.teacher.name, "teacher", "full")))
    return (
        f"Share of the test images, which are neither trained on nor in the probe, mean over seeds and 95% interval. "
        f"The teacher ({described(evidence.teacher)}, all labels): {teacher}.\n\n" + table(header, rows)
    )


def _reaching(evidence: Evidence, share: float) -> str:
    header = ["method", "architecture", "labels", "student", "baseline", "sooner by", "pairs that both reach it"]
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
                            _reached(found.student, found.pairs),
                            _reached(found.baseline, found.pairs),
                            interval(found.sooner, signed=True),
                            f"{found.sooner.n} of {found.pairs}",
                        ]
                    )
    return (
        f"Relative depth at which the kNN accuracy of the layers first comes to {share:.0%} of the network's own test "
        "accuracy, linear between layers; the first logged layer's depth where that one does already. A better network "
        "has a higher goal, so a method that costs test accuracy seems sooner. Positive: the student reaches its own "
        "sooner.\n\n" + table(header, rows)
    )


def _reached(found: Estimate, pairs: int) -> str:
    if found.n == 0:
        return "not reached"
    return interval(found) + ("" if found.n == pairs else f", in {found.n} of {pairs} seeds")


def _settings(plan: Plan, data: StudyData, evidence: Evidence, seconds: float) -> str:
    used = ", ".join(
        f"{name} {value}" for name, value in asdict(plan.settings).items() if value is not None and name != "root"
    )
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in _PACKAGES)
    weights = "\n".join(
        f"- {METHODS[m].label} ({METHODS[m].source}), at {METHODS[m].where}: {METHODS[m].setting}"
        for m in evidence.methods
    )
    return (
        f"{len(data.train)} images to train on, {len(data.probe)} in the probe, {len(data.test)} to test on; "
        f"{plan.grid.seeds} seeds; few labels: {plan.settings.labels_per_class} of each of {len(data.class_names)} "
        f"classes. {used}.\n\n{weights}\n\nTraining took {evidence.seconds / 60:.0f} minutes of processes over all "
        f"cells, this call {seconds / 60:.1f} minutes. Python {platform.python_version()}, {versions}."
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines)


def interval(found: Estimate, signed: bool = False) -> str:
    """Mean and interval; of one seed, the value and that there is no interval."""
    if found.n == 0:
        return "missing"
    plus = "+" if signed else ""
    mean = f"{found.mean:{plus}.3f}"
    return f"{mean} ({found.low:{plus}.3f} … {found.high:{plus}.3f})" if found.has_interval else f"{mean} (no interval)"


def percent(found: Estimate) -> str:
    if found.n == 0:
        return "missing"
    return f"{found.mean:.1%}" + (
        f" ± {(found.high - found.mean) * 100:.1f}" if found.has_interval else " (no interval)"
    )
