"""What all reducers share as scikit-learn estimators: checked samples, seeds, and the names of what they give."""

from __future__ import annotations

import hashlib
import math
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import validate_data

from kd_projector.errors import UsageError
from kd_projector.projection.preprocessing import require_finite


class Reducer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]  # no types there
    """A scikit-learn transformer from (N, D) samples to (N, C) places; subclasses say how in `_fit_map`.

    `fit` fits as `fit_transform` does; the map is `embedding_`. `get_feature_names_out` gives the lower-case class name
    and a number ("tsne0", "tsne1"), so that `set_output(transform="pandas")` has its column names.
    """

    embedding_: np.ndarray

    def fit(self, X: Any, y: Any = None) -> Any:
        """Make the map of `X` (N, D); `y` is ignored. Returns the reducer itself."""
        self._fit_map(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **fit_params: Any) -> Any:
        """The map (N, C) of `X` (N, D), as `set_output` says: by default an array."""
        self._fit_map(X)
        return self.embedding_

    def _fit_map(self, X: Any) -> None:
        """Check the parameters and `X`, and make `embedding_`.

        Apart from `fit_transform`, around which scikit-learn wraps what builds a table: `fit` needs none.
        """
        raise NotImplementedError

    @property
    def _n_features_out(self) -> int:
        return int(self.embedding_.shape[1])

    def _samples(self, X: Any, *, fitting: bool) -> np.ndarray:
        """`X` as (N, D) float64. Raises UsageError for NaN and infinity, scikit-learn's ValueErrors for the rest.

        Where a fit begins, the number of dimensions and their names are noted; afterwards they must agree.
        """
        array = validate_data(self, X, reset=fitting, dtype=np.float64, ensure_all_finite=False)
        require_finite(array, "X")
        return np.asarray(array)


def seed_of(random_state: Any) -> int:
    """The seed that a `random_state` stands for: an int is one, None takes fresh chance, a generator draws one.

    The global random states are neither read nor moved. Raises UsageError for anything else.
    """
    if isinstance(random_state, (int, np.integer)) and not isinstance(random_state, bool) and random_state >= 0:
        return int(random_state)
    if random_state is None:
        return int(np.random.default_rng().integers(2**31))
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(2**31))
    raise UsageError(f"random_state is {random_state!r}; give a whole number of at least 0, a generator or None.")


def require_count(name: str, value: Any, at_least: int = 1) -> None:
    """Raises UsageError unless `value`, a parameter called `name`, is a whole number of at least `at_least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < at_least:
        raise UsageError(f"{name} is {value!r}; it must be a whole number of at least {at_least}.")


def require_number(name: str, value: Any, fits: Callable[[float], bool] = lambda _: True, bound: str = "") -> float:
    """`value`, a parameter called `name`, as a float: any finite real number (numpy's too, bools not) that `fits`.

    Raises UsageError otherwise; `bound` ends the sentence "it must be a finite number ..".
    """
    if not isinstance(value, bool) and isinstance(value, numbers.Real):
        number = float(value)
        if math.isfinite(number) and fits(number):
            return number
    raise UsageError(f"{name} is {value!r}; it must be a finite number{bound and ' ' + bound}.")


def require_perplexity(value: Any) -> float:
    """`value` as a perplexity, which counts neighbours: below 1 it is taken for 1. Raises UsageError if it is none."""
    return max(1.0, require_number("perplexity", value, lambda number: number > 0, "above 0"))


class FittedRows:
    """Which samples a reducer was fitted on: a short hash of each row, so that it need not keep a copy of them.

    For methods that have no function from samples to places and put new ones onto a finished map: they would put a
    sample that is there already beside itself.
    """

    def __init__(self, X: np.ndarray) -> None:
        self._places = {_row_hash(row): i for i, row in reversed(list(enumerate(X)))}

    def places(self, X: np.ndarray, fitted_map: np.ndarray, place: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """(M, C) places of `X` (M, D): fitted rows where `fitted_map` (N, C) has them, new ones as `place` says.

        Of equal fitted samples, the first one's place.
        """
        known = np.array([self._places.get(_row_hash(row), -1) for row in X])
        places = fitted_map[known]
        if (known < 0).any():
            places[known < 0] = place(X[known < 0])
        return np.asarray(places)


def _row_hash(row: np.ndarray) -> bytes:
    return hashlib.blake2b((row + 0.0).tobytes(), digest_size=16).digest()  # + 0.0: -0.0 is 0.0
