"""A choice of measures is understood the same everywhere, and what cannot be meant is refused with what can."""

from __future__ import annotations

from typing import Any

import pytest

from kd_projector.errors import UsageError
from kd_projector.measures.catalogue import CATALOGUE
from kd_projector.measures.selection import Selection, chosen

DEFAULTS = tuple(name for name, measure in CATALOGUE.items() if measure.default)
LATER = {name for name, measure in CATALOGUE.items() if not measure.while_training}


@pytest.mark.parametrize("nothing", [False, None, (), [], set()], ids=["False", "None", "tuple", "list", "set"])
def test_nothing_may_be_chosen(nothing: Selection) -> None:
    assert chosen(nothing, while_training=True) == ()


@pytest.mark.parametrize(
    "default",
    [True, "default", ["default"], DEFAULTS, set(DEFAULTS)],
    ids=["True", "word", "list", "their names", "in any order"],
)
def test_the_defaults_have_a_name_and_come_in_the_catalogues_order(default: Selection) -> None:
    assert chosen(default, while_training=True) == DEFAULTS
    assert chosen(default, while_training=False) == DEFAULTS


def test_all_is_all_that_can_be_computed_at_that_time() -> None:
    assert set(chosen("all", while_training=False)) == set(CATALOGUE)
    assert set(chosen("all", while_training=True)) == set(CATALOGUE) - LATER
    assert LATER


def test_a_group_stands_for_its_measures() -> None:
    geometry = {name for name, measure in CATALOGUE.items() if measure.group == "geometry"}
    assert set(chosen("geometry", while_training=True)) == geometry
    assert set(chosen(["default", "geometry", "rsa"], while_training=True)) == {*DEFAULTS, *geometry, "rsa"}
    assert set(chosen("change", while_training=True)) == {"neighbour_overlap_previous", "linear_cka_previous"}
    assert set(chosen("change", while_training=False)) >= LATER


def test_each_name_is_chosen_once_however_often_it_is_meant() -> None:
    assert chosen(["rsa", "accuracy", "rsa", "outputs"], while_training=True).count("accuracy") == 1
    assert chosen(("rsa", "accuracy"), while_training=True) == ("rsa", "accuracy")


@pytest.mark.parametrize(
    "unknown",
    ["knn", ["accuracy", "knn"], [3], [["rsa"]], [{}], [None]],
    ids=["alone", "among others", "a number", "a list", "a dict", "None"],
)
def test_a_name_that_there_is_not_is_refused_with_those_there_are(unknown: Any) -> None:
    with pytest.raises(UsageError, match=r"no measure called .*knn_accuracy.*geometry.*\"all\"") as refused:
        chosen(unknown, while_training=True)
    assert "linear_cka_last" not in str(refused.value)
    with pytest.raises(UsageError, match="linear_cka_last"):
        chosen(unknown, while_training=False)


def test_what_has_to_wait_for_the_last_step_is_refused_while_training() -> None:
    with pytest.raises(UsageError, match=r"'linear_cka_last' needs the run's last step.*kd-projector measure"):
        chosen(["accuracy", "linear_cka_last"], while_training=True)
    assert chosen("linear_cka_last", while_training=False) == ("linear_cka_last",)


def test_what_is_no_choice_is_refused_by_its_type() -> None:
    with pytest.raises(UsageError, match="of type int"):
        chosen(1, while_training=True)  # type: ignore[arg-type]
