"""t-SNE frames and maps against openTSNE and AlignedUMAP, and the controls that the anchored mode fails."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from sklearn.neighbors import NearestNeighbors

from benchmarks.comparison import Row, Timed, median_time, timed
from benchmarks.embeddings import Trajectory, distilled, large
from benchmarks.maps import (
    TOLERATED_FLATTERY,
    TOLERATED_LEAK,
    displacement,
    flattery,
    leak,
    motion_fidelity,
    neighbours_kept,
)
from kd_projector.projection import TSNE, project_frame
from kd_projector.projection.affinities import shared_neighbours
from kd_projector.projection.alignment import aligned
from kd_projector.projection.nearest import nearest_neighbours, neighbour_search

_LAYER = "penultimate"


def frame_rows(repeats: int) -> list[Row]:
    """20 steps of a layer: ours, reference map and quality included, against 20 openTSNE defaults + Procrustes."""
    seen = distilled(_LAYER)
    ours, our_time = _our_frames(repeats)
    runs = [timed(lambda: _opentsne_chain(seen.embeddings)) for _ in range(repeats)]
    peer, peer_time = runs[0][0], median_time([time for _, time in runs])
    work, name = "20 t-SNE steps of 1,797 digits", "openTSNE + Procrustes"
    return [
        *_against(
            work, name, ours, our_time, peer, peer_time, seen, cpu_target=6.0, kept_target=0.97, motion_target=4.0
        ),
        Row(
            f"{work}: mean displacement a step",
            f"{name} {displacement(peer):.3f}",
            f"{displacement(ours):.3f}",
            displacement(ours) / displacement(peer),
            1.0,
            "lower",
        ),
    ]


def aligned_umap_rows(repeats: int) -> list[Row]:
    """The same 20 steps against umap-learn's AlignedUMAP, which sees all steps at once."""
    seen = distilled(_LAYER)
    ours, our_time = _our_frames(repeats)
    _aligned_umap([step[:200] for step in seen.embeddings[:3]])  # numba compiles: no part of the comparison
    runs = [timed(lambda: _aligned_umap(seen.embeddings)) for _ in range(repeats)]
    peer, peer_time = runs[0][0], median_time([time for _, time in runs])
    work = "20 t-SNE steps of 1,797 digits"
    return _against(
        work, "AlignedUMAP", ours, our_time, peer, peer_time, seen, cpu_target=8.0, kept_target=1.0, motion_target=1.0
    )


def large_rows(repeats: int) -> list[Row]:
    """One map of 10,000 x 512: wall time, and the divergence from exact affinities, the same for both."""
    import openTSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.tsne import kl_divergence_bh

    X = large()[0].astype(np.float64)
    our_runs = [timed(lambda: TSNE().fit_transform(X)) for _ in range(repeats)]
    peer_runs = [timed(lambda: np.array(openTSNE.TSNE(random_state=0).fit(X))) for _ in range(repeats)]
    our_time, peer_time = (median_time([time for _, time in runs]) for runs in (our_runs, peer_runs))
    exact = PerplexityBasedNN(X, perplexity=30, method="exact", n_jobs=1).P
    ours, peer = (
        kl_divergence_bh(np.ascontiguousarray(runs[0][0]), exact, 1, {"theta": 0.2}, should_eval_error=True)[0]
        for runs in (our_runs, peer_runs)
    )
    work, name = "one t-SNE of 10,000 x 512", "openTSNE"
    return [
        Row(
            f"{work}: wall s (CPU s)",
            f"{name} {peer_time.wall:.1f} ({peer_time.cpu:.1f})",
            f"{our_time.wall:.1f} ({our_time.cpu:.1f})",
            peer_time.wall / our_time.wall,
            2.0,
        ),
        Row(f"{work}: KL divergence", f"{name} {peer:.3f}", f"{ours:.3f}", ours / peer, 1.03, "lower"),
    ]


def approximate_rows(repeats: int) -> list[Row]:
    """Beyond 20,000 samples: what share of the true neighbours the approximate search finds, and in what time."""
    X = large(21_000, 128)[0].astype(np.float64)
    exact, exact_time = timed(lambda: NearestNeighbors(n_neighbors=15).fit(X).kneighbors(return_distance=False))
    runs = [timed(lambda: nearest_neighbours(X, 15)) for _ in range(repeats)]
    recall, our_time = float(shared_neighbours(runs[0][0], exact).mean()), median_time([time for _, time in runs])
    return [
        Row(
            f"15 nearest of 21,000 x 128, {neighbour_search(*X.shape)}",
            f"exact, {exact_time.cpu:.1f} CPU s",
            f"{recall:.3f} of them, {our_time.cpu:.1f} CPU s",
            recall,
            0.95,
        )
    ]


