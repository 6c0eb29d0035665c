"""Measure and Group: how one measure, and a family of them, is described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["layer", "pair", "output", "change"]
GroupName = Literal["class_structure", "geometry", "similarity", "outputs", "change"]


@dataclass(frozen=True)
class Group:
    """Measures that answer one question; `text` is that question."""

    name: GroupName
    label: str
    text: str


@dataclass(frozen=True)
class Measure:
    """One measure as the panel shows it.

    name: as in the store and in scalars' tags; label: as on the screen; group: the question it belongs to.
    scope: of one `layer`, of a `pair` (a layer against a layer of another model), of the model's `output`, or of a
    layer's `change` (a layer against itself at another step).
    higher_is_better: None where neither direction is.
    range: its least and greatest value, None where unbounded.
    direction: what a high (or, where lower is better, a low) value says, in words: "Higher is more compact."
    text: one sentence that says what it is.
    low_is_alike: of a pair or a change: whether a low value means more alike.
    needs_labels: it is of the probe's classes. needs_teacher: an output's comparison with a teacher's.
    default: the logger computes it unless told otherwise.
    while_training: it can be computed at the step itself; otherwise only `kd-projector measure` can, afterwards.
    """

    name: str
    label: str
    group: GroupName
    scope: Scope
    higher_is_better: bool | None
    range: tuple[float | None, float | None]
    direction: str
    text: str
    low_is_alike: bool = False
    needs_labels: bool = False
    needs_teacher: bool = False
    default: bool = False
    while_training: bool = True
