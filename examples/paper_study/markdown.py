"""How the report writes tables, and means with their intervals and numbers of seeds."""

from __future__ import annotations

from collections.abc import Sequence

from .statistics import Estimate


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines)


def interval(found: Estimate, asked: int, signed: bool = False) -> str:
    """Mean and interval, or that one seed has none; and n where it is not the number of seeds asked for."""
    if found.n == 0:
        return "missing"
    plus = "+" if signed else ""
    mean = f"{found.mean:{plus}.3f}"
    limits = f" ({found.low:{plus}.3f} … {found.high:{plus}.3f})" if found.has_interval else " (no interval)"
    return mean + limits + seeds(found, asked)


def plus_minus(found: Estimate, asked: int, signed: bool = False) -> str:
    """The same, shorter: mean and half of its interval."""
    if found.n == 0:
        return "missing"
    half = f" ± {found.high - found.mean:.3f}" if found.has_interval else " (no interval)"
    return f"{found.mean:{'+' if signed else ''}.3f}" + half + seeds(found, asked)


def percent(found: Estimate, asked: int) -> str:
    if found.n == 0:
        return "missing"
    half = f" ± {(found.high - found.mean) * 100:.1f}" if found.has_interval else " (no interval)"
    return f"{found.mean:.1%}" + half + seeds(found, asked)


def seeds(found: Estimate, asked: int) -> str:
    """Nothing where all seeds count."""
    return "" if found.n == asked else f", n = {found.n}"
