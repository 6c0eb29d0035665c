"""One fit of IVIS, step by step: neighbours, a new network, a start by regression, triplets."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import nn

from kd_projector.projection.affinities import MIN_SAMPLES
from kd_projector.projection.ivis_model import IvisModel
from kd_projector.projection.ivis_neighbours import Neighbours, given_neighbours, neighbours_by
from kd_projector.projection.ivis_network import encoder_around, linear, named_encoder
from kd_projector.projection.ivis_supervision import Labels
from kd_projector.projection.ivis_training import Plan, TripletTask, regress, train_on_triplets
from kd_projector.projection.ivis_triplets import steps_in_an_epoch
from kd_projector.projection.preprocessing import Reduction, unit_radius

# A fit from nothing: regression onto the principal components, then triplets.
ONTO_PCA = Plan(steps=40, rate=5e-3, cycle=40)
COLD = Plan(steps=350, rate=1e-2, cycle=350)
# A fit from given places, which go on to hold the map while the triplets work on it. By triplets alone the network
# forgets them: of two steps of a layer, whose read-out gives .92 of the labels, .73 were left, with a hold .92. Held
# twice as strongly the demo's layers keep .38 of 15 neighbours; so .40; not at all .42 (a cold fit: .43).
ONTO_START = Plan(steps=50, rate=4e-2, cycle=50)
FROM_START = Plan(steps=110, rate=1e-2, cycle=110)
HOLD_WEIGHT = 0.25
# The RMS radius, in margins, at which a start is handed to the triplets. Trained maps of 900 digits and of noisier
# features come to 3-5; between 1 and 12 the maps made from a start are equally good.
START_RADIUS = 4.0


@dataclass(frozen=True)
class Preparation:
    """model: untrained. neighbours: None where PCA stands in. k: the neighbours to draw from. epochs: at most."""

    model: IvisModel
    neighbours: Neighbours | None
    labels: Labels | None
    settings: Mapping[str, Any]
    generator: torch.Generator
    k: int
    batch_size: int
    epochs: int


def prepared(
    X: np.ndarray,
    sample_shape: tuple[int, ...] | None,
    labels: Labels | None,
    settings: Mapping[str, Any],
    seed: int,
) -> Preparation:
    """All that a fit of `X` (N, D) needs before it trains. settings: Ivis's parameters, checked.

    sample_shape: of the inputs of a network of the user's own. Raises UsageError where a neighbour matrix or a network
    does not fit `X`.
    """
    generator = torch.Generator().manual_seed(seed)
    dims = settings["embedding_dims"]
    reduction = Reduction.of(X)
    reduced = reduction.apply(X)
    batch_size = min(settings["batch_size"], len(X))
    if len(X) < MIN_SAMPLES or not reduced.any():
        model = IvisModel(reduction, dims, sample_shape=sample_shape)
        return Preparation(model, None, labels, settings, generator, 0, batch_size, 0)
    if settings["neighbour_matrix"] is not None:
        neighbours = given_neighbours(settings["neighbour_matrix"], len(X))
        k = int(neighbours.counts.max())
    else:
        k = _clipped(settings["k"], len(X))
        neighbours = neighbours_by(settings["knn_distance_metric"], k, X, reduced)
    encoder: nn.Module
    if sample_shape is None:
        encoder = named_encoder(settings["model"], reduced.shape[1], dims, generator)
    else:
        encoder = encoder_around(settings["model"], sample_shape, dims, generator)
    head = None if labels is None else linear(dims, labels.targets.shape[1], generator)
    model = IvisModel(reduction, dims, encoder, head, "" if labels is None else labels.metric, sample_shape)
    epochs = settings["epochs"] or math.ceil(COLD.steps / steps_in_an_epoch(len(X), batch_size))
    return Preparation(model, neighbours, labels, settings, generator, k, batch_size, epochs)


def trained(
    preparation: Preparation,
    X: np.ndarray,
    start: np.ndarray | None,
    device: torch.device,
    after_epoch: Callable[[int, float], None],
) -> float:
    """Train the prepared model, in place, on `X` (N, D) from `start` (N, C); its last triplet loss, 0 without one."""
    model, settings, generator = preparation.model, preparation.settings, preparation.generator
    if model.encoder is None or preparation.neighbours is None:
        return 0.0
    encoder = model.encoder.to(device)
    head = None if model.head is None else model.head.to(device)
    task = TripletTask(
        X=model.inputs(X).to(device, model.dtype),
        points=torch.from_numpy(model.reduction.apply(X)).to(device, torch.float32),
        neighbours=preparation.neighbours.to(device),
        loss=settings["distance"],
        margin=float(settings["margin"]),
        layout_weight=float(settings["layout_weight"]),
        batch_size=preparation.batch_size,
        labels=None if preparation.labels is None else preparation.labels.to(device),
        supervision_weight=float(settings["supervision_weight"]),
    )
    onto, plan = (ONTO_PCA, COLD) if start is None else (ONTO_START, FROM_START)
    places = unit_radius(model.principal(X)) if start is None else start
    goal = torch.from_numpy(START_RADIUS * task.margin * places).to(device, torch.float32)
    if start is not None:
        task = replace(task, held=goal, hold_weight=HOLD_WEIGHT, layout_weight=0.0)  # the layout is the start's
    if settings["epochs"] is not None:
        steps = settings["epochs"] * steps_in_an_epoch(len(X), task.batch_size)
        plan = replace(plan, steps=steps, patience=settings["n_epochs_without_progress"])
    with _seeded(device, int(torch.randint(2**31, (1,), generator=generator))), _repeatable(device):
        encoder.train()
        regress(encoder, task.X, goal, onto, task.batch_size, generator)
        return train_on_triplets(encoder, head, task, plan, generator, after_epoch).triplet_loss


@contextmanager
def cublas_workspace(device: torch.device) -> Iterator[None]:
    """Let cuBLAS, where this block is the first to use it, add up in one order; the environment is then as before.

    It reads the variable once, at its first use: all that a fit does on a GPU belongs inside. In a process that used it
    before, without the variable, torch warns at each fit; on one stream, as here, the order is one all the same.
    """
    name = "CUBLAS_WORKSPACE_CONFIG"
    if device.type != "cuda" or name in os.environ:
        yield
        return
    os.environ[name] = ":4096:8"
    try:
        yield
    finally:
        os.environ.pop(name, None)


@contextmanager
def _seeded(device: torch.device, seed: int) -> Iterator[None]:
    """Seed what a network of the user's own may draw from (dropout): torch's global states of the CPU and `device`.

    They are put back afterwards. (torch.manual_seed would seed all other GPUs too, which nobody puts back.)
    """
    generators = [torch.default_generator]
    if device.type == "cuda":
        torch.cuda.init()  # type: ignore[no-untyped-call]  # before, there are no generators
        index = torch.cuda.current_device() if device.index is None else device.index
        generators.append(torch.cuda.default_generators[index])
    elif device.type == "mps":
        generators.append(torch.mps._get_default_mps_generator())
    before = [generator.get_state() for generator in generators]
    for generator in generators:
        generator.manual_seed(seed)
    try:
        yield
    finally:
        for generator, state in zip(generators, before, strict=True):
            generator.set_state(state)


@contextmanager
def _repeatable(device: torch.device) -> Iterator[None]:
    """Have a GPU add up in one order: the gradient of an indexing scatters, by default in the order of arrival."""
    if device.type != "cuda":
        yield
        return
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])


def _clipped(k: int, samples: int) -> int:
    """`k`, or half of all samples where it would leave no negatives."""
    if k <= samples - 2:
        return k
    fits = max(1, (samples - 1) // 2)
    warnings.warn(
        f"k is {k}, X has {samples} samples: {fits} neighbours are used, the rest are negatives.", stacklevel=5
    )
    return fits
