"""Finding, on disk, the runs that TensorBoard lists. Every way of starting TensorBoard tells it differently."""

from __future__ import annotations

import os

from tensorboard import context as request_context
from tensorboard.plugins import base_plugin

from kd_projector.errors import StoreError
from kd_projector.store import RunReader


class RunFinder:
    """The folders of TensorBoard's runs, and readers for those that hold our data."""

    def __init__(self, context: base_plugin.TBContext) -> None:
        self._logdir: str = context.logdir or ""
        self._multiplexer = context.multiplexer
        self._data_provider = context.data_provider

    def folders(self) -> dict[str, str]:
        """Folder by run name, sorted by name.

        The Python loader (`--load_fast=false`, `--logdir_spec`) knows its folders; the Rust loader only names its runs,
        which lie below the log directory as typed.
        """
        if self._multiplexer is not None:
            return dict(sorted(self._multiplexer.RunPaths().items()))
        if self._data_provider is None or not self._logdir:
            return {}
        runs = self._data_provider.list_runs(request_context.RequestContext(), experiment_id="")
        root = os.path.expanduser(self._logdir)
        return {name: _joined(root, name) for name in sorted(run.run_name for run in runs)}

    def with_data(self) -> dict[str, str]:
        """Those of `folders` that hold kd_projector data, readable or not."""
        return {name: folder for name, folder in self.folders().items() if RunReader.is_run(folder)}

    def reader(self, name: str) -> RunReader:
        """The reader of the run that TensorBoard calls `name`. Raises StoreError if there is none."""
        folder = self.folders().get(name)
        if folder is None:
            raise StoreError(f"TensorBoard lists no run {name!r}.")
        return RunReader(folder)


def _joined(root: str, name: str) -> str:
    """The folder of run `name` below `root`, which may be an address ("gs://bucket/logs"): its two slashes stay two."""
    if "://" not in root:
        return os.path.normpath(os.path.join(root, name))
    return root.rstrip("/") if name == "." else f"{root.rstrip('/')}/{name}"
