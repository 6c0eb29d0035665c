"""Projection methods of other installed packages: the entry points of the group `kd_projector.methods`.

Looking must be safe anywhere, in TensorBoard too: a package that is broken costs its own method, and says so.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points

from kd_projector.errors import KDProjectorWarning
from kd_projector.projection.methods import DIMENSIONS, MODES, Method

GROUP = "kd_projector.methods"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")  # it stands in addresses and on command lines


def discovered_methods(taken: Mapping[str, Method]) -> dict[str, Method]:
    """The methods of other packages by name, in a fixed order. A broken one is there with its `fault`.

    Warns (KDProjectorWarning) of one whose name is `taken` already, by a built-in method or another package's; that one
    is left out.
    """
    found: dict[str, Method] = {}
    points = sorted(entry_points(group=GROUP), key=lambda point: (_package(point), point.name))
    for point in dict.fromkeys(points):  # a package that is on the path twice is one package
        if point.name in taken or point.name in found:
            owner = found[point.name].version if point.name in found else "kd_projector itself"
            warnings.warn(
                f"The projection method {point.name!r} of {_package(point)} is left out: {owner} has one of that name.",
                KDProjectorWarning,
                stacklevel=2,
            )
            continue
        found[point.name] = _method_of(point)
    return found


def _method_of(point: EntryPoint) -> Method:
    try:
        method: object = point.load()
    except (Exception, SystemExit) as error:  # whatever happens when somebody else's module is imported
        return _broken(point, f"it cannot be imported ({type(error).__name__}: {error})")
    if not isinstance(method, Method):
        return _broken(point, f"it is a {type(method).__name__}, not a kd_projector.projection.Method")
    wrong = _wrong_with(method, point.name)
    return replace(method, version=_package(point)) if wrong is None else _broken(point, wrong)


def _wrong_with(method: Method, name: str) -> str | None:
    """What is wrong with the method of an entry point called `name`, as half a sentence."""
    if method.name != name or not _NAME.fullmatch(name):
        return f"its name is {method.name!r}; give the entry point's, of small letters, digits, '.', '_' and '-'"
    unknown = [mode for mode in method.modes if mode not in MODES]
    if unknown or not method.modes or method.default_mode not in method.modes:
        return f"its modes are {method.modes!r} and {method.default_mode!r}; give some of {', '.join(MODES)}"
    module, _, function = method.engine.partition(":")
    if not module or not function:
        return f"its engine is {method.engine!r}; give 'module:function'"
    if not method.dimensions or any(number not in DIMENSIONS for number in method.dimensions):
        return f"its dimensions are {method.dimensions!r}; give some of {', '.join(map(str, DIMENSIONS))}"
    try:
        json.dumps(dict(method.defaults), allow_nan=False)
    except (TypeError, ValueError) as error:
        return f"its defaults are not plain JSON values ({error})"
    return None


def _broken(point: EntryPoint, why: str) -> Method:
    return Method(
        point.name,
        point.name,
        point.value,
        "independent",
        ("independent",),
        "Cannot be used here.",
        version=_package(point),
        fault=f"Method {point.name!r} of {_package(point)} is broken: {why}.",
    )


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown package"
