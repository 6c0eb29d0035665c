"""The training is the same, to the last bit, with the logger and without; models are as they were, whatever happens."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from kd_projector import DistillationLogger
from kd_projector.errors import UsageError
from kd_projector.probing.undisturbed import undisturbed
from kd_projector.store import RunReader
from tests.logger.training import digits, make_net, make_probe, train


@pytest.mark.parametrize("measures", ["default", "all"])
def test_the_weights_are_bit_identical_with_and_without_the_logger(tmp_path: Path, measures: str) -> None:
    without = train(make_net(0), steps=25)
    student = make_net(0)
    with DistillationLogger(tmp_path / "run", make_probe(), every=1, measures=measures) as kd:
        kd.watch("teacher", make_net(1))
        kd.watch("student", student)
        drawn_after_watching = make_net(0)  # the generators, once more where they were
        assert all(map(torch.equal, drawn_after_watching.parameters(), student.parameters()))
        logged = train(student, steps=25, each_step=lambda step, loss: kd.step(step, {"task": loss}))
    assert logged.keys() == without.keys()
    assert all(torch.equal(logged[name], without[name]) for name in without)


class Restless(nn.Module):
    """Draws random numbers, writes to its buffers and attributes in evaluation mode too, and may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(64, 4)
        self.register_buffer("seen", torch.zeros(1))
        self.register_buffer("latest", torch.zeros(4))
        self.calls = 0
        self.fails = False

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.seen += len(x)
        self.latest = torch.rand(4) + random.random() + float(np.random.rand())  # noqa: NPY002
        self.cache = self.latest * 2
        if self.fails:
            raise RuntimeError("the layer failed")
        return self.layer(x.flatten(1))


def everything_about(model: nn.Module) -> list[Any]:
    """What must be as before: modes, attributes, buffers (identity, values, versions), gradients, hooks, generators."""
    return [
        [module.training for module in model.modules()],
        [sorted(vars(module)) for module in model.modules()],
        [(id(b), b._version, b.tolist()) for b in model.buffers()],
        [(id(p), p._version, p.tolist(), id(p.grad), p.grad.tolist()) for p in model.parameters()],  # type: ignore[union-attr]
        [list(module._forward_hooks) for module in model.modules()],
        [list(module._forward_pre_hooks) for module in model.modules()],
        random.getstate(),
        np.random.get_state()[1].tolist(),  # type: ignore[index]  # noqa: NPY002
        torch.get_rng_state().tolist(),
        torch.is_grad_enabled(),
        torch.is_autocast_enabled("cpu"),
        torch.backends.mha.get_fastpath_enabled(),
    ]


@pytest.mark.parametrize("fails", [False, True])
def test_modes_attributes_buffers_gradients_hooks_and_generators_are_as_before(tmp_path: Path, fails: bool) -> None:
    model = nn.Sequential(Restless(), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 10))
    model(digits()[0][:16]).sum().backward()
    model[1].eval()  # a frozen BatchNorm in a model in training
    restless: Restless = model[0]  # type: ignore[assignment]
    restless.fails = fails
    handle = model[3].register_forward_hook(lambda module, inputs, output: None)
    before, calls = everything_about(model), restless.calls
    with DistillationLogger(tmp_path / "run", make_probe(), every=1, measures=False) as kd:
        kd.watch("student", model, layers=["0.layer", "1", "3"])
        if fails:
            with pytest.raises(UsageError, match="the layer failed"):
                kd.step(0)
        else:
            kd.step(0)
        assert everything_about(model) == before
    assert restless.calls == calls
    handle.remove()


def test_a_users_hook_that_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    model = make_net(0)
    model(digits()[0][:16]).sum().backward()

    def fail(module: nn.Module, inputs: object, output: object) -> None:
        raise KeyError("the hook failed")

    model.stage2.register_forward_hook(fail)
    before = everything_about(model)
    with DistillationLogger(tmp_path / "run", make_probe(), every=1) as kd:
        kd.watch("student", model)
        with pytest.raises(UsageError, match="the hook failed"):
            kd.step(0)
        assert everything_about(model) == before


