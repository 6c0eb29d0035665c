"""The projection methods by name, for whoever must list or choose them without loading an engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Literal, get_args

from kd_projector.errors import UsageError

Mode = Literal["readout", "independent", "anchored", "rigid"]
MODES: tuple[Mode, ...] = get_args(Mode)
DIMENSIONS = (2, 3)

# One sentence each on what its maps can and cannot show; the panel cuts what has no room, so what matters comes first.
MODE_NOTES: Mapping[Mode, str] = {
    "readout": (
        "Places compare from map to map, and what is not in the embedding cannot get into its map; "
        "how far a sample moves says little of how much it truly changed."
    ),
    "independent": (
        "Shows each embedding's own groups; places do not compare from map to map, "
        "since each is made on its own, then only rotated and scaled onto the reference map."
    ),
    "anchored": "Started from the reference map, so places compare, but it can show structure that is not there.",
    "rigid": (
        "What it shows is there: a linear map of the embedding, only rotated and scaled onto the reference map; "
        "what lies in all other directions it cannot show."
    ),
}


@dataclass(frozen=True)
class Method:
    """A projection method: its `name` in the API, its `label` on screen, and the mode it uses unless told otherwise.

    Those of other packages too: docs/methods.md shows how to offer one.

    engine: "module:function" that makes its maps, see `kd_projector.projection.engine`. It loads in a worker process,
    never where methods are only listed. note: one sentence on what its maps are good for. loss: what the loss of its
    frames is, in words. requires: packages that must be importable. install: what to install for them.
    dimensions: of how many its maps can be: 2, or 2 and 3.
    defaults: the parameters of a frame, as JSON knows them. version: part of its frames' identity; of another package's
    method, the name and version of that package, put there when it is found.
    fault: why it cannot be used, a sentence, where it was found but is broken.
    """

    name: str
    label: str
    engine: str
    default_mode: Mode
    modes: tuple[Mode, ...]
    note: str
    loss: str = "Loss"
    requires: tuple[str, ...] = ()
    install: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    dimensions: tuple[int, ...] = DIMENSIONS
    version: str = ""
    fault: str | None = None

    @property
    def available(self) -> bool:
        return self.unavailable_because is None

    @property
    def unavailable_because(self) -> str | None:
        """A sentence, or None where the method can be used."""
        if self.fault is not None:
            return self.fault
        missing = [package for package in self.requires if find_spec(package) is None]
        if not missing:
            return None
        hint = f": pip install '{self.install}'." if self.install else "."
        return f"Method {self.name!r} needs {', '.join(missing)}, not installed here{hint}"


BUILT_IN: Mapping[str, Method] = {
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
            "The directions of largest variance: linear, exact, hides what lies in the others.",
            loss="Variance not shown",
        ),
        Method(
            "umap",
            "UMAP",
            "kd_projector.projection.umap_frame:umap_map",
            "readout",
            ("readout", "independent", "anchored"),
            "Keeps near samples near, in tighter groups than t-SNE; distances between groups mean little.",
            loss="Cross entropy",
            requires=("umap",),
            install="kd_projector[umap]",
            defaults={"n_neighbors": 15, "min_dist": 0.1},
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
            install="kd_projector[ivis]",
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


class _Methods(Mapping[str, Method]):
    """All methods by name: the built-in ones, then those of installed packages, looked for once, when first asked."""

    def __getitem__(self, name: str) -> Method:
        # A built-in method is found without a look at what else is installed.
        return BUILT_IN[name] if name in BUILT_IN else _all_methods()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_all_methods())

    def __len__(self) -> int:
        return len(_all_methods())


@lru_cache(maxsize=1)
def _all_methods() -> Mapping[str, Method]:
    from kd_projector.projection.method_discovery import discovered_methods

    return {**BUILT_IN, **discovered_methods(BUILT_IN)}


METHODS: Mapping[str, Method] = _Methods()


def require_dimensions(method: Method, dimensions: object) -> int:
    """`dimensions`, if the method can make such maps. Raises UsageError."""
    if isinstance(dimensions, bool) or not isinstance(dimensions, int) or dimensions not in DIMENSIONS:
        raise UsageError(f"dimensions is {dimensions!r}; a map has 2 or 3.")
    if dimensions not in method.dimensions:
        has = " and ".join(map(str, method.dimensions))
        raise UsageError(f"Method {method.name!r} makes no maps of {dimensions} dimensions; it makes maps of {has}.")
    return dimensions


def method_named(name: str) -> Method:
    """Raises UsageError if there is no such method, or if it cannot be used here, with the reason."""
    if name not in METHODS:
        raise UsageError(f"No projection method {name!r}; there are {', '.join(METHODS)}.")
    method = METHODS[name]
    reason = method.unavailable_because
    if reason is not None:
        raise UsageError(reason)
    return method
