"""Comparable maps: reducers, the neighbour read-out, frames and their quality.

Arrays in, arrays out: no files, no globals, a seed for every random choice. The engines load on first use, so that
TensorBoard's process can list methods and compute keys without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kd_projector.projection.authoring import readout_start
    from kd_projector.projection.frame import project_frame
    from kd_projector.projection.ivis import Ivis
    from kd_projector.projection.methods import METHODS, Method
    from kd_projector.projection.motion import Motion, motion_between
    from kd_projector.projection.official_ivis import OfficialIvis
    from kd_projector.projection.pca import PCA
    from kd_projector.projection.tsne import TSNE
    from kd_projector.projection.umap import UMAP
    from kd_projector.store.frames import Frame

__all__ = [
    "METHODS",
    "PCA",
    "TSNE",
    "UMAP",
    "Frame",
    "Ivis",
    "Method",
    "Motion",
    "OfficialIvis",
    "motion_between",
    "project_frame",
    "readout_start",
]

_HOMES = {
    "Frame": "kd_projector.store.frames",
    "Ivis": "kd_projector.projection.ivis",
    "METHODS": "kd_projector.projection.methods",
    "Method": "kd_projector.projection.methods",
    "Motion": "kd_projector.projection.motion",
    "OfficialIvis": "kd_projector.projection.official_ivis",
    "PCA": "kd_projector.projection.pca",
    "TSNE": "kd_projector.projection.tsne",
    "UMAP": "kd_projector.projection.umap",
    "motion_between": "kd_projector.projection.motion",
    "project_frame": "kd_projector.projection.frame",
    "readout_start": "kd_projector.projection.authoring",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kd_projector.projection' has no attribute {name!r}")
