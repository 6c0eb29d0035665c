"""Finding the runs below a log directory, on any file system."""

from __future__ import annotations

import os

import fsspec

from kd_projector.errors import StoreError
from kd_projector.store.layout import PLUGIN_NAME
from kd_projector.store.reader import RunReader

_MANIFEST = f"/plugins/{PLUGIN_NAME}/manifest.json"


def find_runs(logdir: str | os.PathLike[str]) -> list[str]:
    """The folders of the runs with kd_projector data in and below `logdir`, sorted.

    Raises StoreError if `logdir` does not exist or holds none.
    """
    logdir = os.fspath(logdir)
    fs, root = fsspec.core.url_to_fs(logdir)
    if not fs.exists(root):
        raise StoreError(f"There is no log directory {logdir!r}.")
    runs = [str(path).removesuffix(_MANIFEST) for path in fs.find(root) if str(path).endswith(_MANIFEST)]
    if not runs:
        raise StoreError(
            f"There is no run with kd_projector data in {logdir!r}: wrap a training with DistillationLogger."
        )
    return sorted(str(fs.unstrip_protocol(run)) if "://" in logdir else run for run in runs)


def open_runs(logdir: str | os.PathLike[str]) -> tuple[list[RunReader], list[str]]:
    """Readers of the runs below `logdir`, and a sentence for each that cannot be read, which costs only itself.

    Raises StoreError as find_runs does.
    """
    readers: list[RunReader] = []
    unreadable: list[str] = []
    for run in find_runs(logdir):
        try:
            readers.append(RunReader(run))
        except StoreError as error:
            unreadable.append(str(error))
    return readers, unreadable
