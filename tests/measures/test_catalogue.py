"""The catalogue describes each measure of the set in words, once, and costs TensorBoard no torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kd_projector.measures.catalogue import CATALOGUE, GROUPS, Measure

_MEASURES = list(CATALOGUE.values())


def test_each_measure_belongs_to_a_group_of_the_catalogue_and_each_group_asks_one_question() -> None:
    assert {measure.group for measure in _MEASURES} == {group.name for group in GROUPS}
    for group in GROUPS:
        assert group.text.endswith("?")
        scopes = {measure.scope for measure in _MEASURES if measure.group == group.name}
        assert len(scopes) == 1, "a group's measures are drawn in one way"


def test_names_and_labels_are_unique() -> None:
    assert [measure.name for measure in _MEASURES] == list(CATALOGUE)
    assert len({measure.label for measure in _MEASURES}) == len(_MEASURES)
    assert not set(CATALOGUE) & {*(group.name for group in GROUPS), "all", "default"}


@pytest.mark.parametrize("measure", _MEASURES, ids=list(CATALOGUE))
def test_each_says_in_one_sentence_what_it_is_and_in_words_what_its_direction_means(measure: Measure) -> None:
    low, high = measure.range
    assert low is None or high is None or low < high
    assert measure.text.endswith(".")
    assert measure.text.count(". ") == 0
    assert measure.direction.endswith(".")
    assert measure.direction.startswith(("Higher ", "Lower "))
    if measure.scope in ("pair", "change"):
        assert measure.direction.startswith("Lower ") == measure.low_is_alike
    if measure.higher_is_better is not None:
        assert measure.direction.startswith("Higher " if measure.higher_is_better else "Lower ")


@pytest.mark.parametrize("measure", _MEASURES, ids=list(CATALOGUE))
def test_what_it_needs_fits_what_it_is_of(measure: Measure) -> None:
    assert not (measure.needs_teacher and measure.scope != "output")
    assert not (measure.needs_labels and measure.scope not in ("layer", "output"))
    assert measure.while_training or not measure.default


def test_reading_it_and_choosing_from_it_imports_no_torch() -> None:
    program = (
        "import sys; from kd_projector.measures.catalogue import CATALOGUE; assert CATALOGUE; "
        "from kd_projector.measures.selection import chosen; assert chosen(True, while_training=True); "
        "print([name for name in ('torch', 'sklearn', 'scipy', 'tensorflow') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
