"""IVIS: our torch implementation against the ivis package, and frames of a layer against cold fits of its steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.comparison import Row, Timed, median_time, timed
from benchmarks.embeddings import digits, distilled, large
from benchmarks.ivis_measures import MEASURES, Measured
from benchmarks.maps import TOLERATED_FLATTERY, TOLERATED_LEAK, flattery, leak
from kd_projector.projection import Ivis, OfficialIvis
from kd_projector.projection.ivis_frame import ivis_map
from kd_projector.projection.methods import METHODS
from kd_projector.projection.threads import one_thread

_K = 15  # on both sides
_SEEDS = 5


def digits_rows(repeats: int) -> list[Row]:
    """1,797 x 64 pixels."""
    return _against_the_package("IVIS digits", *digits(), target=4.0, seeds=_seeds(repeats))


def large_rows(repeats: int) -> list[Row]:
    """10,000 x 512, a hidden layer."""
    return _against_the_package("IVIS 10,000 x 512", *large(), target=10.0, seeds=_seeds(repeats))


def frame_rows(repeats: int) -> list[Row]:
    """20 steps of a student's layer on the teacher's map: frames by read-out, and each step fitted from nothing."""
    layer = distilled()
    reference = _frame(layer.teacher, None)
    _frame(layer.teacher, reference)  # both sides are warm: the engines are loaded
    frames: list[np.ndarray] = []
    cold: list[np.ndarray] = []
    frame_times, cold_times = [], []
    with one_thread():
        for _ in range(repeats):
            frames, spent = timed(lambda: [_frame(step, reference) for step in layer.embeddings])
            frame_times.append(spent)
            cold, spent = timed(lambda: [Ivis(k=_K, device="cpu").fit_transform(step) for step in layer.embeddings])
            cold_times.append(spent)
    measured = [Measured.of(step, layer.labels) for step in layer.embeddings]
    ours, theirs = (
        np.mean([m.of_map(places) for m, places in zip(measured, maps, strict=True)], axis=0) for maps in (frames, cold)
    )
    cpu, cold_cpu = median_time(frame_times).cpu, median_time(cold_times).cpu
    rows = [Row("IVIS, 20 steps: CPU s", f"{cold_cpu:.1f}", f"{cpu:.1f}", cold_cpu / cpu, 2.5)]
    for name, mine, peers in zip(MEASURES, ours, theirs, strict=True):
        rows.append(Row(f"IVIS, 20 steps: {name}", f"{peers:.3f}", f"{mine:.3f}", mine / peers, 1.0))
    noise = leak(lambda features: _frame(features, reference), layer.embeddings[-1], layer.labels)
    rows.append(
        Row("IVIS frames: noise", "chance label accuracy", f"off by {noise:.3f}", noise, TOLERATED_LEAK, "lower")
    )
    worst, mean = flattery(frames, layer.embeddings, layer.labels)
    cell = f"worst {worst:+.3f}, mean {mean:+.3f}"
    work = "IVIS frames: flattery, best k against best k"
    return [*rows, Row(work, "embedding's own label accuracy", cell, worst, TOLERATED_FLATTERY, "lower")]


def _seeds(repeats: int) -> int:
    """Five for what is claimed; fewer for a quick look."""
    return _SEEDS if repeats >= 3 else repeats


def _against_the_package(work: str, X: np.ndarray, labels: np.ndarray, *, target: float, seeds: int) -> list[Row]:
    """Seconds (median) and the measures (mean); a measure counts as equal within the peer's standard deviation.

    The peer's time is that of its `fit` alone, inside its own process, which is up and has imported tensorflow.
    """
    measured = Measured.of(X, labels)

    def of_seeds(fit: Callable[[int], tuple[np.ndarray, Timed]]) -> tuple[Timed, np.ndarray]:
        maps, times = zip(*(fit(seed) for seed in range(seeds)), strict=True)
        return median_time(times), np.array([measured.of_map(places) for places in maps])

    def ours(seed: int) -> tuple[np.ndarray, Timed]:
        return timed(lambda: Ivis(k=_K, random_state=seed).fit_transform(X))

    def peers(seed: int) -> tuple[np.ndarray, Timed]:
        # Its own default metric for neighbours; otherwise OfficialIvis has the package's defaults.
        package = OfficialIvis(k=_K, knn_distance_metric="angular", random_state=seed).fit(X)
        return package.embedding_, Timed(package.fit_seconds_, package.fit_cpu_seconds_)

    Ivis(k=_K, epochs=1).fit(X)  # both sides are warm: libraries loaded, threads started
    our_time, our_maps = of_seeds(ours)
    peer_time, peer_maps = of_seeds(peers)
    rows = [
        Row(f"{work}: {kind} s", f"{theirs:.1f}", f"{mine:.2f}", theirs / mine, target)
        for kind, theirs, mine in (("wall", peer_time.wall, our_time.wall), ("CPU", peer_time.cpu, our_time.cpu))
    ]
    means, spreads = peer_maps.mean(axis=0), peer_maps.std(axis=0, ddof=1) if seeds > 1 else np.zeros(len(MEASURES))
    for name, mine, mean, spread in zip(MEASURES, our_maps.mean(axis=0), means, spreads, strict=True):
        cell = f"{mean:.3f} ± {spread:.3f}"
        rows.append(Row(f"{work}: {name}", cell, f"{mine:.3f}", mine / mean, float(1 - spread / mean)))
    return rows


def _frame(embedding: np.ndarray, reference: np.ndarray | None) -> np.ndarray:
    mode = "independent" if reference is None else "readout"
    return ivis_map(np.asarray(embedding, np.float64), reference, mode, 0, 2, METHODS["ivis"].defaults)[0]
