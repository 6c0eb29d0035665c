"""scikit-learn's own test of estimators, over all reducers, with what is excepted and why."""

from __future__ import annotations

import pytest
from sklearn.utils.estimator_checks import check_estimator

from kd_projector.projection import PCA, TSNE, UMAP, Ivis, OfficialIvis
from kd_projector.projection.methods import METHODS

# (a cheap reducer, the checks that it is expected to fail with the reason why)
REDUCERS: dict[str, tuple[object, dict[str, str]]] = {
    "PCA": (PCA(), {}),
    "TSNE": (TSNE(perplexity=5), {}),
    "UMAP": (UMAP(n_epochs=20), {}),
    "Ivis": (Ivis(epochs=1), {}),
    "OfficialIvis": (OfficialIvis(epochs=1, k=3), {}),
}
NEEDS = {"UMAP": "umap", "OfficialIvis": "ivis-official"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.ivis_package if name == "OfficialIvis" else ()) for name in REDUCERS]
)
def test_scikit_learn_accepts_the_reducer(name: str) -> None:
    if name in NEEDS and not METHODS[NEEDS[name]].available:
        pytest.skip(f"the extra for {name} is not installed")
    reducer, excepted = REDUCERS[name]
    results = check_estimator(reducer, expected_failed_checks=excepted, on_skip=None, on_fail=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    assert not failed
    assert len(results) > 40
    # An exception that is not needed any more must go.
    assert {result["check_name"] for result in results if result["status"] == "xfail"} == set(excepted)
