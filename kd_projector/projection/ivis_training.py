"""How an IVIS network is trained: a cycle of learning rates, measured as better and faster than the package's scheme.

Adam, up to a high rate and down again, gradients clipped to norm 1; several negatives an anchor out of its own batch;
a start from positions that the network learns by regression. Nothing is asked of the device before an epoch's end.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kd_projector.projection.ivis_losses import TripletLoss, Triplets, hold_loss, layout_loss, triplet_loss
from kd_projector.projection.ivis_neighbours import Neighbours
from kd_projector.projection.ivis_supervision import Labels
from kd_projector.projection.ivis_triplets import TripletBatch, epoch_of_triplets, steps_in_an_epoch

_RISING = 0.3  # of a cycle; then down
_FIRST, _LAST = 1 / 25, 1e-4  # of the highest rate
_LAST_STEPS = 40  # the reported triplet loss is the mean over so many last steps: one batch alone is noise


@dataclass(frozen=True)
class TripletTask:
    """What is learnt of. X: (N, ...) network inputs; points: (N, D) the samples whose distances the layout keeps.

    held: (N, C) places that the map is held to (`hold_loss`), `hold_weight` beside the triplets.
    """

    X: Tensor
    points: Tensor
    neighbours: Neighbours
    loss: str | TripletLoss
    margin: float
    layout_weight: float
    batch_size: int
    labels: Labels | None = None
    supervision_weight: float = 0.0
    held: Tensor | None = None
    hold_weight: float = 0.0


@dataclass(frozen=True)
class Plan:
    """How long. steps: at most; rate: the highest learning rate; cycle: steps up and down again.

    Beyond a cycle the rate stays high until `patience` epochs bring no lower loss, or until it is just time to go down.
    """

    steps: int
    rate: float
    cycle: int
    patience: int | None = None


@dataclass(frozen=True)
class Trained:
    """losses: of each epoch. triplet_loss: alone, over the last steps."""

    losses: list[float]
    triplet_loss: float


def train_on_triplets(
    network: nn.Module,
    head: nn.Linear | None,
    task: TripletTask,
    plan: Plan,
    generator: torch.Generator,
    after_epoch: Callable[[int, float], None] = lambda epoch, loss: None,
) -> Trained:
    """Train `network` (and `head`, the layer that predicts labels); after each epoch call `after_epoch(number, loss)`.

    An epoch shows each sample as an anchor once.
    """
    parameters = [*network.parameters(), *(head.parameters() if head is not None else ())]
    optimizer = _adam(parameters)
    an_epoch = steps_in_an_epoch(len(task.X), task.batch_size)
    cycle = min(plan.cycle, plan.steps)
    falling = math.ceil((1 - _RISING) * cycle)
    fall_from, step = plan.steps - falling, 0
    losses: list[float] = []
    of_triplets: list[Tensor] = []
    while step < fall_from + falling:
        seen: list[Tensor] = []
        for batch in epoch_of_triplets(task.neighbours, task.batch_size, generator):
            if step == fall_from + falling:
                break
            triplet, whole = _losses(network, head, task, batch)
            _descend(optimizer, parameters, whole, plan.rate * _share(step, cycle - falling, fall_from, falling))
            seen.append(whole.detach())
            of_triplets = [*of_triplets[1 - _LAST_STEPS :], triplet.detach()]
            step += 1
        losses.append(float(torch.stack(seen).mean()))
        after_epoch(len(losses) - 1, losses[-1])
        # The last epoch may be cut short by the end of the steps; then it decides nothing any more.
        at_its_height = cycle - falling <= step < fall_from
        if at_its_height and plan.patience is not None and _stuck(losses, plan.patience, an_epoch, cycle - falling):
            fall_from = step
    return Trained(losses, float(torch.stack(of_triplets).mean()))


def regress(
    network: nn.Module,
    X: Tensor,
    targets: Tensor,
    plan: Plan,
    batch_size: int,
    generator: torch.Generator,
) -> None:
    """Train `network` to put each row of `X` (N, ...) at its row of `targets` (N, C), by squared error."""
    parameters = list(network.parameters())
    optimizer = _adam(parameters)
    falling = math.ceil((1 - _RISING) * plan.steps)
    rising = plan.steps - falling
    rows = torch.randint(len(X), (plan.steps, min(batch_size, len(X))), generator=generator).to(X.device)
    for step, some in enumerate(rows):
        missed: Tensor = network(X[some]) - targets[some]
        loss = (missed**2).sum(dim=1).mean()
        _descend(optimizer, parameters, loss, plan.rate * _share(step, rising, rising, falling))


def _losses(
    network: nn.Module, head: nn.Linear | None, task: TripletTask, batch: TripletBatch
) -> tuple[Tensor, Tensor]:
    """The triplet loss of a batch, and the whole of what is minimised."""
    # One pass for both: a small step's time is overhead.
    both: Tensor = network(task.X[torch.cat([batch.anchors, batch.positives])])
    anchors, positives = both.chunk(2)
    triplets = Triplets(anchors, positives, batch.negatives, batch.usable)
    triplet = triplet_loss(triplets, task.loss, task.margin)
    whole = triplet
    if task.layout_weight:
        points = task.points[batch.anchors]
        # All distances within the batch by one product cost less than the few that count one by one.
        given = torch.cdist(points, points, compute_mode="use_mm_for_euclid_dist").gather(1, batch.negatives)
        whole = whole + task.layout_weight * layout_loss(triplets, given)
    if task.held is not None:
        held = task.held[torch.cat([batch.anchors, batch.positives])]
        whole = whole + task.hold_weight * hold_loss(both, held, task.margin)
    if head is not None and task.labels is not None:
        supervised = task.labels.loss(batch.anchors, head(anchors), head)
        whole = (1 - task.supervision_weight) * whole + task.supervision_weight * supervised
    return triplet, whole


def _adam(parameters: list[nn.Parameter]) -> torch.optim.Adam:
    return torch.optim.Adam(parameters, fused=all(p.device.type in ("cpu", "cuda") for p in parameters))


def _descend(optimizer: torch.optim.Adam, parameters: list[nn.Parameter], loss: Tensor, rate: float) -> None:
    optimizer.param_groups[0]["lr"] = rate
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()


def _share(step: int, rising: int, fall_from: int, falling: int) -> float:
    """The share of the highest rate at `step`: half a cosine up, level, and from `fall_from` half a cosine down."""
    if step < rising:
        return _FIRST + (1 - _FIRST) * (1 - math.cos(math.pi * (step + 1) / rising)) / 2
    if step < fall_from:
        return 1.0
    return _LAST + (1 - _LAST) * (1 + math.cos(math.pi * (step - fall_from + 1) / falling)) / 2


def _stuck(losses: list[float], patience: int, an_epoch: int, rising: int) -> bool:
    """Whether the last `patience` epochs at the highest rate brought no loss below those before them."""
    at_its_height = losses[math.ceil(rising / an_epoch) :]
    return len(at_its_height) > patience and min(at_its_height[-patience:]) >= min(at_its_height[:-patience])
