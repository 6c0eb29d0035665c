"""What of a step its logger has measured, and what it could have: what it failed to measure can be had afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.store import MeasureValue, StepDigests

_Place = tuple[str | None, str | None]  # of a value: its layer and the other model's; None where it is of outputs


def places_by_what(values: Sequence[MeasureValue]) -> dict[tuple[str, str | None, str | None], set[_Place]]:
    """The layers that values are of, by measure, other run and other model."""
    places: dict[tuple[str, str | None, str | None], set[_Place]] = {}
    for value in values:
        what = value.measure, value.other_run, value.other_model
        places.setdefault(what, set()).add((value.layer, value.other_layer))
    return places


def possible_places(measure: str, own: StepDigests, other: StepDigests | None) -> set[_Place]:
    """Where a step as it is stored can have values of a measure; other: the step that it is compared with."""
    scope = CATALOGUE[measure].scope
    if scope == "output":
        return {(None, None)}
    if scope == "layer" or other is None:
        return {(layer, None) for layer in own.layers}
    if scope == "change":
        return {(layer, None) for layer in own.layers if layer in other.layers}
    return {(layer, theirs) for layer in own.layers for theirs in other.layers}