def test_a_users_hook_can_tell_the_probe_from_the_training(tmp_path: Path) -> None:
    model, seen = make_net(0), []
    with DistillationLogger(tmp_path / "run", make_probe(), every=1, measures=False) as kd:
        model.stage1.register_forward_hook(lambda *_: seen.append(kd.probing))
        kd.watch("student", model)
        model(digits()[0][:4])
        kd.step(0)
        model(digits()[0][:4])
    assert seen == [False, True, False]


class Rotary(nn.Module):
    """Keeps the table it makes in its first forward pass, by length, as implementations of rotary embeddings do."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(64))
        self.tables: dict[int, Tensor] = {}

    def forward(self, x: Tensor) -> Tensor:
        if 64 not in self.tables:
            self.tables[64] = torch.arange(64.0).cos()
        return x.flatten(1) * self.scale * self.tables[64]


def test_a_table_kept_from_the_probe_pass_can_be_trained_with(tmp_path: Path) -> None:
    model = nn.Sequential(Rotary(), nn.Linear(64, 10))
    with DistillationLogger(tmp_path / "run", make_probe(), every=1) as kd:
        kd.watch("student", model)
        kd.step(0)
    model(digits()[0][:4]).sum().backward()
    assert model[0].scale.grad is not None  # type: ignore[union-attr]


def test_under_inference_mode_such_a_table_would_break_the_training() -> None:
    model = nn.Sequential(Rotary(), nn.Linear(64, 10))
    with torch.inference_mode():
        model(digits()[0][:4])
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved for backward"):
        model(digits()[0][:4])


def test_the_probe_is_run_in_full_precision_also_within_autocast(tmp_path: Path) -> None:
    model, kinds = make_net(0), []
    model.embedding.register_forward_hook(lambda module, inputs, output: kinds.append(output.dtype))
    with (
        torch.autocast("cpu", dtype=torch.bfloat16),
        DistillationLogger(tmp_path / "run", make_probe(), every=1, measures=False) as kd,
    ):
        kd.watch("student", model)
        kd.step(0)
        model(digits()[0][:4])
    assert kinds == [torch.float32, torch.bfloat16]


def test_modes_set_behind_overridden_train_and_eval_are_restored() -> None:
    class Stubborn(nn.Linear):
        def train(self, mode: bool = True) -> Stubborn:
            raise AssertionError("train() was called")

    model = nn.Sequential(Stubborn(4, 4), nn.Dropout())
    with undisturbed(model):
        assert [module.training for module in model] == [False, False]
    assert [module.training for module in model] == [True, True]


@pytest.mark.parametrize("wrapped", ["compiled", "compiled in place", "a compiled part"])
def test_compiled_models_are_embedded_eagerly_with_every_layer(tmp_path: Path, wrapped: str) -> None:
    model = make_net(0)
    watched: Any = model
    if wrapped == "compiled":
        watched = torch.compile(model, backend="eager", fullgraph=True)
    elif wrapped == "compiled in place":
        model.compile(backend="eager", fullgraph=True)
    else:
        model.stage2.compile(backend="eager", fullgraph=True)
    watched(digits()[0][:8])
    with DistillationLogger(tmp_path / "run", make_probe(), every=1) as kd:
        kd.watch("student", watched, layers=["stage1.0", "stage2.2", "head"])
        kd.step(0)
    embedding = RunReader(tmp_path / "run").embedding("student", "stage2.2", 0)
    reference = make_net(0).eval()
    reference.load_state_dict(model.state_dict())
    with torch.no_grad():
        expected = reference.stage2(reference.stage1(make_probe().inputs)).mean((2, 3))  # type: ignore[arg-type]
    np.testing.assert_allclose(embedding, expected.half().float(), rtol=1e-3, atol=1e-6)
