"""Which measures are meant: True, "default", "all", names of measures and of groups. Imports no torch."""

from __future__ import annotations

from collections.abc import Collection

from kd_projector.errors import UsageError
from kd_projector.measures.catalogue import CATALOGUE, GROUPS

Selection = bool | str | Collection[str] | None  # what `chosen` takes


def chosen(measures: Selection, *, while_training: bool) -> tuple[str, ...]:
    """The names of the measures that `measures` asks for, each once, in the catalogue's order.

    measures: True or "default" (the catalogue's defaults); False, None or an empty collection (none); "all"; the name
    of a measure or of a group ("geometry"); or a collection of such words. while_training: only those that can be
    computed at a step itself, so none that compares with the run's last step; "all" and groups leave those out.
    Raises UsageError for a word that names none, with those there are, and for a measure that has to wait for the end.
    """
    if measures is None or isinstance(measures, bool):
        words: tuple[object, ...] = ("default",) if measures else ()
    elif isinstance(measures, str):
        words = (measures,)
    elif isinstance(measures, Collection):
        words = tuple(measures)
    else:
        raise UsageError(
            f"measures is of type {type(measures).__name__} but must be True, False or names: {_names(while_training)}."
        )
    wanted = {name for word in words for name in _meant_by(word, while_training)}
    return tuple(name for name in CATALOGUE if name in wanted)


def _meant_by(word: object, while_training: bool) -> list[str]:
    possible = [measure for measure in CATALOGUE.values() if measure.while_training or not while_training]
    if not isinstance(word, str):  # also what has no hash
        raise UsageError(f"There is no measure called {word!r}. There are {_names(while_training)}.")
    if word == "all":
        return [measure.name for measure in possible]
    if word == "default":
        return [measure.name for measure in possible if measure.default]
    if any(word == group.name for group in GROUPS):
        return [measure.name for measure in possible if measure.group == word]
    if word not in CATALOGUE:
        raise UsageError(f"There is no measure called {word!r}. There are {_names(while_training)}.")
    measure = CATALOGUE[word]
    if measure not in possible:
        raise UsageError(
            f"{measure.name!r} needs the run's last step, so it cannot be computed while training: leave it out, and "
            f"have it computed afterwards with `kd-projector measure`."
        )
    return [measure.name]


def _names(while_training: bool) -> str:
    names = [name for name, measure in CATALOGUE.items() if measure.while_training or not while_training]
    groups = ", ".join(group.name for group in GROUPS)
    return f'{", ".join(names)}; the groups {groups}; "default" and "all"'