def control_rows(repeats: int) -> list[Row]:
    """Noise, flattery and stillness of the default mode, and the noise control that the anchored mode fails."""
    seen = distilled(_LAYER)
    reference = _reference(seen)
    rows = []
    for mode in ("readout", "anchored"):
        found = leak(
            lambda noise, mode=mode: project_frame(noise, reference, "tsne", mode).coordinates,  # type: ignore[misc]
            seen.embeddings[-1],
            seen.labels,
        )
        fails = mode == "anchored"
        rows.append(
            Row(
                f"control: noise, {mode}" + (" (has to fail: that is why it is no default)" if fails else ""),
                "chance label accuracy",
                f"off by {found:.3f}",
                found,
                TOLERATED_LEAK,
                "higher" if fails else "lower",
            )
        )
    for layer in ("middle", "penultimate"):
        steps = distilled(layer)
        frames = [project_frame(step, reference).coordinates for step in steps.embeddings]
        worst, mean = flattery(frames, steps.embeddings, steps.labels)
        rows.append(
            Row(
                f"control: flattery, {layer} layer, best k against best k",
                "embedding's own label accuracy",
                f"worst {worst:+.3f}, mean {mean:+.3f}",
                worst,
                TOLERATED_FLATTERY,
                "lower",
            )
        )
        again = project_frame(steps.embeddings[-1].copy(), reference).coordinates
        moved = float(np.abs(again - frames[-1]).max())
        rows.append(Row(f"control: stillness, {layer} layer", "repeated step", f"moves {moved:g}", moved, 0.0, "lower"))
    return rows


def _against(
    work: str,
    name: str,
    ours: Sequence[np.ndarray],
    our_time: Timed,
    peer: Sequence[np.ndarray],
    peer_time: Timed,
    seen: Trajectory,
    *,
    cpu_target: float,
    kept_target: float,
    motion_target: float,
) -> list[Row]:
    kept, peer_kept = (neighbours_kept(maps, seen.embeddings) for maps in (ours, peer))
    rows = [
        Row(
            f"{work}: CPU s",
            f"{name} {peer_time.cpu:.0f}",
            f"{our_time.cpu:.1f}",
            peer_time.cpu / our_time.cpu,
            cpu_target,
        ),
        Row(f"{work}: 15-NN kept", f"{name} {peer_kept:.3f}", f"{kept:.3f}", kept / peer_kept, kept_target),
    ]
    for k in (15, 30):
        motion, peer_motion = (motion_fidelity(maps, seen.embeddings, k) for maps in (ours, peer))
        # A peer's correlation may be zero or below: then any positive one is beyond every multiple of it.
        ratio = motion / peer_motion if peer_motion > 0 else float("inf") if motion > 0 else 0.0
        rows.append(
            Row(f"{work}: motion fidelity, {k}-NN", f"{name} {peer_motion:.3f}", f"{motion:.3f}", ratio, motion_target)
        )
    return rows


def _reference(seen: Trajectory) -> np.ndarray:
    return project_frame(seen.teacher).coordinates


@lru_cache
def _our_frames(repeats: int) -> tuple[list[np.ndarray], Timed]:
    """Our 20 frames with their quality, on a reference map that is made for them, and what all that takes."""
    seen = distilled(_LAYER)

    def frames() -> list[np.ndarray]:
        reference = _reference(seen)
        return [project_frame(step, reference).coordinates.astype(float) for step in seen.embeddings]

    runs = [timed(frames) for _ in range(repeats)]
    return runs[0][0], median_time([time for _, time in runs])


def _opentsne_chain(embeddings: Sequence[np.ndarray]) -> list[np.ndarray]:
    """openTSNE at its defaults for each step, laid onto the step before."""
    import openTSNE

    maps: list[np.ndarray] = []
    for embedding in embeddings:
        made = np.array(openTSNE.TSNE(random_state=0).fit(embedding))
        maps.append(aligned(made, maps[-1]) if maps else made)
    return maps


def _aligned_umap(embeddings: Sequence[np.ndarray]) -> list[np.ndarray]:
    """AlignedUMAP at its defaults; the same sample is the same row at each step."""
    from kd_projector.projection.umap_engine import _umap  # umap-learn without the half that needs tensorflow

    samples = len(embeddings[0])
    relations = [{row: row for row in range(samples)} for _ in embeddings[1:]]
    engine = _umap("aligned_umap").AlignedUMAP(random_state=0)
    return [np.asarray(made) for made in engine.fit_transform(list(embeddings), relations=relations)]
