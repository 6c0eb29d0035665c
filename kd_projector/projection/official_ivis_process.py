"""The process that runs the ivis package: `python -m kd_projector.projection.official_ivis_process FOLDER`.

FOLDER holds `X.npy` (N, D) and `parameters.json`; `embedding.npy` (N, C) and `loss_history.json` are added to it.
TF_USE_LEGACY_KERAS=1 must be set: ivis 2 does not work with Keras 3.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    """Fit `ivis.Ivis` to what lies in `folder`, and leave its map there."""
    import tensorflow as tf
    from ivis import Ivis

    X = np.load(folder / "X.npy", allow_pickle=False)
    parameters = json.loads((folder / "parameters.json").read_text())
    tf.keras.utils.set_random_seed(parameters.pop("random_state"))
    # An index on the disk cannot be built on every file system, and these data sets are small.
    ivis = Ivis(**parameters, build_index_on_disk=False, verbose=0)
    embedding = ivis.fit_transform(X)
    np.save(folder / "embedding.npy", np.asarray(embedding, dtype=np.float32))
    (folder / "loss_history.json").write_text(json.dumps([float(loss) for loss in ivis.loss_history_]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
