"""The statistics against scipy and by hand, and the verdict on evidence made to have one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from paper_study.evidence import TEST_ACCURACY, Evidence, Row
from paper_study.markdown import interval
from paper_study.networks import architecture
from paper_study.settings import BASELINE, Settings
from paper_study.statistics import depth_reaching, estimate, holm
from paper_study.verdict import gain, headline, judge, reaching, zone_layers
from paper_study.verdict_table import verdict_table
from scipy import stats

STUDENT = architecture("conv", "d3w8")
ALL = ["silhouette", "scatter_ratio", "knn_accuracy"]
NOISE = (0.004, -0.003, 0.001, -0.002, 0.002)


def evidence_of(gains: dict[str, tuple[float, float]], measure: str = "silhouette", seeds: int = 5) -> Evidence:
    """Students whose measure beats the baseline's by (early, late) gains, give or take a little from seed to seed."""
    rows = []
    for seed in range(seeds):
        for method, (early, late) in {BASELINE: (0.0, 0.0), **gains}.items():
            rows.append(Row("d3w8", 3, 8, method, "full", seed, "student", "", None, TEST_ACCURACY, 0.9))
            for layer in STUDENT.layers:
                depth = STUDENT.relative_depth(layer)
                of_layer = early if layer in zone_layers(STUDENT, "early") else late
                noise = NOISE[seed] if method != BASELINE else 0.0
                value = 0.2 * seed + depth + of_layer + noise
                rows.append(Row("d3w8", 3, 8, method, "full", seed, "student", layer, depth, measure, value))
    return Evidence(tuple(rows), (STUDENT,), STUDENT, tuple(gains), ("full",), 0.0, seeds)


def test_the_interval_and_p_value_are_those_of_scipys_t_test() -> None:
    values = np.random.default_rng(0).normal(0.3, 1, 8)
    expected = stats.ttest_1samp(values, 0)
    found = estimate(list(values))
    limits = expected.confidence_interval(0.95)
    assert (found.mean, found.low, found.high) == pytest.approx((values.mean(), limits.low, limits.high))
    assert found.p == pytest.approx(expected.pvalue)
    assert found.n == 8


def test_one_seed_has_no_interval_and_decides_nothing() -> None:
    found = estimate([0.3])
    assert not found.has_interval
    assert found.p == 1
    assert interval(found, 1) == "0.300 (no interval)"
    assert {j.call for j in judge(evidence_of({"kd": (0.3, 0.3)}, seeds=1), ["silhouette"])} == {"not decided"}


def test_missing_values_are_left_out_and_counted() -> None:
    assert estimate([0.1, math.nan, 0.3]) == estimate([0.1, 0.3])
    assert interval(estimate([math.nan]), 1) == "missing"
    assert ", n = " not in interval(estimate([0.1, 0.2, 0.3]), asked=3)
    assert interval(estimate([0.1, 0.2, 0.3]), asked=4).endswith(", n = 3")


def test_holms_adjusted_values_are_those_worked_out_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.5, 0.7, 0.9), 0.75),  # half-way from the second layer to the third
        ((0.85, 0.7, 0.9), 0.25),  # at the first layer already: what is before it is not known
        ((0.5, 0.6, 0.7), math.nan),  # never
        ((0.7, math.nan, 0.9), 0.625),  # a layer without a value is passed over
        ((math.nan, 0.9, 0.1), 0.5),
    ],
)
def test_the_depth_at_which_a_goal_of_80_percent_is_first_reached(values: tuple[float, ...], expected: float) -> None:
    assert depth_reaching(0.8, (0.25, 0.5, 1.0), values) == pytest.approx(expected, nan_ok=True)


def test_gains_are_positive_where_it_is_as_the_paper_says() -> None:
    assert gain("silhouette", 0.5, 0.2) == pytest.approx(0.3)
    assert gain("knn_accuracy", 0.5, 0.7) == pytest.approx(-0.2)
    assert gain("scatter_ratio", 0.5, 1.0) == pytest.approx(math.log(2))  # lower is more compact
    assert math.isnan(gain("scatter_ratio", 0.0, 1.0))


def test_a_gain_far_above_its_noise_is_confirmed_far_below_refuted_and_none_is_not_decided() -> None:
    evidence = evidence_of({"kd": (0.1, -0.1), "at": (-0.1, 0.1), "sp": (0.0, 0.0)})
    calls = {(j.method, j.zone): (j.call, j.call_holm) for j in judge(evidence, ["silhouette"])}
    assert calls["kd", "early"] == ("confirmed", "confirmed")
    assert calls["kd", "late"] == ("refuted", "refuted")
    assert calls["kd", "early minus late"] == ("confirmed", "confirmed")
    assert calls["at", "early"] == ("refuted", "refuted")
    assert calls["at", "late"] == ("confirmed", "confirmed")
    assert calls["sp", "early"] == calls["sp", "early minus late"] == ("not decided", "not decided")


def test_a_lower_scatter_ratio_is_confirmed() -> None:
    judged = judge(evidence_of({"kd": (-0.1, 0.1)}, measure="scatter_ratio"), ["scatter_ratio"])
    assert {j.zone: j.call for j in judged}["early"] == "confirmed"
    assert {j.zone: j.call for j in judged}["late"] == "refuted"


