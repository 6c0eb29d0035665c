"""Frames on disk: one finished map a file, named by the hash of everything it depends on, so it never changes."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kd_projector.errors import StoreError
from kd_projector.store import tensors
from kd_projector.store.layout import RunFolder

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Frame:
    """One map of one embedding.

    coordinates: (N, C) float32, C = 2 or 3.
    kept: (N,) float32, the share of each point's nearest neighbours in the embedding that are near it on the map too.
    quality: the frame's own figures: `neighbours_kept`, `trustworthiness` (both 0..1, more is better), `loss`, and the
    mean of `changed` where there is one.
    changed: (N,) float32, the share of each point's nearest neighbours in the embedding that were not so at the logged
    step before; None where there is none.
    neighbours: (N, k) integers, each point's nearest neighbours in the embedding, nearest first; k is 15, or N - 1.
    tied: (N,) bool, whose k-th and next neighbour are equally far: which of them are the k nearest is not determined.
    Both are None where whoever made the frame did not say.
    method, mode, params: how it was made; reference: what names its reference map (None: it has none).
    """

    coordinates: np.ndarray
    kept: np.ndarray
    method: str
    mode: str
    quality: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    reference: str | None = None
    changed: np.ndarray | None = None
    neighbours: np.ndarray | None = None
    tied: np.ndarray | None = None


class FrameStore:
    """The frames of one run: beside the run, or in the user's cache folder where the run cannot be written to."""

    def __init__(self, run_dir: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None) -> None:
        # Where frames may lie, in the order of preference.
        self.homes = (RunFolder(run_dir), RunFolder(cache_dir or _user_cache_dir()))

    def get(self, key: str) -> Frame | None:
        """The frame called `key`, or None if it is not there (or was damaged and has to be made again)."""
        for folder in self.homes:
            path = _path(folder, key)
            try:
                arrays, info = tensors.decode(folder.read(path), path)
                return _frame(arrays, info["frame"])
            except (OSError, KeyError, TypeError, StoreError):
                continue
        return None

    def has(self, key: str) -> bool:
        """Whether `get` would find it: a damaged file that counted as there would never be made again."""
        return self.get(key) is not None

    def put(self, key: str, frame: Frame) -> None:
        """Store a frame. Several processes may store the same one at a time: each writes the same, whole.

        Raises StoreError if the run's folder is gone: one that was deleted meanwhile does not come back.
        """
        data = tensors.encode(
            _arrays(frame),
            {
                "frame": {
                    "method": frame.method,
                    "mode": frame.mode,
                    "quality": dict(frame.quality),
                    "params": dict(frame.params),
                    "reference": frame.reference,
                }
            },
        )
        beside_run, user_cache = self.homes
        if beside_run.is_local and not Path(beside_run.run_path).is_dir():  # an object store has no folders
            raise StoreError(f"The run {beside_run.run_dir} is not there any more: its map {key} is not kept.")
        try:
            beside_run.write(_path(beside_run, key), data)
        except OSError:  # a read-only log directory, or a full one
            user_cache.write(_path(user_cache, key), data)


def _arrays(frame: Frame) -> dict[str, np.ndarray]:
    """What is stored of a frame's arrays, each as small as it can be without a loss."""
    arrays = {"coordinates": np.asarray(frame.coordinates, np.float32), "kept": np.asarray(frame.kept, np.float32)}
    if frame.changed is not None:
        arrays["changed"] = np.asarray(frame.changed, np.float32)
    if frame.neighbours is not None:
        arrays["neighbours"] = np.asarray(frame.neighbours, np.uint16 if len(frame.kept) <= 1 << 16 else np.int32)
    if frame.tied is not None:
        arrays["tied"] = np.asarray(frame.tied, np.uint8)
    return arrays


def _frame(arrays: Mapping[str, np.ndarray], info: Mapping[str, Any]) -> Frame:
    """Raises KeyError or TypeError for what is not a frame."""
    neighbours, tied = arrays.get("neighbours"), arrays.get("tied")
    return Frame(
        arrays["coordinates"],
        arrays["kept"],
        changed=arrays.get("changed"),
        neighbours=None if neighbours is None else neighbours.astype(np.int32),
        tied=None if tied is None else tied.astype(bool),
        **info,
    )


def _path(folder: RunFolder, key: str) -> str:
    if not _KEY.fullmatch(key):
        raise StoreError(f"{key!r} is not a frame's key: 32 hexadecimal digits are.")
    return f"{folder.projections()}/{key}.safetensors"


def _user_cache_dir() -> Path:
    """The user's own cache folder, by the platform's custom."""
    if given := os.environ.get("KD_PROJECTOR_CACHE"):
        return Path(given)
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "kd_projector"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "kd_projector"
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "kd_projector"
    try:
        return Path.home() / ".cache" / "kd_projector"
    except RuntimeError:  # no home: a container's bare user
        return Path(tempfile.gettempdir()) / "kd_projector"
