"""The projection methods by name, for whoever must list or choose them without loading an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Literal, get_args

from kd_projector.errors import UsageError

Mode = Literal["readout", "independent", "anchored", "rigid"]
MODES: tuple[Mode, ...] = get_args(Mode)

MODE_NOTES: Mapping[Mode, str] = {
    "readout": (
        "Each sample starts where its own neighbours lie on the reference map, then the method takes over: "
        "what is not in the embedding cannot get into the map."
    ),
    "independent": "Made on its own, then only rotated and scaled onto the reference map.",
    "anchored": "Started from the reference map: it can show structure that is not there.",
    "rigid": "A linear map of the embedding, only rotated and scaled onto the reference map.",
}


@dataclass(frozen=True)
class Method:
    """A projection method: its `name` in the API, its `label` on screen, and the mode it uses unless told otherwise.

    engine: "module:function" that makes its maps, see `kd_projector.projection.engine`. It loads in a worker process,
    never where methods are only listed. loss: what the loss of its frames is, in words.
    """

    name: str
    label: str
    engine: str
    default_mode: Mode
    modes: tuple[Mode, ...]
    note: str
    loss: str = "Loss"
    requires: tuple[str, ...] = ()  # packages of an extra that must be installed
    defaults: Mapping[str, Any] = field(default_factory=dict)  # parameters of a frame; part of its identity

    @property
    def available(self) -> bool:
        return all(find_spec(package) is not None for package in self.requires)


METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method(
            "tsne",
            "t-SNE",
            "kd_projector.projection.tsne_frame:tsne_map",
            "readout",
            ("readout", "independent", "anchored"),
            "Keeps near samples near; distances between groups mean little.",
            loss="KL divergence",
            defaults={"perplexity": 30},
        ),
        Method(
            "ivis",
            "IVIS",
            "kd_projector.projection.ivis_frame:ivis_map",
            "readout",
            ("readout", "independent"),
            "A small siamese network: keeps the coarse layout, and fewer of the nearest neighbours than t-SNE.",
            loss="Triplet loss",
            defaults={"k": 15, "distance": "pn", "margin": 1.0, "model": "szubert", "batch_size": 256, "epochs": None},
        ),
        Method(
            "pca",
            "PCA",
            "kd_projector.projection.pca:pca_map",
            "rigid",
            ("rigid",),
            "The two directions of largest variance: linear, exact, hides what lies in the others.",
            loss="Variance not shown",
        ),
        Method(
            "ivis-official",
            "IVIS (package)",
            "kd_projector.projection.official_ivis:official_ivis_map",
            "independent",
            ("independent",),
            "The ivis package by its authors, on tensorflow; slower, and without a read-out.",
            loss="Triplet loss",
            requires=("ivis", "tensorflow", "tf_keras"),
            defaults={
                "k": 15,
                "distance": "pn",
                "model": "szubert",
                "batch_size": 128,
                "epochs": 1000,
                "n_epochs_without_progress": 20,
                "n_trees": 50,
                "knn_distance_metric": "euclidean",
            },
        ),
    )
}


def method_named(name: str) -> Method:
    """Raises UsageError if there is no such method or the extra that it needs is not installed."""
    if name not in METHODS:
        raise UsageError(f"No projection method {name!r}; there are {', '.join(METHODS)}.")
    method = METHODS[name]
    if not method.available:
        missing = [package for package in method.requires if find_spec(package) is None]
        raise UsageError(
            f"Method {name!r} needs {', '.join(missing)}, not installed here: pip install 'kd_projector[ivis]'."
        )
    return method