def test_differences_are_paired_so_that_what_seeds_have_in_common_does_not_blur_them() -> None:
    judged = judge(evidence_of({"kd": (0.02, 0.02)}), ["silhouette"])  # seeds differ by 0.2 each
    assert judged[0].call == "confirmed"
    assert judged[0].gain.mean == pytest.approx(0.02 + np.mean(NOISE))


def test_correction_takes_back_what_is_decided_only_just() -> None:
    weak = dict.fromkeys(("kd", "at", "sp", "rkd", "fitnets"), (0.004, 0.0))
    judged = [j for j in judge(evidence_of(weak), ["silhouette"]) if j.zone == "early"]
    assert {j.call for j in judged} == {"confirmed"}
    assert {j.call_holm for j in judged} == {"not decided"}


def test_a_seed_whose_layer_collapsed_drops_out_of_that_parts_average() -> None:
    full = evidence_of({"kd": (0.1, 0.1)})
    gone = tuple(r for r in full.rows if not (r.method == "kd" and r.seed == 2 and r.layer == "block1"))
    judged = judge(Evidence(gone, (STUDENT,), STUDENT, ("kd",), ("full",), 0.0, 5), ["silhouette"])
    assert {j.zone: j.gain.n for j in judged} == {"early": 4, "late": 5, "early minus late": 4}


def test_the_word_for_many_is_that_of_most_unless_some_contradict() -> None:
    def word(**gains: float) -> str:
        judged = judge(evidence_of({name: (value, 0.0) for name, value in gains.items()}), ["silhouette"])
        return headline([j for j in judged if j.zone == "early"])

    assert word(kd=0.2, at=0.2, sp=0.0) == "confirmed"
    assert word(kd=-0.2, at=-0.2, sp=0.0) == "refuted"
    assert word(kd=0.2, at=-0.2, sp=0.2) == "mixed"
    assert word(kd=0.2, at=0.0, sp=0.0) == "not decided"


def test_earlier_layers_are_those_in_the_first_half_of_relative_depth() -> None:
    assert zone_layers(STUDENT, "early") == ("block1", "block2")
    assert zone_layers(STUDENT, "late") == ("block3", "embedding")
    assert zone_layers(architecture("conv", "d6w8"), "early") == ("block1", "block2", "block3")
    assert zone_layers(architecture("resnet", "resnet10"), "early") == ("layer1.0", "layer2.0")


def test_whether_a_share_of_the_test_accuracy_is_reached_is_counted_by_pairs() -> None:
    evidence = evidence_of({"kd": (0.5, 0.5)}, measure="knn_accuracy", seeds=2)
    found = reaching(evidence, STUDENT, "kd", "full", share=0.9)  # goal 0.81
    assert found.pairs == 2
    assert found.student.n == found.baseline.n == found.sooner.n == 2
    assert found.sooner.mean > 0
    never = reaching(evidence, STUDENT, "kd", "full", share=5.0)
    assert (never.student.n, never.baseline.n, never.sooner.n, never.pairs) == (0, 0, 0, 2)
    assert never.neither == 2


def test_pairs_of_which_one_alone_reaches_the_goal_are_counted_by_who_it_is() -> None:
    evidence = evidence_of({"kd": (0.5, 0.5)}, measure="knn_accuracy", seeds=3)  # baselines end at 1, 1.2, 1.4
    found = reaching(evidence, STUDENT, "kd", "full", share=1.22)  # goal 1.098
    assert (found.sooner.n, found.only_student, found.only_baseline, found.neither) == (2, 1, 0, 0)
    assert found.pairs == 3


def test_both_halves_of_the_sentence_are_counted_together_combination_by_combination() -> None:
    compact = evidence_of({"kd": (0.2, 0.0), "at": (0.2, 0.0), "sp": (-0.2, 0.0)})
    accurate = evidence_of({"kd": (0.2, 0.0), "at": (0.0, 0.0), "sp": (-0.2, 0.0)}, measure="knn_accuracy")
    rows = (*compact.rows, *(row for row in accurate.rows if row.layer))
    evidence = Evidence(rows, (STUDENT,), STUDENT, ("kd", "at", "sp"), ("full",), 0.0, 5)
    lines = verdict_table(Settings(steps=2), evidence, judge(evidence, ALL))
    early = lines.split("Later layers")[0]
    assert "accurate at once | ✔ 1 ✘ 1 of 3 (uncorrected ✔ 1 ✘ 1) |" in early
    assert "silhouette) | **mixed** ✔ 2 ✘ 1 of 3 (uncorrected ✔ 2 ✘ 1) |" in early


def test_the_verdict_shows_the_control_first_and_says_who_is_not_in_it() -> None:
    rows = evidence_of({"kd": (0.2, 0.0)}).rows
    few = tuple(replace(row, budget="limited") for row in rows if not (row.seed == 3 and row.layer == "block1"))
    both = Evidence((*few, *rows), (STUDENT,), STUDENT, ("kd",), ("full", "limited"), 0.0, 5)
    told = verdict_table(Settings(steps=2), both, judge(both, ALL))
    assert told.startswith("| Earlier layers | all labels | few labels |")
    first = next(line for line in told.splitlines() if "(silhouette)" in line)
    assert first.count("by fewer than 5 seeds") == 1
    assert first.endswith("1 by fewer than 5 seeds |")
    assert "No training failed or is missing" in told
    gappy = replace(both, missing=("d3w8/full/seed4/kd",))
    assert "**1 training failed or is missing**" in verdict_table(Settings(steps=2), gappy, judge(gappy, ALL))
