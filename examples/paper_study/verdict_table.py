"""The verdict as people read it first: a small table for each part of the network, both label budgets side by side."""

from __future__ import annotations

from collections.abc import Sequence

from .evidence import LAYER_MEASURES, Evidence
from .markdown import table
from .settings import BASELINE, BUDGET_LABELS, Settings
from .verdict import ALPHA, ZONES, Judgement, headline

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
_BOTH = ("silhouette", "knn_accuracy")


def verdict_table(settings: Settings, evidence: Evidence, judgements: Sequence[Judgement]) -> str:
    """Tables of one word and the counts that it stands on, earlier layers first; then how to read them."""
    parts = []
    for zone in ZONES:
        rows = []
        for measure in LAYER_MEASURES:
            of_budgets = [
                [j for j in judgements if (j.zone, j.budget, j.measure) == (zone, budget, measure)]
                for budget in evidence.budgets
            ]
            words = [f"**{headline(chosen)}** {_counts(chosen, evidence.asked_seeds)}" for chosen in of_budgets]
            rows.append([_CLAIMS[measure], *words])
        rows.append(
            ["compact (silhouette) and accurate at once", *(_both(judgements, zone, b) for b in evidence.budgets)]
        )
        header = [_WHERE[zone], *(BUDGET_LABELS[budget] for budget in evidence.budgets)]
        parts.append(table(header, rows))
    asked, *compared = parts
    return "\n\n".join(
        [
            asked,
            "✔ as the paper says, ✘ the opposite: for so many combinations of method and architecture, after Holm's "
            "correction (in brackets: before it).",
            _budgets_told(evidence),
            _gaps(evidence),
            "The same of the later layers, and whether it is so in the earlier layers in particular:",
            *compared,
            _counts_told(settings, evidence, judgements),
        ]
    )


def _counts(judgements: Sequence[Judgement], asked: int) -> str:
    raw, corrected = [j.call for j in judgements], [j.call_holm for j in judgements]
    fewer = sum(j.gain.n != asked for j in judgements)
    return (
        _told(corrected.count("confirmed"), corrected.count("refuted"), len(judgements))
        + _told(raw.count("confirmed"), raw.count("refuted"), None)
        + (f", {fewer} by fewer than {asked} seeds" if fewer else "")
    )


def _told(confirmed: int, refuted: int, of: int | None) -> str:
    """After correction `of` so many, or before it."""
    return f"✔ {confirmed} ✘ {refuted} of {of}" if of is not None else f" (uncorrected ✔ {confirmed} ✘ {refuted})"


def _both(judgements: Sequence[Judgement], zone: str, budget: str) -> str:
    """For how many combinations the two halves of the sentence are decided alike."""
    halves = [
        {(j.method, j.student): (j.call_holm, j.call) for j in judgements if (j.zone, j.budget, j.measure) == place}
        for place in ((zone, budget, measure) for measure in _BOTH)
    ]
    (confirmed, raw_confirmed), (refuted, raw_refuted) = (
        [sum(halves[0][key][i] == call == halves[1][key][i] for key in halves[0]) for i in (0, 1)]
        for call in ("confirmed", "refuted")
    )
    return _told(confirmed, refuted, len(halves[0])) + _told(raw_confirmed, raw_refuted, None)


def _budgets_told(evidence: Evidence) -> str:
    """What the two columns differ in: the claim is about the representation only where all else is the same."""
    control = (
        "**All labels** is the control: student and baseline see the same images with the same labels, and only the "
        "method differs."
    )
    few = (
        "With **few labels** it is the baseline that lacks labels, not the student's source: the teacher was trained "
        "on the labels of the very images whose outputs guide the student. The student also sees images that its "
        "baseline never does, with its batch normalisation too."
    )
    told = {"full": control, "limited": few}
    missing = [] if "full" in evidence.budgets else ["The control, with all labels, is not part of this run."]
    return " ".join([*(told[budget] for budget in evidence.budgets), *missing])


def _counts_told(settings: Settings, evidence: Evidence, judgements: Sequence[Judgement]) -> str:
    family = sum(j.measure == LAYER_MEASURES[0] and j.zone == "early" for j in judgements)
    return (
        f"Each combination is judged by the 95% interval over {evidence.asked_seeds} seeds of the paired difference "
        f"student - baseline; Holm's correction is over the {family} judgements of one measure and part, and the word "
        f"is by what it leaves. Uncorrected, about {ALPHA / 2 * family:.1f} of the {family} would come out ✔ by chance "
        f"and as many ✘, were there no effect at all. Data: {settings.data}, {settings.steps} steps; networks of this "
        f"size only."
    )


def _gaps(evidence: Evidence) -> str:
    """Who is not among those that are compared: trainings that fail do not fail at random."""
    if not evidence.missing:
        return "No training failed or is missing." + _few_seeds(evidence)
    count = len(evidence.missing)
    told = "1 training failed or is missing" if count == 1 else f"{count} trainings failed or are missing"
    return (
        f"**{told}** (named below), and in no count: what is said "
        f"is of those that went well, and trainings do not fail at random." + _few_seeds(evidence)
    )


def _few_seeds(evidence: Evidence) -> str:
    found = max(
        (len(evidence.seeds(s.name, BASELINE, b)) for s in evidence.students for b in evidence.budgets), default=0
    )
    if found == 1:
        return " **One seed gives no interval**, so nothing is decided here: run with more `--seeds`."
    if found < 5:
        return f" **{found} seeds give wide intervals**: “not decided” here says little. The full grid has more."
    return ""
