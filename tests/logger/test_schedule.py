"""When a step is due."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kd_projector import Schedule
from kd_projector.errors import UsageError
from kd_projector.schedule import log_spaced


@given(st.integers(1, 500), st.integers(0, 10_000))
def test_every_n_steps_are_the_multiples_of_n(n: int, step: int) -> None:
    assert Schedule.every(n)(step) == (step % n == 0)


@given(st.integers(1, 5_000), st.integers(1, 60))
def test_a_log_schedule_has_the_asked_number_of_distinct_steps_from_the_first_to_the_last(
    total: int, count: int
) -> None:
    steps = log_spaced(total, count)
    assert len(set(steps)) == len(steps) == min(total, count)
    assert list(steps) == sorted(steps)
    assert steps[0] == 0
    assert steps[-1] == (total - 1 if count > 1 else 0)


@given(st.integers(100, 5_000), st.integers(5, 30))
def test_a_log_schedule_is_dense_early_and_sparse_late(total: int, count: int) -> None:
    steps = log_spaced(total, count)
    gaps = [after - before for before, after in itertools.pairwise(steps)]
    assert all(later >= earlier - 1 for earlier, later in itertools.pairwise(gaps))  # up to rounding
    assert gaps[-1] > gaps[0]


def test_a_ratio_schedule_goes_on_for_ever() -> None:
    schedule = Schedule.log(ratio=2)
    assert [step for step in range(40) if schedule(step)] == [0, 1, 2, 4, 8, 16, 32]
    assert schedule(2**40)


@given(st.integers(1, 50), st.lists(st.integers(1, 80), min_size=1, max_size=40))
def test_a_loop_that_reports_rarely_is_due_once_for_all_the_scheduled_steps_it_passed(n: int, jumps: list[int]) -> None:
    schedule, previous = Schedule.every(n), 0
    for jump in jumps:
        step = previous + jump
        passed = any(s % n == 0 for s in range(previous + 1, step + 1))
        assert schedule.due(step, previous) == passed
        previous = step


def test_any_function_of_the_step_is_a_schedule() -> None:
    schedule = Schedule.of(lambda step: step in (3, 4))
    assert [step for step in range(8) if schedule(step)] == [3, 4]


@pytest.mark.parametrize("wrong", [0, -5, 2.5, True])
def test_a_cadence_that_is_no_number_of_steps_is_refused(wrong: object) -> None:
    with pytest.raises(UsageError, match=r"whole number of at least 1"):
        Schedule.of(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{}, {"total_steps": 10, "ratio": 2}, {"ratio": 1.0}, {"total_steps": 0}])
def test_a_log_schedule_without_steps_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Schedule.log(**wrong)  # type: ignore[arg-type]


def test_a_number_of_steps_may_be_one_of_numpys() -> None:
    schedule = Schedule.of(np.int64(3))  # type: ignore[arg-type]
    assert [step for step in range(8) if schedule(step)] == [0, 3, 6]
