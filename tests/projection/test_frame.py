"""project_frame as a function: what it returns, that it is pure, and what it says to arguments that make no sense."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kd_projector.errors import KDProjectorError, UsageError
from kd_projector.projection import project_frame
from kd_projector.projection.methods import METHODS
from kd_projector.projection.preprocessing import radius
from kd_projector.projection.threads import one_thread
from kd_projector.store.tensors import digest
from tests.projection.handwriting import digits, teacher

PIXELS = digits()[0][:200]
REFERENCE = project_frame(PIXELS).coordinates
FAST: dict[str, dict[str, Any]] = {
    "tsne": {},
    "ivis": {"epochs": 3},
    "pca": {},
}  # test_official_ivis.py runs the package
if METHODS["umap"].available:
    FAST["umap"] = {}
OURS = sorted(FAST)


@pytest.mark.parametrize("method", OURS)
def test_a_map_without_reference_is_centred_with_radius_1_and_its_widest_direction_along_x(method: str) -> None:
    frame = project_frame(PIXELS, method=method, **FAST[method])
    assert frame.coordinates.shape == (200, 2)
    assert frame.coordinates.dtype == np.float32
    assert frame.mode == ("rigid" if method == "pca" else "independent")
    assert frame.reference is None
    np.testing.assert_allclose(frame.coordinates.mean(axis=0), 0, atol=1e-6)
    assert radius(frame.coordinates) == pytest.approx(1, abs=1e-6)
    covariance = np.cov(frame.coordinates.T)
    assert covariance[0, 0] > covariance[1, 1]
    assert covariance[0, 1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("method", "mode"), [(method, mode) for method in OURS for mode in METHODS[method].modes])
def test_a_map_with_a_reference_lies_in_its_frame(method: str, mode: str) -> None:
    shifted = 3 * REFERENCE + np.array([10, -4])
    frame = project_frame(PIXELS, shifted, method, mode, **FAST[method])
    assert (frame.method, frame.mode) == (method, mode)
    assert frame.reference == digest(np.asarray(shifted, np.float32))
    np.testing.assert_allclose(frame.coordinates.mean(axis=0), shifted.mean(axis=0), atol=1e-4)
    assert radius(frame.coordinates) == pytest.approx(3, abs=1e-4)


@pytest.mark.parametrize("method", OURS)
def test_a_frame_carries_its_quality_and_every_sample_its_own(method: str) -> None:
    frame = project_frame(PIXELS, REFERENCE, method, **FAST[method])
    assert frame.kept.shape == (200,)
    assert frame.quality["neighbours_kept"] == pytest.approx(frame.kept.mean(), abs=1e-6)
    assert 0.6 < frame.quality["trustworthiness"] <= 1
    assert frame.quality["loss"] > 0
    assert frame.params == {**METHODS[method].defaults, **FAST[method], "seed": 0, "neighbours": "exact"}


@pytest.mark.parametrize("method", OURS)
def test_a_repeated_embedding_does_not_move_at_all(method: str) -> None:
    first = project_frame(PIXELS, REFERENCE, method, **FAST[method])
    project_frame(PIXELS[::-1], REFERENCE, method, **FAST[method])  # nothing is remembered in between
    again = project_frame(PIXELS.copy(), REFERENCE.copy(), method, **FAST[method])
    np.testing.assert_array_equal(first.coordinates, again.coordinates)
    np.testing.assert_array_equal(first.kept, again.kept)
    assert first.quality == again.quality


def test_another_process_with_another_number_of_threads_makes_the_same_maps() -> None:
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from tests.projection.test_frame import digests_of_all_methods; print(*digests_of_all_methods())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", code, *sys.path],
        env={"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.split() == digests_of_all_methods()


def digests_of_all_methods() -> list[str]:
    return [digest(project_frame(PIXELS, REFERENCE, method, **FAST[method]).coordinates) for method in OURS]


@pytest.mark.parametrize("method", OURS)
def test_global_random_states_and_thread_counts_are_as_before(method: str) -> None:
    np.random.seed(5)  # noqa: NPY002  # the global state is what is being watched
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    project_frame(PIXELS, method=method, **FAST[method])
    project_frame(PIXELS, REFERENCE, method, **FAST[method])
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), before[1])
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("method", ["tsne", "ivis"])
def test_the_seed_is_all_that_chance_depends_on(method: str) -> None:
    one, two = (project_frame(PIXELS, REFERENCE, method, seed=s, **FAST[method]).coordinates for s in (0, 1))
    assert not np.array_equal(one, two)


def test_the_scale_and_place_of_an_embedding_do_not_matter() -> None:
    moved = project_frame(PIXELS * 2.0**40, REFERENCE)
    np.testing.assert_array_equal(moved.coordinates, project_frame(PIXELS, REFERENCE).coordinates)


def test_a_rotated_embedding_gives_the_same_pca_map() -> None:
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0]
    for reference in (None, REFERENCE):
        plain = project_frame(PIXELS, reference, "pca").coordinates
        np.testing.assert_allclose(project_frame(PIXELS @ rotation, reference, "pca").coordinates, plain, atol=1e-5)


# Not the independent t-SNE map: of separate clusters it falls one way or the other by the last digit of its start.
@pytest.mark.parametrize(("method", "mode"), [("tsne", "readout"), ("ivis", "readout"), ("ivis", "independent")])
def test_the_basis_of_an_embedding_does_not_matter(method: str, mode: str) -> None:
    layer = teacher()[:200]
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(32, 32)))[0]
    plain, turned = (project_frame(X, REFERENCE, method, mode, **FAST[method]) for X in (layer, layer @ rotation))
    np.testing.assert_allclose(turned.coordinates, plain.coordinates, atol=1e-3)


def test_samples_in_another_order_give_the_same_pca_map_in_that_order() -> None:
    order = np.random.default_rng(0).permutation(len(PIXELS))
    plain = project_frame(PIXELS, method="pca").coordinates
    np.testing.assert_allclose(project_frame(PIXELS[order], method="pca").coordinates, plain[order], atol=1e-5)


@pytest.mark.parametrize("method", ["tsne", "ivis"])
def test_samples_in_another_order_land_near_the_same_places(method: str) -> None:
    # The optimisation adds up rounding in another order, so not to the last digit.
    order = np.random.default_rng(0).permutation(len(PIXELS))
    plain = project_frame(PIXELS, REFERENCE, method).coordinates
    shuffled = project_frame(PIXELS[order], REFERENCE[order], method).coordinates
    assert radius(shuffled - plain[order]) < 0.35


def test_maps_can_have_three_dimensions() -> None:
    for method in OURS:
        cube = project_frame(PIXELS, method=method, components=3, **FAST[method])
        assert cube.coordinates.shape == (200, 3)
        assert project_frame(PIXELS, cube.coordinates, method, components=3, **FAST[method]).kept.shape == (200,)


def awkward(samples: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(samples)
    return {
        "wide": rng.normal(size=(samples, 200)),
        "one dimension": rng.normal(size=(samples, 1)),
        "all equal": np.full((samples, 3), 7.1),
        "all zero": np.zeros((samples, 3)),
        "equal and huge": np.full((samples, 2), 1e300),
        "huge": rng.normal(size=(samples, 4)) * 1e300,
        "tiny": rng.normal(size=(samples, 4)) * 1e-300,
        "constant columns": np.hstack([rng.normal(size=(samples, 2)), np.ones((samples, 3))]),
        "each twice": np.repeat(rng.normal(size=((samples + 1) // 2, 4)), 2, axis=0)[:samples],
        "all but one equal": np.vstack([np.zeros((samples - 1, 4)), np.ones((1, 4))]),
        "equidistant": np.eye(samples),
        "an outlier": np.vstack([rng.normal(size=(samples - 1, 4)), np.full((1, 4), 1e9)]),
    }


@pytest.mark.parametrize("method", OURS)
@pytest.mark.parametrize("samples", [1, 2, 3, 4, 5, 6, 40])
def test_awkward_embeddings_have_finite_maps(method: str, samples: int) -> None:
    for name, embedding in awkward(samples).items():
        first = project_frame(embedding, method=method, **FAST[method])
        for mode in METHODS[method].modes:
            frame = project_frame(embedding, first.coordinates, method, mode, **FAST[method])
            for values in (frame.coordinates, frame.kept, list(frame.quality.values())):
                assert np.isfinite(values).all(), (name, mode)
            assert frame.coordinates.shape == (samples, 2), name


@pytest.mark.parametrize("method", OURS)
def test_samples_that_are_all_equal_are_all_at_one_place(method: str) -> None:
    collapsed = np.full((200, 8), 0.3)
    np.testing.assert_array_equal(project_frame(collapsed, method=method).coordinates, 0)
    moved = REFERENCE + np.array([2, 5])
    placed = project_frame(collapsed, moved, method).coordinates
    np.testing.assert_allclose(placed, np.broadcast_to(moved.mean(axis=0), placed.shape), atol=1e-5)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 2**16))
@settings(max_examples=15, deadline=None)
def test_any_small_embedding_of_few_distinct_values_has_a_finite_map(samples: int, dims: int, seed: int) -> None:
    embedding = np.random.default_rng(seed).integers(0, 3, size=(samples, dims)).astype(float)
    first = project_frame(embedding)
    assert np.isfinite(project_frame(embedding, first.coordinates).coordinates).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"method": "som"}, "No projection method 'som'; there are tsne, ivis, pca"),
        ({"mode": "rigid"}, "'tsne' has no mode 'rigid'; it has readout, independent, anchored"),
        ({"method": "pca", "mode": "readout"}, "'pca' has no mode 'readout'; it has rigid"),
        ({"perplexety": 3}, "'tsne' has no parameter 'perplexety'; it has: perplexity"),
        ({"method": "pca", "perplexity": 3}, "'pca' has no parameter 'perplexity'; it has: none"),
        ({"perplexity": 0}, "perplexity is 0"),
        ({"components": 4}, "dimensions is 4; a map has 2 or 3"),
        ({"method": "ivis", "model": "tiny"}, "model is 'tiny'; it must be one of szubert, hinton, maaten"),
        ({"method": "ivis", "distance": "hinge"}, "distance is 'hinge'; it must be one of pn, euclidean"),
        ({"method": "ivis", "k": 0}, "k is 0"),
        ({"method": "ivis", "margin": -1}, "margin is -1"),
        ({"reference": REFERENCE[:10]}, r"reference map has shape \(10, 2\), the frame needs \(200, 2\)"),
        ({"reference": np.full((200, 2), np.nan)}, "reference map has 400 values of 400 that are NaN or infinite"),
        ({"embedding": np.array([[1.0, np.nan], [np.inf, 2.0]])}, "embedding has 2 values of 4 that are NaN"),
        ({"embedding": np.zeros((3, 2, 2))}, r"shape \(3, 2, 2\)"),
        ({"embedding": np.zeros((0, 3))}, "at least one sample"),
        ({"embedding": [["a", "b"]]}, "not an array of numbers"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(arguments: dict, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        project_frame(**{"embedding": PIXELS, **arguments})


def test_an_engine_that_makes_no_map_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from kd_projector.projection import pca

    for made in ((np.full((200, 2), np.nan), 0.0), (np.zeros((200, 3)), 0.0), (np.zeros((200, 2)), np.inf)):
        monkeypatch.setattr(pca, "pca_map", lambda *arguments, made=made: made)
        with pytest.raises(KDProjectorError, match="'pca' made no map"):
            project_frame(PIXELS, REFERENCE, "pca")


def test_blocks_of_one_thread_in_several_threads_leave_the_counts_as_they_were() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    inside = threading.Event()
    counts: list[int] = []

    def other_block() -> None:
        inside.set()
        with one_thread():
            counts.append(torch.get_num_threads())

    try:
        with ThreadPoolExecutor(1) as elsewhere:
            with one_thread():
                other = elsewhere.submit(other_block)
                inside.wait()
                with one_thread():  # of the same thread: no waiting
                    counts.append(torch.get_num_threads())
            assert torch.get_num_threads() == 2
            other.result()
        assert counts == [1, 1]
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def modules_loaded_by(code: str) -> set[str]:
    watch = "print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = sys.argv[1:]\n{code}\n{watch}", *sys.path],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_an_engine_loads_only_when_its_frame_is_asked_for() -> None:
    engines = {"torch", "openTSNE", "tensorflow", "ivis"}
    make = "import numpy as np; from kd_projector.projection import project_frame; X = np.eye(9)\n"
    assert not modules_loaded_by("import kd_projector.projection.frame") & (engines | {"sklearn"})
    assert not modules_loaded_by(make + "project_frame(X, method='pca')") & engines
    assert modules_loaded_by(make + "project_frame(X)") & engines == {"openTSNE"}
