"""How a benchmark reports: one row for each claim, with a peer measured in the same run, and a verdict."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, TypeVar

Result = TypeVar("Result")
COLUMNS = ("work", "peer", "ours", "ratio", "target", "reached")


@dataclass(frozen=True)
class Row:
    """One claim. `peer` and `ours` are shown as they are; `ratio` is held against `target`.

    better: whether the ratio has to be at least the target ("higher") or at most ("lower").
    """

    work: str
    peer: str
    ours: str
    ratio: float
    target: float
    better: Literal["higher", "lower"] = "higher"

    @property
    def reached(self) -> bool:
        return self.ratio >= self.target if self.better == "higher" else self.ratio <= self.target

    def cells(self) -> tuple[str, ...]:
        bound = "≥" if self.better == "higher" else "≤"
        verdict = "yes" if self.reached else "NO"
        return self.work, self.peer, self.ours, f"{self.ratio:.3g}", f"{bound} {self.target:g}", verdict


@dataclass(frozen=True)
class Timed:
    """Seconds of wall clock, and of CPU time of this process (all of its threads)."""

    wall: float
    cpu: float


def timed(work: Callable[[], Result]) -> tuple[Result, Timed]:
    """What `work` returns and how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, Timed(time.perf_counter() - wall, time.process_time() - cpu)


def median_time(times: Sequence[Timed]) -> Timed:
    return Timed(median(t.wall for t in times), median(t.cpu for t in times))


def report(rows: Sequence[Row], *, check: bool = False) -> None:
    """Print the table; with `check`, exit with status 1 if a target was missed."""
    print(as_markdown(rows), flush=True)
    missed = [row.work for row in rows if not row.reached]
    if check and missed:
        print(f"missed: {'; '.join(missed)}", file=sys.stderr)
        sys.exit(1)


def as_markdown(rows: Sequence[Row]) -> str:
    return table([COLUMNS, *(row.cells() for row in rows)])


def table(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first line is its head."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    text = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in lines]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)
