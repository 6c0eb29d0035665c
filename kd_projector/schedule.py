"""Schedule: at which training steps the probe is embedded."""

from __future__ import annotations

import bisect
import operator
from collections.abc import Callable
from dataclasses import dataclass

from kd_projector.errors import UsageError


@dataclass(frozen=True)
class Schedule:
    """A set of training steps. Make one with `Schedule.every` or `Schedule.log`, or from any callable.

    reached: the number of scheduled steps that are <= the given step. Asking how many were reached, rather than whether
    one was hit, lets a loop that reports only every k-th step (or each epoch's last one) be logged at the right rate.
    """

    description: str
    reached: Callable[[int], int] | None
    predicate: Callable[[int], bool] | None = None

    def due(self, step: int, previous: int | None = None) -> bool:
        """Whether a scheduled step lies after `previous` (None: `step` - 1) and not after `step`."""
        if self.predicate is not None:
            return bool(self.predicate(step))
        assert self.reached is not None
        return self.reached(step) > self.reached(step - 1 if previous is None else previous)

    def __call__(self, step: int) -> bool:
        """Whether `step` itself is scheduled."""
        return self.due(step)

    @staticmethod
    def every(n: int) -> Schedule:
        """The steps 0, n, 2n, …"""
        try:
            n = 0 if isinstance(n, bool) else operator.index(n)  # of numpy's integers too
        except TypeError:
            raise UsageError(f"Cannot log every {n!r} steps: give a whole number of at least 1.") from None
        if n < 1:
            raise UsageError(f"Cannot log every {n!r} steps: give a whole number of at least 1.")
        return Schedule(f"every {n} steps" if n > 1 else "every step", lambda step: step // n + 1)

    @staticmethod
    def log(total_steps: int | None = None, count: int = 25, *, ratio: float | None = None) -> Schedule:
        """Dense early, sparse late, since embeddings change most at the start.

        Either `count` steps of `range(total_steps)`, both ends included, in a geometric progression; or, where the
        length is not known, endlessly the steps 0, 1 and from there each `ratio` times the one before.
        """
        if (total_steps is None) == (ratio is None):
            raise UsageError("Schedule.log takes either total_steps (with count) or ratio: give one of the two.")
        if ratio is not None:
            return _growing(ratio)
        assert total_steps is not None
        if total_steps < 1 or count < 1:
            raise UsageError(
                f"Schedule.log(total_steps={total_steps}, count={count}) has no step: both must be at least 1."
            )
        steps = log_spaced(total_steps, count)
        return Schedule(f"log-spaced, {len(steps)} steps", lambda step: bisect.bisect_right(steps, step))

    @staticmethod
    def of(every: int | Callable[[int], bool] | Schedule) -> Schedule:
        """What `every=` may be: a number of steps, a function from a step to whether it is due, or a Schedule."""
        if isinstance(every, Schedule):
            return every
        if callable(every):
            return Schedule(f"when {getattr(every, '__name__', type(every).__name__)}(step)", None, every)
        return Schedule.every(every)


def log_spaced(total_steps: int, count: int) -> tuple[int, ...]:
    """`min(count, total_steps)` distinct steps from 0 to `total_steps` - 1, as near to geometric as can be."""
    last = total_steps - 1
    if count == 1 or last == 0:
        return (0,)
    if count >= total_steps:
        return tuple(range(total_steps))
    steps = [0, 1] if count > 2 else [0]
    while len(steps) < count:
        left = count - len(steps)
        here = max(steps[-1], 1)
        steps.append(max(steps[-1] + 1, round(here * (last / here) ** (1 / left))))
    return tuple(steps)


def _growing(ratio: float) -> Schedule:
    if not ratio > 1:
        raise UsageError(f"Schedule.log(ratio={ratio}) would never advance: give a ratio above 1, such as 1.3.")
    steps = [0, 1]

    def reached(step: int) -> int:
        while steps[-1] <= step:
            steps.append(max(steps[-1] + 1, int(steps[-1] * ratio)))
        return bisect.bisect_right(steps, step)

    return Schedule(f"log-spaced, each {ratio:g} times the one before", reached)
