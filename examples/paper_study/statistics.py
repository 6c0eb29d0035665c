"""Means with t-intervals over seeds, Holm's correction, and the depth at which a curve first reaches a goal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over n seeds. low, high: its interval, nan where n < 2. p: two-sided, of a mean of 0; 1 where n < 2."""

    mean: float
    low: float
    high: float
    n: int
    p: float

    @property
    def has_interval(self) -> bool:
        return self.n >= 2


def estimate(values: Sequence[float]) -> Estimate:
    """Student's t-interval at 95% of the finite values; what is missing (nan) is left out, and n says so."""
    finite = np.asarray([value for value in values if math.isfinite(value)], dtype=np.float64)
    n = len(finite)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, 0, 1.0)
    mean = float(finite.mean())
    if n == 1:
        return Estimate(mean, math.nan, math.nan, 1, 1.0)
    spread = float(finite.std(ddof=1)) / math.sqrt(n)
    if spread == 0:  # all seeds alike, as they are where nothing happened
        return Estimate(mean, mean, mean, n, 1.0 if mean == 0 else 0.0)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * spread
    return Estimate(mean, mean - half, mean + half, n, float(2 * stats.t.sf(abs(mean) / spread, n - 1)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that keep the chance of any false finding among all of them at the level asked for.

    Holm, "A simple sequentially rejective multiple test procedure", 1979; valid whatever their dependence.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def depth_reaching(goal: float, depths: Sequence[float], values: Sequence[float]) -> float:
    """The least depth at which `values` is at least `goal`, linear between layers; nan where it never is.

    A goal that the first layer reaches counts as reached there: what lies before it is not known. Layers whose value is
    missing (nan) are passed over.
    """
    before: tuple[float, float] | None = None
    for depth, value in zip(depths, values, strict=True):
        if math.isnan(value):
            continue
        if value >= goal:
            if before is None:
                return depth
            return before[0] + (depth - before[0]) * (goal - before[1]) / (value - before[1])
        before = depth, value
    return math.nan
