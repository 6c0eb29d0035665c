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
            words = [f"**{headline(chosen)}**: {_counts(chosen, evidence.asked_seeds)}" for chosen in of_budgets]
            rows.append([_CLAIMS[measure], *words])
        rows.append(
            ["compact (silhouette) and accurate at once", *(_both(judgements, zone, b) for b in evidence.budgets)]
        )
        header = [_WHERE[zone], *(BUDGET_LABELS[budget] for budget in evidence.budgets)]
        parts.append(table(header, rows))
    return "\n\n".join([*parts, _budgets_told(evidence), _counts_told(settings, evidence, judgements), _gaps(evidence)])


def _counts(judgements: Sequence[Judgement], asked: int) -> str:
    raw, corrected = [j.call for j in judgements], [j.call_holm for j in judgements]
    fewer = sum(j.gain.n != asked for j in judgements)
    return (
        f"{corrected.count('confirmed')} confirmed, {corrected.count('refuted')} refuted of {len(judgements)} "
        f"(uncorrected {raw.count('confirmed')}, {raw.count('refuted')})"
        + (f"; {fewer} by fewer than {asked} seeds" if fewer else "")
    )


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
    return f"{confirmed} confirmed, {refuted} refuted of {len(halves[0])} (uncorrected {raw_confirmed}, {raw_refuted})"


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
        f"Counted are combinations of method and architecture, each judged by the 95% interval over "
        f"{evidence.asked_seeds} seeds of the paired difference student - baseline, after Holm's correction over the "
        f"{family} judgements of one measure and part; the word is by those counts. Uncorrected, about "
        f"{ALPHA / 2 * family:.1f} of the {family} would come out confirmed by chance and as many refuted, were there "
        f"no effect at all. Data: {settings.data}, {settings.steps} steps; networks of this size only."
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
