"""What was tried to make motion on a t-SNE map true: the table of `benchmarks/README.md`.

    python benchmarks/motion.py                      # the whole table, some 15 CPU minutes
    python benchmarks/motion.py --only held "pure"   # variants whose name holds one of these

Every variant is a pure function of (embedding, reference map). Means over 19 steps of three layers.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# Run as a file, from anywhere; and not from its own folder, whose queue.py is not the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import numpy as np  # noqa: E402
from openTSNE import TSNEEmbedding  # noqa: E402
from openTSNE.affinity import PrecomputedAffinities  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402
from scipy.stats import spearmanr  # noqa: E402

from benchmarks.comparison import timed  # noqa: E402
from benchmarks.embeddings import Trajectory, distilled  # noqa: E402
from benchmarks.maps import change, displacement, leak, motion_fidelity, neighbours_kept  # noqa: E402
from kd_projector.projection import project_frame  # noqa: E402
from kd_projector.projection.affinities import (  # noqa: E402
    neighbour_affinities,
    shared_neighbours,
    tsne_affinities,
)
from kd_projector.projection.alignment import aligned  # noqa: E402
from kd_projector.projection.nearest import nearest_neighbours  # noqa: E402
from kd_projector.projection.preprocessing import reduced, unit_radius  # noqa: E402
from kd_projector.projection.readout import median_readout, readout  # noqa: E402
from kd_projector.projection.tsne_engine import COLD, Phase, natural_radius, optimise, pca_start  # noqa: E402

_LAYERS = ("penultimate", "middle", "stage 1")  # the last one unlike the reference
_FORMER = (Phase(50, 4.0, 0.5), Phase(100, 1.0, 0.8))

Variant = Callable[[np.ndarray, np.ndarray], np.ndarray]  # embedding (N, D), reference (N, C) -> map (N, C)


@dataclass(frozen=True)
class Held:
    """A tethered descent with everything that was varied; the defaults are those of `tsne_frame`."""

    readout: str = "median"  # or "mean"
    readout_k: int = 15
    attraction_k: int = 15
    one_sided: bool = False  # a sample is drawn by its own neighbours, not by those whose neighbour it is
    radius: float = 0.7
    pull: float = 4.0
    by_kept: float = 3.0  # the power of a read-out's kept share that a sample's pull goes with
    in_the_mean: bool = False  # `pull` is the samples' mean, however little the read-out of this layer keeps
    exaggerated: int = 50  # iterations with an exaggeration of 4, before the others
    iterations: int = 30
    rate: float = 0.6
    momentum: float = 0.5
    copies: int = 1  # maps of which the mean is taken, each made without three tenths of all samples' votes

    def __call__(self, X: np.ndarray, reference: np.ndarray) -> np.ndarray:
        neighbours = nearest_neighbours(unit_radius(X), max(self.readout_k, self.attraction_k))
        voters = neighbours[:, : self.readout_k]
        shape = median_readout(voters, reference) if self.readout == "median" else _mean(voters, reference)
        places = self.radius * natural_radius(len(X)) * shape
        own = neighbours[:, : self.attraction_k]
        kept = shared_neighbours(nearest_neighbours(places, self.attraction_k), own) ** self.by_kept
        pull = np.minimum(self.pull * kept / ((kept.mean() or 1.0) if self.in_the_mean else 1.0), 0.9)[:, None]
        maps = [self._descend(self._affinities(own, copy), places, pull) for copy in range(self.copies)]
        return np.asarray(np.mean(maps, axis=0))

    def _affinities(self, own: np.ndarray, copy: int) -> PrecomputedAffinities:
        if self.copies == 1 and not self.one_sided:
            return neighbour_affinities(own)
        samples, k = own.shape
        votes = csr_matrix((np.ones(own.size), own.ravel(), np.arange(0, own.size + 1, k)), (samples, samples))
        if self.copies > 1:
            votes = csr_matrix(votes.multiply(np.random.default_rng(copy).random(samples) > 0.3))
        P = votes if self.one_sided else csr_matrix(votes + votes.T)
        P.sort_indices()
        return PrecomputedAffinities(P / P.sum(), normalize=False)

    def _descend(self, affinities: PrecomputedAffinities, places: np.ndarray, pull: np.ndarray) -> np.ndarray:
        def pull_back(iteration: int, divergence: float, positions: np.ndarray) -> bool:
            positions += pull * (places - positions)
            return False

        jitter = 1e-4 * np.sqrt(np.mean(places**2)) * np.random.default_rng(0).standard_normal(places.shape)
        moving = TSNEEmbedding(
            places + jitter, affinities, theta=0.8, negative_gradient_method="bh", n_jobs=1, random_state=0
        )
        for iterations, exaggeration in ((self.exaggerated, 4.0), (self.iterations, 1.0)):
            if iterations:
                moving.optimize(
                    iterations,
                    learning_rate=self.rate * len(places),
                    momentum=self.momentum,
                    exaggeration=exaggeration,
                    inplace=True,
                    callbacks=[pull_back],
                    callbacks_every_iters=1,
                )
        return np.array(moving)


def _mean(neighbours: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return unit_radius(unit_radius(reference)[neighbours].mean(axis=1))


def _independent(X: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return optimise(tsne_affinities(reduced(X), 30), pca_start(reduced(X), 2), COLD)[0]


def _former(X: np.ndarray, reference: np.ndarray) -> np.ndarray:
    affinities = tsne_affinities(reduced(X), 30)
    return optimise(affinities, natural_radius(len(X)) * readout(affinities.P, reference), _FORMER)[0]


def _equal_weights(k: int, phases: tuple[Phase, ...]) -> Variant:
    def make(X: np.ndarray, reference: np.ndarray) -> np.ndarray:
        neighbours = nearest_neighbours(unit_radius(X), k)
        return optimise(
            neighbour_affinities(neighbours), natural_radius(len(X)) * _mean(neighbours, reference), phases
        )[0]

    return make


def _pure(read: Callable[[np.ndarray, np.ndarray], np.ndarray], k: int) -> Variant:
    return lambda X, reference: read(nearest_neighbours(unit_radius(X), k), reference)


def _random_places(X: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """No map at all: the mean of random places. Its motion depends on the change of neighbourhood alone."""
    return _mean(nearest_neighbours(unit_radius(X), 15), np.random.default_rng(0).normal(size=reference.shape))


VARIANTS: Mapping[str, Variant] = {
    "independent + Procrustes": _independent,
    "former default: affinity mean, 50 x 4 + 100": _former,
    "equal weights, 30 neighbours, 50 x 4 + 100": _equal_weights(30, _FORMER),
    "equal weights, 15 neighbours, 50 x 4 + 100": _equal_weights(15, _FORMER),
    "equal weights, 15 neighbours, 100": _equal_weights(15, (Phase(100, 1.0, 0.8),)),
    "pure read-out: affinity mean": lambda X, reference: readout(tsne_affinities(reduced(X), 30).P, reference),
    "pure read-out: mean of 30": _pure(_mean, 30),
    "pure read-out: mean of 15": _pure(_mean, 15),
    "pure read-out: median of 30": _pure(median_readout, 30),
    "pure read-out: median of 15": _pure(median_readout, 15),
    "pure read-out: random places (no map)": _random_places,
    "**held to the median of 15: the default**": Held(),
    "held to the mean of 15": Held(readout="mean"),
    "held to the median of 30": Held(readout_k=30),
    "held to the median of 30, drawn by 30": Held(readout_k=30, attraction_k=30),
    "held, by the square": Held(by_kept=2.0, pull=1.2),
    "held, stronger: 12": Held(pull=12.0),
    "held, weaker: 1": Held(pull=1.0),
    "held, at half the radius": Held(radius=0.5),
    "held, drawn by own neighbours only": Held(one_sided=True),
    "held, slower: rate 0.3": Held(rate=0.3),
    "held, 100 iterations": Held(iterations=100),
    "held, no exaggeration": Held(exaggerated=0),
    "held, no exaggeration, 100 iterations": Held(exaggerated=0, iterations=100),
    "held alike in the mean": Held(in_the_mean=True, pull=0.3, by_kept=2.0, exaggerated=0),
    "held alike in the mean, slower: rate 0.15": Held(
        in_the_mean=True, pull=0.3, by_kept=2.0, exaggerated=0, rate=0.15
    ),
    "held alike and tightly, 6 iterations": Held(
        in_the_mean=True, radius=0.5, pull=0.6, by_kept=2.0, exaggerated=0, rate=1.0, momentum=0.0, iterations=6
    ),
    "held, mean of 6 maps": Held(copies=6),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what was tried for motion fidelity.")
    parser.add_argument("--only", nargs="+", default=[""], metavar="PART")
    chosen = parser.parse_args().only
    layers = [distilled(layer) for layer in _LAYERS]
    reference = project_frame(layers[0].teacher).coordinates.astype(float)
    print(_of_the_measure(layers))
    print(
        "| variant | 15-NN kept | motion, 15-NN | motion, 30-NN | displacement | noise off chance by | CPU s a frame |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, variant in VARIANTS.items():
        if any(part in name for part in chosen):
            print(_row(name, variant, layers, reference), flush=True)


def _row(name: str, variant: Variant, layers: list[Trajectory], reference: np.ndarray) -> str:
    figures, seconds = [], []
    for layer in layers:
        embeddings = [step.astype(float) for step in layer.embeddings]
        maps, time = timed(partial(_frames, variant, embeddings, reference))
        seconds.append(time.cpu / len(maps))
        figures.append(
            [
                neighbours_kept(maps, layer.embeddings),
                motion_fidelity(maps, layer.embeddings, 15),
                motion_fidelity(maps, layer.embeddings, 30),
                displacement(maps),
            ]
        )
    noise = leak(lambda X: variant(X, reference), layers[0].embeddings[-1].astype(float), layers[0].labels)
    cells = [" / ".join(f"{value:.3f}" for value in column) for column in zip(*figures, strict=True)]
    return "| " + " | ".join([name, *cells, f"{noise:.3f}", f"{np.mean(seconds):.2f}"]) + " |"


def _frames(variant: Variant, embeddings: list[np.ndarray], reference: np.ndarray) -> list[np.ndarray]:
    return [aligned(variant(X, reference), reference) for X in embeddings]


def _of_the_measure(layers: list[Trajectory]) -> str:
    """How well the change of 15 neighbours agrees with that of 30: no map can be true to both beyond it."""
    steps = [(a, b) for layer in layers for a, b in pairwise(layer.embeddings)]
    agreement = np.mean([spearmanr(change(a, b, 15), change(a, b, 30))[0] for a, b in steps])
    return f"Rank correlation of the change of 15 neighbours with that of 30: {agreement:.2f}\n"


if __name__ == "__main__":
    main()
