"""The paper's sentence, put to the test: the rule that README.md states, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from .evidence import TEST_ACCURACY, Evidence
from .networks import Architecture
from .settings import BASELINE
from .statistics import Estimate, depth_reaching, estimate, holm

Zone = Literal["early", "late", "early minus late"]
Call = Literal["confirmed", "refuted", "not decided"]
ZONES: tuple[Zone, ...] = ("early", "late", "early minus late")
EARLY_UP_TO = 0.5
ALPHA = 0.05


@dataclass(frozen=True)
class Judgement:
    """Of one method, architecture and budget, by one measure, in one part of the network.

    gain: paired over seeds, positive where it is as the paper says. p_holm: corrected over all judgements of the same
    measure and zone.
    """

    student: str
    method: str
    budget: str
    measure: str
    zone: Zone
    gain: Estimate
    p_holm: float = 1.0

    @property
    def call(self) -> Call:
        """By the 95% interval of the gain alone."""
        if not self.gain.has_interval or not (self.gain.low > 0 or self.gain.high < 0):
            return "not decided"
        return "confirmed" if self.gain.mean > 0 else "refuted"

    @property
    def call_holm(self) -> Call:
        """What is left of it after Holm's correction."""
        return self.call if self.p_holm < ALPHA else "not decided"


def gain(measure: str, student: float, baseline: float) -> float:
    """student against baseline, positive where the student is more compact, or more accurate; nan where undefined.

    A difference; for the scatter ratio, which is a ratio already, the natural logarithm of baseline / student.
    """
    if measure != "scatter_ratio":
        return student - baseline
    return math.log(baseline / student) if student > 0 and baseline > 0 else math.nan


def zone_layers(student: Architecture, zone: Zone) -> tuple[str, ...]:
    early = tuple(layer for layer in student.layers if student.relative_depth(layer) <= EARLY_UP_TO)
    return early if zone == "early" else tuple(layer for layer in student.layers if layer not in early)


def layer_gains(evidence: Evidence, student: str, method: str, budget: str, layer: str, measure: str) -> list[float]:
    """One gain a paired seed."""
    return [
        gain(
            measure,
            evidence.value(student, method, budget, seed, layer, measure),
            evidence.value(student, BASELINE, budget, seed, layer, measure),
        )
        for seed in evidence.paired_seeds(student, method, budget)
    ]


def zone_gains(
    evidence: Evidence, student: Architecture, method: str, budget: str, measure: str, zone: Zone
) -> list[float]:
    """The mean gain over the zone's layers, one a paired seed; nan where any of these layers lacks the measure."""
    if zone == "early minus late":
        early, late = (zone_gains(evidence, student, method, budget, measure, part) for part in ("early", "late"))
        return [first - second for first, second in zip(early, late, strict=True)]
    by_layer = [
        layer_gains(evidence, student.name, method, budget, layer, measure) for layer in zone_layers(student, zone)
    ]
    return [float(np.mean(of_seed)) for of_seed in zip(*by_layer, strict=True)]


def judge(evidence: Evidence, measures: Sequence[str]) -> list[Judgement]:
    """All judgements, with Holm's correction over those of the same measure and zone."""
    judged = []
    for measure in measures:
        for zone in ZONES:
            family = [
                Judgement(
                    student.name,
                    method,
                    budget,
                    measure,
                    zone,
                    estimate(zone_gains(evidence, student, method, budget, measure, zone)),
                )
                for budget in evidence.budgets
                for method in evidence.methods
                for student in evidence.students
                if evidence.paired_seeds(student.name, method, budget)
            ]
            adjusted = holm([judgement.gain.p for judgement in family])
            judged += [replace(judgement, p_holm=p) for judgement, p in zip(family, adjusted, strict=True)]
    return judged


def headline(judgements: Sequence[Judgement]) -> str:
    """One word for many judgements, by their calls after Holm's correction: that of most, if none contradicts."""
    calls = [judgement.call_holm for judgement in judgements]
    confirmed, refuted = calls.count("confirmed"), calls.count("refuted")
    if confirmed and refuted:
        return "mixed"
    if confirmed > len(calls) / 2:
        return "confirmed"
    if refuted > len(calls) / 2:
        return "refuted"
    return "not decided"


@dataclass(frozen=True)
class Reaching:
    """The relative depth at which a network's layers, by kNN accuracy, first reach a share of its test accuracy.

    student, baseline: that depth, over the seeds that reach it. sooner: baseline's depth minus the student's, over the
    pairs that both do; the other pairs are counted.
    """

    student: Estimate
    baseline: Estimate
    sooner: Estimate
    only_student: int
    only_baseline: int
    neither: int

    @property
    def pairs(self) -> int:
        return self.sooner.n + self.only_student + self.only_baseline + self.neither


def reaching(evidence: Evidence, student: Architecture, method: str, budget: str, share: float) -> Reaching:
    depths = [student.relative_depth(layer) for layer in student.layers]
    seeds = evidence.paired_seeds(student.name, method, budget)

    def reached(taught: str, seed: int) -> float:
        goal = share * evidence.value(student.name, taught, budget, seed, "", TEST_ACCURACY)
        values = [evidence.value(student.name, taught, budget, seed, layer, "knn_accuracy") for layer in student.layers]
        return depth_reaching(goal, depths, values)

    of_student = [reached(method, seed) for seed in seeds]
    of_baseline = [reached(BASELINE, seed) for seed in seeds]
    sooner = [second - first for first, second in zip(of_student, of_baseline, strict=True)]
    both_sides = [
        (math.isfinite(first), math.isfinite(second)) for first, second in zip(of_student, of_baseline, strict=True)
    ]
    return Reaching(
        estimate(of_student),
        estimate(of_baseline),
        estimate(sooner),
        only_student=both_sides.count((True, False)),
        only_baseline=both_sides.count((False, True)),
        neither=both_sides.count((False, False)),
    )
