"""The controls, for every reducer in its default mode: noise stays noise, no map flatters, nothing moves by itself.

And what is known to lie fails the same control.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from kd_projector.projection import METHODS, Frame, project_frame
from kd_projector.projection.affinities import row_weights, tsne_affinities
from kd_projector.projection.preprocessing import reduced
from tests.projection.handwriting import CHANCE, digits, hidden_layer, label_accuracies, structureless, teacher

LABELS = digits()[1]
TOLERANCE = 0.03
STRUCTURELESS = ("noise D=5", "noise D=48", "noise D=1000", "permuted pixels", "permuted teacher")


# Where the reference map comes from: one with structure that could leak, which neither PCA nor a short fit makes.
REFERENCE_BY = {"tsne": "tsne", "ivis": "ivis", "umap": "umap", "pca": "tsne", "ivis-official": "tsne"}
# Few epochs: the package takes a minute for what is enough to see that nothing leaks.
FEW = {"ivis-official": {"epochs": 3}}
READ_OUT = [
    "tsne",
    "ivis",
    pytest.param("umap", marks=pytest.mark.skipif(not METHODS["umap"].available, reason="needs the extra [umap]")),
]
OURS = [*READ_OUT, "pca"]
PACKAGE = pytest.param("ivis-official", marks=pytest.mark.ivis_package)


@lru_cache
def reference(method: str, components: int = 2) -> np.ndarray:
    return project_frame(teacher(), method=REFERENCE_BY[method], components=components).coordinates


def frame_of(embedding: np.ndarray, method: str, mode: str | None = None, components: int = 2) -> Frame:
    target = reference(method, components)
    return project_frame(embedding, target, method, mode, components=components, **FEW.get(method, {}))


def map_accuracy(coordinates: np.ndarray) -> float:
    return float(label_accuracies(coordinates, LABELS).mean())


@pytest.mark.parametrize("method", READ_OUT)
def test_the_reference_map_has_the_structure_that_could_leak(method: str) -> None:
    assert map_accuracy(reference(method)) > 0.9


@pytest.mark.parametrize("kind", STRUCTURELESS)
@pytest.mark.parametrize("method", OURS)
def test_what_is_not_in_the_embedding_does_not_get_into_its_map(method: str, kind: str) -> None:
    require_noise(method, kind)


@pytest.mark.ivis_package
@pytest.mark.parametrize("kind", STRUCTURELESS[1::3])
def test_what_is_not_in_the_embedding_does_not_get_into_the_packages_map(kind: str) -> None:
    require_noise("ivis-official", kind)


@pytest.mark.parametrize("kind", STRUCTURELESS)
def test_nor_into_its_map_of_three_dimensions(kind: str) -> None:
    assert map_accuracy(reference("tsne", 3)) > 0.9
    require_noise("tsne", kind, components=3)


@pytest.mark.parametrize("method", OURS[1:])
def test_nor_into_other_methods_maps_of_three_dimensions(method: str) -> None:
    require_noise(method, "noise D=48", components=3)


def require_noise(method: str, kind: str, components: int = 2) -> None:
    frame = frame_of(structureless(kind), method, components=components)
    assert frame.coordinates.shape[1] == components
    assert frame.mode == METHODS[method].default_mode
    assert map_accuracy(frame.coordinates) == pytest.approx(CHANCE, abs=TOLERANCE)


@pytest.mark.parametrize("kind", ["dead layer", "few places"])
@pytest.mark.parametrize("method", OURS)
def test_the_order_of_the_samples_does_not_get_into_the_map_where_many_are_equal(method: str, kind: str) -> None:
    require_no_order(method, METHODS[method].default_mode, kind)


@pytest.mark.parametrize("kind", ["dead layer", "few places"])
@pytest.mark.parametrize("method", READ_OUT)
def test_nor_into_an_independent_one(method: str, kind: str) -> None:
    require_no_order(method, "independent", kind)


def require_no_order(method: str, mode: str, kind: str) -> None:
    by_class = np.argsort(LABELS, kind="stable")
    frame = project_frame(structureless(kind), reference(method)[by_class], method, mode)
    # Looked at in another order, for the search that judges the map takes the first of equally near ones as well.
    mixed = np.random.default_rng(0).permutation(len(LABELS))
    accuracy = label_accuracies(frame.coordinates[mixed], LABELS[by_class][mixed]).mean()
    assert accuracy == pytest.approx(CHANCE, abs=TOLERANCE)


@pytest.mark.parametrize("kind", STRUCTURELESS[1::2])
@pytest.mark.parametrize("method", [READ_OUT[0], READ_OUT[2]])
def test_an_anchored_map_shows_structure_that_is_not_there(method: str, kind: str) -> None:
    # The same control on the mode that is known to leak: it is what the control is there to catch.
    frame = frame_of(structureless(kind), method, "anchored")
    assert map_accuracy(frame.coordinates) > 0.5


def embedding_accuracy(embedding: np.ndarray) -> float:
    """The best that a neighbour vote makes of an embedding: kNN for some k, or weighted by t-SNE's affinities."""
    weighted = row_weights(tsne_affinities(reduced(embedding), 30).P) @ np.eye(10)[LABELS]
    by_k = label_accuracies(embedding, LABELS, (1, 5, 10, 15, 30))
    return float(max(by_k.max(), np.mean(np.asarray(weighted).argmax(axis=1) == LABELS)))


STUDENTS = [(1, 1, 0), (2, 1, 0), (2, 1, 1), (2, 10, 1), (2, 200, 1)]  # layer, epochs, seed


@pytest.mark.parametrize("method", OURS)
def test_a_map_is_not_more_accurate_than_its_embedding(method: str) -> None:
    require_no_flattery(method, 2)


def test_nor_is_one_of_three_dimensions() -> None:
    require_no_flattery("tsne", 3)


def require_no_flattery(method: str, components: int) -> None:
    excess, excess_at_equal_k = [], []
    for layer, epochs, seed in STUDENTS:
        embedding = hidden_layer(layer, training_samples=100, epochs=epochs, seed=seed)
        of_map = map_accuracy(frame_of(embedding, method, components=components).coordinates)
        excess.append(of_map - embedding_accuracy(embedding))
        excess_at_equal_k.append(of_map - label_accuracies(embedding, LABELS).mean())
    assert max(excess) <= 0.01
    assert max(excess_at_equal_k) <= 0.01


@pytest.mark.parametrize("method", [*OURS, PACKAGE])
def test_a_repeated_embedding_has_the_identical_map(method: str) -> None:
    embedding = hidden_layer(2, training_samples=100, epochs=10, seed=1)
    first = frame_of(embedding, method)
    frame_of(structureless("noise D=5"), method)  # nothing is remembered in between
    again = frame_of(embedding.copy(), method)
    np.testing.assert_array_equal(first.coordinates, again.coordinates)
