"""project_frame: one embedding to one map that can be compared with every other map on the same reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from kd_projector.errors import KDProjectorError, UsageError
from kd_projector.projection.alignment import aligned, canonical
from kd_projector.projection.engine import engine_of
from kd_projector.projection.methods import Method, Mode, method_named, require_dimensions
from kd_projector.projection.nearest import neighbour_search
from kd_projector.projection.preprocessing import (
    checked_embedding,
    checked_previous,
    checked_reference,
    unit_radius,
)
from kd_projector.projection.quality import Neighbourhoods, map_quality, neighbourhood_change
from kd_projector.projection.threads import one_thread
from kd_projector.store.frames import Frame
from kd_projector.store.tensors import digest


def project_frame(
    embedding: Any,
    reference: Any = None,
    method: str = "tsne",
    mode: str | None = None,
    *,
    previous: Any = None,
    seed: int = 0,
    components: int = 2,
    **params: Any,
) -> Frame:
    """One frame: the map of `embedding` (N, D) in the frame of `reference` (N, C), the map of the same samples.

    A pure function: the same arguments give the same map to the last digit, on however many cores (on a GPU, which IVIS
    uses from 5,000 samples on, another map than on the CPU); the global random states and thread counts are as before.
    Without a reference (that is how a reference map is made) the map is independent, centred, of RMS radius 1, its
    widest direction along x.

    method, mode: names of `kd_projector.projection.methods`; no mode: the method's own.
    previous: (N, D') the same layer's embedding at the logged step before. It has no part in the map: it is what the
    samples' true change of neighbourhood, the frame's `changed`, is measured against.
    seed: for what an engine draws at random. components: the map's dimensions, 2 or 3. params: the method's parameters
    (`Method.defaults`). If all samples are equal, so are their places; neighbour counts are clipped to what N allows.
    The frame's `neighbours` are the samples' 15 nearest in the embedding itself, whatever the map made of them.

    The frame's `quality`: `neighbours_kept` and `trustworthiness` (15 neighbours, 0..1), with `previous` the mean
    `changed`, and `loss`, the engine's own: Kullback-Leibler divergence (tsne), triplet loss (ivis), share of variance
    not shown (pca). How far the samples moved is a matter of two frames: `motion_between`.
    Its `reference` is the digest of the reference coordinates. `params["neighbours"]` says how neighbours were found:
    "exact", or "approximate (Annoy)" for more than 20,000 samples without a GPU.

    Raises UsageError for an unknown method, mode or parameter, for components that the method has not, and for arrays
    that are not finite or do not fit; KDProjectorError where the method fails to make a finite map.
    """
    chosen = method_named(method)
    X = checked_embedding(embedding)
    require_dimensions(chosen, components)
    target = None if reference is None else checked_reference(reference, len(X), components)
    before = None if previous is None else checked_previous(previous, len(X))
    used_mode = _mode(chosen, mode, target is not None)
    parameters = _parameters(chosen, params)
    engine = engine_of(chosen)  # its libraries load now, so that their threads are limited too
    with one_thread():
        if unit_radius(X).any():
            native, loss = _checked(
                engine(X, None if used_mode == "independent" else target, used_mode, seed, components, parameters),
                chosen,
                (len(X), components),
            )
        else:
            native, loss = np.zeros((len(X), components)), 0.0
        coordinates = (canonical(native) if target is None else aligned(native, target)).astype(np.float32)
        neighbourhoods = Neighbourhoods.of(X)
        quality = map_quality(neighbourhoods, coordinates)
        changed = None if before is None else neighbourhood_change(Neighbourhoods.of(before), neighbourhoods)
    return Frame(
        coordinates=coordinates,
        kept=quality.kept,
        changed=changed,
        neighbours=neighbourhoods.neighbours,
        tied=neighbourhoods.tied,
        method=chosen.name,
        mode=used_mode,
        quality={
            "neighbours_kept": quality.neighbours_kept,
            "trustworthiness": quality.trustworthiness,
            "loss": loss,
            **({} if changed is None else {"changed": float(changed.mean(dtype=np.float64))}),
        },
        params={**parameters, "seed": seed, "neighbours": neighbour_search(*X.shape)},
        reference=None if target is None else digest(np.asarray(reference, np.float32)),
    )


def _checked(made: tuple[np.ndarray, float], method: Method, shape: tuple[int, int]) -> tuple[np.ndarray, float]:
    """What an engine returned, if it is a map: a NaN must not become a picture, nor spoil an answer's JSON."""
    native, loss = np.asarray(made[0], np.float64), float(made[1])
    if native.shape != shape or not np.isfinite(native).all() or not np.isfinite(loss):
        raise KDProjectorError(
            f"Method {method.name!r} made no map of this embedding: shape {native.shape} where {shape} was asked for, "
            f"{int(native.size - np.isfinite(native).sum())} values NaN or infinite, loss {loss}. Try other parameters."
        )
    return native, loss


def _mode(method: Method, mode: str | None, has_reference: bool) -> Mode:
    if mode is None:
        mode = method.default_mode
    if mode not in method.modes:
        raise UsageError(f"Method {method.name!r} has no mode {mode!r}; it has {', '.join(method.modes)}.")
    if not has_reference and mode != "rigid":
        return "independent"
    return next(known for known in get_args(Mode) if known == mode)


def _parameters(method: Method, given: Mapping[str, Any]) -> dict[str, Any]:
    """The method's defaults, with what is given in their place."""
    for name in given:
        if name not in method.defaults:
            known = ", ".join(method.defaults) or "none"
            raise UsageError(f"Method {method.name!r} has no parameter {name!r}; it has: {known}.")
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in given.items()}
    return {**method.defaults, **plain}
