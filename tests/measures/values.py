"""How the suite's tests choose measures, and look at the values that it returns."""

from __future__ import annotations

from kd_projector.measures.selection import chosen
from kd_projector.store.schema import MeasureValue

ALL = chosen("all", while_training=False)
DEFAULTS = chosen(True, while_training=True)
PREVIOUS = ("neighbour_overlap_previous", "linear_cka_previous")

Key = tuple[str, str | None, str | None, str | None]


def by_key(values: list[MeasureValue]) -> dict[Key, float]:
    found = {(value.measure, value.layer, value.other_model, value.other_layer): value.value for value in values}
    assert len(found) == len(values), "two values for one thing"
    return found


def names(values: list[MeasureValue]) -> set[str]:
    return {value.measure for value in values}
