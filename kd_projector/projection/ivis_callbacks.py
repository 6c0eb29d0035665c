"""What an Ivis may do after each epoch, under the names of the ivis package: save its model, save a map."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kd_projector.errors import UsageError

if TYPE_CHECKING:
    from kd_projector.projection.ivis import Ivis


class _EveryEpochs:
    """Calls `_write(path)` with a path of `log_dir` after every `epoch_interval` epochs; "{}" is the epoch, from 1."""

    def __init__(self, log_dir: str | Path, filename: str, epoch_interval: int) -> None:
        if epoch_interval < 1:
            raise UsageError(f"epoch_interval is {epoch_interval}; it must be at least 1.")
        self.log_dir, self.filename, self.epoch_interval = Path(log_dir), filename, epoch_interval
        self.ivis_model: Ivis | None = None

    def register_ivis_model(self, ivis_model: Ivis) -> None:
        self.ivis_model = ivis_model

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        if (epoch + 1) % self.epoch_interval == 0 and self.ivis_model is not None:
            self.log_dir.mkdir(parents=True, exist_ok=True)
            self._write(self.ivis_model, self.log_dir / self.filename.format(epoch + 1))

    def _write(self, ivis: Ivis, path: Path) -> None:
        raise NotImplementedError


class ModelCheckpoint(_EveryEpochs):
    """Saves the model, as `Ivis.save_model` does; without "{}" in `filename` the latest alone is kept."""

    def __init__(
        self,
        log_dir: str | Path = "./model_checkpoints",
        filename: str = "model-checkpoint_{}.ivis",
        epoch_interval: int = 1,
    ) -> None:
        super().__init__(log_dir, filename, epoch_interval)

    def _write(self, ivis: Ivis, path: Path) -> None:
        ivis.save_model(path, overwrite=True)


class EmbeddingsLogging(_EveryEpochs):
    """Saves where `data` (M, D) is on the map, as an array (M, C) for numpy.load."""

    def __init__(
        self,
        data: Any,
        log_dir: str | Path = "./embeddings_logs",
        filename: str = "{}_embeddings.npy",
        epoch_interval: int = 1,
    ) -> None:
        super().__init__(log_dir, filename, epoch_interval)
        self.data = data

    def _write(self, ivis: Ivis, path: Path) -> None:
        np.save(path, ivis.transform(self.data))
