"""The catalogue describes exactly the default measures, and costs TensorBoard no torch."""

from __future__ import annotations

import subprocess
import sys

from kd_projector.measures.catalogue import CATALOGUE


def test_it_has_exactly_the_default_measures_by_scope() -> None:
    scopes = {name: measure.scope for name, measure in CATALOGUE.items()}
    assert scopes == {
        "knn_accuracy": "layer",
        "silhouette": "layer",
        "scatter_ratio": "layer",
        "linear_cka": "pair",
        "neighbour_overlap": "pair",
        "accuracy": "output",
        "top1_agreement": "output",
        "kl_divergence": "output",
    }


def test_each_measure_says_in_one_sentence_which_direction_is_what() -> None:
    for name, measure in CATALOGUE.items():
        assert measure.name == name
        low, high = measure.range
        assert low is not None
        assert high is None or low < high
        assert measure.text.endswith(".")
        assert measure.text.count(". ") == 0
        assert ("; lower" in measure.text) == (measure.higher_is_better is False)
        assert ("; higher" in measure.text) == (measure.higher_is_better is not False)


def test_reading_it_imports_no_torch() -> None:
    program = (
        "import sys; from kd_projector.measures.catalogue import CATALOGUE; assert CATALOGUE; "
        "print([name for name in ('torch', 'sklearn', 'scipy', 'tensorflow') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
