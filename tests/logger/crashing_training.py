"""A training that logs every step until it is killed from outside; it says each step that it handed to the logger."""

from __future__ import annotations

from multiprocessing.connection import Connection

import torch._dynamo  # noqa: F401 - an optimizer's first step imports it, for seconds: once, in the server, is enough
from torch import Tensor

import kd_projector.measures.suite  # noqa: F401 - as above
from kd_projector import DistillationLogger
from tests.logger.training import make_net, make_probe, train


def train_until_killed(run_dir: str, first_step: int, told: Connection) -> None:
    with DistillationLogger(run_dir, make_probe(), every=1) as kd:
        kd.watch("teacher", make_net(7, width=32))
        student = make_net(8, width=32)
        kd.watch("student", student)

        def log(step: int, loss: Tensor) -> None:
            kd.step(first_step + step, losses={"task": loss})
            told.send(first_step + step)

        train(student, 1_000_000, log)
