"""UMAP against umap-learn's own estimator, and what it must keep out of the process."""

from __future__ import annotations

import subprocess
import sys
import warnings
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from kd_projector.errors import UsageError
from kd_projector.projection import UMAP, methods, project_frame
from kd_projector.projection.preprocessing import reduced
from tests.projection.handwriting import digits, hidden_layer, teacher

if not methods.METHODS["umap"].available:
    pytest.skip("the extra [umap] is not installed", allow_module_level=True)

from kd_projector.projection import umap_engine
from kd_projector.projection.umap_engine import cross_entropy, umap_graph

PIXELS = reduced(digits()[0][:400])


@lru_cache
def their_umap() -> Any:
    """umap-learn's estimator, deterministic, without its warning that one thread is slower."""
    umap_engine._umap("umap_")
    from umap import UMAP as TheirUMAP  # noqa: N811

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return TheirUMAP(random_state=0, n_jobs=1).fit(PIXELS)


def test_the_graph_is_umap_learns() -> None:
    ours = umap_graph(PIXELS, 15).toarray()
    theirs = their_umap().graph_.toarray()
    np.testing.assert_allclose(ours, ours.T)
    # Its descent over 500 epochs has taken the weakest edges out of its graph.
    np.testing.assert_allclose(ours, theirs, atol=1 / 500)


def test_maps_are_as_good_as_umap_learns() -> None:
    ours, theirs = UMAP().fit_transform(PIXELS), their_umap().embedding_
    kept = [trustworthiness(PIXELS, places, n_neighbors=15) for places in (ours, theirs)]
    assert kept[0] > kept[1] - 0.005


def test_the_cross_entropy_is_its_definition() -> None:
    X = PIXELS[:40]
    fitted = UMAP(n_epochs=50).fit(X)
    a, b = umap_engine._curve(0.1)
    places, p = fitted.embedding_, fitted.graph_.toarray()
    squared = np.sum((places[:, None] - places) ** 2, axis=2)
    q = np.clip(1 / (1 + a * squared**b), 1e-12, 1 - 1e-4)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * np.log(p / q), 0) + np.where(p < 1, (1 - p) * np.log((1 - p) / (1 - q)), 0)
    np.fill_diagonal(terms, 0)
    assert fitted.cross_entropy_ == pytest.approx(terms.sum() / 40, rel=1e-4)
    assert fitted.cross_entropy_ > 0


def test_the_cross_entropy_of_many_samples_is_near_the_one_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = UMAP(n_epochs=50).fit(PIXELS)
    shuffled = np.random.default_rng(0).permutation(fitted.embedding_)
    monkeypatch.setattr(umap_engine, "_LOSS_ROWS", 100)
    assert cross_entropy(fitted.graph_, fitted.embedding_, 0.1) == pytest.approx(fitted.cross_entropy_, rel=0.1)
    assert fitted.cross_entropy_ < 0.6 * cross_entropy(fitted.graph_, shuffled, 0.1)


def test_frames_from_the_readout_keep_the_neighbours_of_independent_ones_and_lie_nearer_to_the_reference() -> None:
    reference = project_frame(teacher()[:800], method="umap").coordinates
    student = hidden_layer(2, training_samples=100, epochs=200, seed=1)[:800]
    readout, independent = (project_frame(student, reference, "umap", mode) for mode in ("readout", "independent"))
    assert readout.quality["neighbours_kept"] > 0.97 * independent.quality["neighbours_kept"]
    away = [np.mean(np.linalg.norm(f.coordinates - reference, axis=1)) for f in (readout, independent)]
    assert away[0] < 0.7 * away[1]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "find_spec", lambda name: None)
    for ask in (lambda: UMAP().fit(PIXELS), lambda: project_frame(PIXELS, method="umap")):
        with pytest.raises(
            UsageError, match=r"'umap' needs umap, not installed here: pip install 'kd_projector\[umap\]'"
        ):
            ask()


@pytest.mark.parametrize(
    ("parameters", "sentence"), [({"n_neighbors": 1}, "n_neighbors is 1"), ({"min_dist": -0.5}, "min_dist is -0.5")]
)
def test_frame_parameters_that_make_no_sense_are_refused(parameters: dict, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        project_frame(PIXELS, method="umap", **parameters)


def test_a_minimal_distance_may_be_any_number() -> None:
    X = PIXELS[:60]
    ours, numpys = (UMAP(min_dist=number, n_epochs=20).fit_transform(X) for number in (0.25, np.float32(0.25)))
    np.testing.assert_array_equal(ours, numpys)


MAKE = (
    "import sys, warnings; warnings.simplefilter('error'); import numpy as np\n"
    "from kd_projector.projection import project_frame\n"
    "frame = project_frame(np.random.default_rng(0).normal(size=(40, 5)), method='umap')\n"
)


def output_of(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_map_loads_neither_tensorflow_nor_torch_and_warns_of_nothing() -> None:
    unwanted = "{'tensorflow', 'keras', 'tf_keras', 'torch'} & set(sys.modules)"
    assert output_of(f"{MAKE}print(len(frame.coordinates), {unwanted})") == "40 set()\n"


@pytest.mark.ivis_package
def test_a_map_is_made_beside_a_tensorflow_that_is_there_already() -> None:
    # umap-learn's own import would load Keras and torch beside it, and with some versions abort.
    told = output_of(f"import tensorflow\n{MAKE}print(len(frame.coordinates), sys.modules['tensorflow'] is tensorflow)")
    assert told.endswith("40 True\n")
