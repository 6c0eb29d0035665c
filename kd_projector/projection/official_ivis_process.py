"""The process that runs the ivis package for its parent: `python -m kd_projector.projection.official_ivis_process`.

One line of JSON on standard input is one task: `{"task": "fit" or "transform", "folder": FOLDER}`. FOLDER holds the
task's arrays, and the results are put there; one line of JSON on standard output says that they are there, or why not.

fit: `X.npy` (N, D) and `parameters.json` -> `embedding.npy` (N, C), `network.json`, `weights.npz`, `history.json`.
transform: `X.npy` (M, D), `network.json` and `weights.npz` -> `embedding.npy` (M, C).

It ends with its parent. TF_USE_LEGACY_KERAS=1 must be set: ivis 2 does not work with Keras 3.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

_LOOK_FOR_PARENT_S = 2.0
_BATCH = 4096  # rows at a time through the fitted network: bounds the memory, whatever M


_EAGER_STEPS = 12  # to compile a graph takes about as long as so many steps without one


def fit(folder: Path) -> None:
    """Fit `ivis.Ivis` to what lies in `folder`; leave its map, its network and its history there."""
    tf = _tensorflow()
    from ivis import Ivis

    X = np.load(folder / "X.npy", allow_pickle=False)
    parameters = json.loads((folder / "parameters.json").read_text())
    tf.keras.backend.clear_session()  # of the fit before: otherwise its graph would stay in memory
    tf.keras.utils.set_random_seed(parameters.pop("random_state"))
    # An index on the disk cannot be built on every file system, and these data sets are small.
    ivis = Ivis(**parameters, build_index_on_disk=False, verbose=0)
    steps = parameters["epochs"] * -(-len(X) // parameters["batch_size"])
    tf.config.run_functions_eagerly(steps <= _EAGER_STEPS)
    wall, cpu = time.perf_counter(), time.process_time()
    ivis.fit(X)
    history = {
        "fit_seconds": time.perf_counter() - wall,
        "fit_cpu_seconds": time.process_time() - cpu,
        "loss_history": [float(loss) for loss in ivis.loss_history_],
    }
    _save(folder / "embedding.npy", _embed(ivis.encoder_, X))
    (folder / "network.json").write_text(ivis.encoder_.to_json())
    np.savez(folder / "weights.npz", *ivis.encoder_.get_weights())  # arr_0, arr_1, ... in Keras's order
    (folder / "history.json").write_text(json.dumps(history))


def transform(folder: Path) -> None:
    """Place the samples that lie in `folder` by the fitted network that lies there too."""
    tf = _tensorflow()
    network = tf.keras.models.model_from_json((folder / "network.json").read_text())
    with np.load(folder / "weights.npz", allow_pickle=False) as weights:
        network.set_weights([weights[f"arr_{i}"] for i in range(len(weights.files))])
    _save(folder / "embedding.npy", _embed(network, np.load(folder / "X.npy", allow_pickle=False)))


_TASKS = {"fit": fit, "transform": transform}


def serve(tasks: Iterable[str], answers: TextIO) -> None:
    """Do the tasks one after the other. One that fails is answered with its traceback; the next may well succeed."""
    for line in tasks:
        task = json.loads(line)
        answer: dict[str, str] = {}
        try:
            _TASKS[task["task"]](Path(task["folder"]))
        except Exception:
            answer["error"] = traceback.format_exc()
        print(json.dumps(answer), file=answers, flush=True)


def _tensorflow() -> Any:
    first = "tensorflow" not in sys.modules
    import tensorflow as tf

    if first:
        # One thread and fixed kernels: the same input gives the same map to the last digit, on however many cores. It
        # costs nothing: of 1,797 digits, 30 epochs took 6.7 s so and 9-12 s with the threads of two shared cores.
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.experimental.enable_op_determinism()
    return tf


def _embed(network: Any, X: np.ndarray) -> np.ndarray:
    """(M, C) float32. Called directly: `predict` would compile a graph for each network anew."""
    blocks = [np.asarray(network(X[start : start + _BATCH], training=False)) for start in range(0, len(X), _BATCH)]
    return np.concatenate(blocks)


def _save(path: Path, array: np.ndarray) -> None:
    np.save(path, np.asarray(array, dtype=np.float32), allow_pickle=False)


def _end_with(parent: int) -> None:
    """Standard input ends with the parent too, but nobody reads it during a fit, and a fork may hold it open."""
    while os.getppid() == parent:
        time.sleep(_LOOK_FOR_PARENT_S)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # Whatever a library prints must not be taken for an answer: it goes to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin, answers)
