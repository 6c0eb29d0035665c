"""What the maps of a stored run are worth, method by method and mode by mode: a table of any run, the demo's or yours.

    python benchmarks/frames_of_run.py runs/demo/distilled --model student --layers stage1 stage3 embedding --every 4

Frames are made here, on the map of the first teacher's last hidden layer, and nothing is stored. Columns are layers; a
cell is the mean over steps of the 15 nearest neighbours kept, trustworthiness and motion fidelity.
"""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# Run as a file, from anywhere; and not from its own folder, whose queue.py is not the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import numpy as np  # noqa: E402

from benchmarks.comparison import timed  # noqa: E402
from kd_projector.jobs.plan import default_references  # noqa: E402
from kd_projector.projection import Frame, motion_between, project_frame  # noqa: E402
from kd_projector.projection.methods import METHODS  # noqa: E402
from kd_projector.store import RunReader  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the maps of a stored run.")
    parser.add_argument("run", help="the run's folder")
    parser.add_argument("--model", default="student")
    parser.add_argument("--layers", nargs="+", required=True)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th stored step (%(default)s)")
    parser.add_argument("--methods", nargs="+", default=["tsne", "ivis", "umap", "pca"])
    options = parser.parse_args()
    reader = RunReader(options.run)
    steps = reader.steps(options.model)[:: options.every]
    layers = {layer: [reader.embedding(options.model, layer, step) for step in steps] for layer in options.layers}
    (reference,) = default_references([reader]).values()
    print(f"| method, mode | {' | '.join(options.layers)} | CPU s a frame |")
    print("| --- |" + " --- |" * (len(layers) + 1))
    for method in options.methods:
        on = project_frame(reader.embedding(reference.model, reference.layer, reference.step), method=method)
        for mode in METHODS[method].modes:
            cells, seconds = [], []
            for embeddings in layers.values():
                frames, time = timed(partial(_frames, embeddings, on.coordinates, method, mode))
                cells.append(_cell(frames))
                seconds.append(time.cpu / len(frames))
            print(f"| {method}, {mode} | {' | '.join(cells)} | {np.mean(seconds):.2f} |", flush=True)


def _frames(embeddings: list[np.ndarray], reference: np.ndarray, method: str, mode: str) -> list[Frame]:
    before = [None, *embeddings[:-1]]
    return [
        project_frame(embedding, reference, method, mode, previous=previous)
        for embedding, previous in zip(embeddings, before, strict=True)
    ]


def _cell(frames: list[Frame]) -> str:
    kept, trust = (
        np.mean([frame.quality[name] for frame in frames]) for name in ("neighbours_kept", "trustworthiness")
    )
    fidelities = [motion_between(*pair).fidelity for pair in pairwise(frames)]
    known = [fidelity for fidelity in fidelities if fidelity is not None]
    return f"{kept:.3f}, {trust:.3f}, {np.mean(known):.2f}" if known else f"{kept:.3f}, {trust:.3f}, none"


if __name__ == "__main__":
    main()
