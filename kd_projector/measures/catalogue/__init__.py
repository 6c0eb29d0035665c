"""What each measure is called and means, for the panel. Imports no torch: TensorBoard's own process reads it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kd_projector.measures.catalogue import change, class_structure, geometry, outputs, similarity
from kd_projector.measures.catalogue.measure import Group, GroupName, Measure, Scope

__all__ = ["CATALOGUE", "GROUPS", "Group", "GroupName", "Measure", "Scope"]

_PARTS = (class_structure, geometry, similarity, outputs, change)

GROUPS: tuple[Group, ...] = tuple(part.GROUP for part in _PARTS)

CATALOGUE: Mapping[str, Measure] = MappingProxyType(
    {measure.name: measure for part in _PARTS for measure in part.MEASURES}
)
