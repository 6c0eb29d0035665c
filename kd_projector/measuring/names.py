"""Which measures are meant by what a person types, and what each of them needs of the store."""

from __future__ import annotations

from collections.abc import Sequence

from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.selection import chosen

PREVIOUS, LAST = "_previous", "_last"  # how measures of change say which step they compare with

DEFAULT = ("default", "change", "similarity")

# Of the probabilities, at a temperature; needs the stored logits. The other measures of outputs need stored columns.
DIVERGENCES = tuple(
    measure.name for measure in CATALOGUE.values() if measure.scope == "output" and measure.name.endswith("divergence")
)


def measures_named(words: Sequence[str] | None) -> tuple[str, ...]:
    """The measures that `words` name (see `selection.chosen`); None: those of DEFAULT, which are the logger's
    defaults, what needs a later step, and all that the panel compares layers by.

    Raises UsageError for a word that names none, with those there are.
    """
    return chosen(tuple(words or DEFAULT), while_training=False)
