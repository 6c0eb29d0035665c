"""Each distillation method is wired to the right layers, and what is compared differs in the method alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import torch
from paper_study.batches import Batches
from paper_study.cell import lesson_of
from paper_study.data import Images, StudyData, few_labelled, load
from paper_study.distillation import LOGITS, METHODS, TEMPERATURE, Distillation
from paper_study.networks import STUDENTS, TEACHERS, architecture
from paper_study.settings import BASELINE, Cell, Settings
from paper_study.training import losses_of
from torch import nn

from kd_projector.demo.training import softened_kl
from kd_projector.errors import UsageError

CPU = torch.device("cpu")
SETTINGS = Settings(steps=2, batch=8)


def pictures(count: int = 60, size: int = 32, channels: int = 3) -> Images:
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (count, channels, size, size), dtype=torch.uint8, generator=generator)
    return Images(pixels, torch.arange(count) % 3)


def network(family: str, name: str, size: int, classes: int, channels: int) -> nn.Module:
    return architecture(family, name).build(channels, classes, size, seed=1)


def note(outputs: dict[str, torch.Tensor], name: str, _: nn.Module, __: object, output: torch.Tensor) -> None:
    outputs[name] = output


def first_weights(model: nn.Module) -> torch.Tensor:
    return next(parameter for parameter in model.parameters() if parameter.dim() == 4)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("budget", ["limited", "full"])
def test_a_methods_loss_is_finite_and_reaches_the_students_first_layer(method: str, budget: str) -> None:
    data = load(Settings(steps=2))
    student = network("conv", "d6w8", 8, 10, 1).train()
    teacher = network("conv", "d6w32", 8, 10, 1).eval().requires_grad_(False)
    plans = architecture("conv", "d6w8"), architecture("conv", "d6w32")
    lesson = lesson_of(Cell("d6w8", method, budget, 0), SETTINGS, data, *plans)  # type: ignore[arg-type]
    losses = losses_of(student, teacher, lesson, 0, CPU)
    assert torch.isfinite(losses["distill"])
    assert losses["distill"] > 0
    losses["distill"].backward()
    assert float(first_weights(student).grad.abs().sum()) > 0


@pytest.mark.parametrize("method", METHODS)
def test_the_methods_fit_resnets_of_other_width_and_depth_than_the_teacher(method: str) -> None:
    images = pictures(12)
    data = StudyData(images, images, images, ("a", "b", "c"), flips=True)
    plans = architecture("resnet", "resnet10w32"), architecture("resnet", "resnet18")
    student, teacher = (plan.build(3, 3, 32, seed=0) for plan in plans)
    lesson = lesson_of(Cell("resnet10w32", method, "full", 0), replace(SETTINGS, family="resnet"), data, *plans)
    losses = losses_of(student, teacher.eval(), lesson, 0, CPU)
    losses["distill"].backward()
    assert torch.isfinite(losses["distill"])
    assert float(first_weights(student).grad.abs().sum()) > 0


def test_the_baseline_is_taught_by_labels_alone_and_never_asks_the_teacher() -> None:
    class Unasked(nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            raise AssertionError("the teacher was asked")

    plans = architecture("conv", "d3w8"), architecture("conv", "d6w32")
    lesson = lesson_of(Cell("d3w8", BASELINE, "limited", 0), SETTINGS, load(Settings(steps=2)), *plans)
    losses = losses_of(network("conv", "d3w8", 8, 10, 1), Unasked(), lesson, 0, CPU)
    assert list(losses) == ["task"]


def test_soft_targets_weigh_as_published_nine_tenths_of_the_softened_divergence() -> None:
    plans = architecture("conv", "d3w8"), architecture("conv", "d6w32")
    logits = torch.randn(2, 16, 10, generator=torch.Generator().manual_seed(0))
    method = METHODS["kd"]
    loss = Distillation(method, *plans)({LOGITS: {"output": logits[0]}}, {LOGITS: {"output": logits[1]}})
    assert TEMPERATURE == 4.0
    assert float(method.weight * loss) == pytest.approx(0.9 * float(softened_kl(logits[0], logits[1])), rel=1e-5)


def feature_maps(size: int, width: int, seed: int) -> dict[str, dict[str, torch.Tensor]]:
    """What a network of three stages puts out at `size` x `size` pixels, and its embedding."""
    generator = torch.Generator().manual_seed(seed)
    plan = architecture("conv", "d3w8")
    maps = {
        name: torch.rand(16, width * 2**index, size // 2**index, size // 2**index, generator=generator)
        for index, name in enumerate(plan.stages)
    }
    maps[plan.penultimate] = torch.rand(16, 4 * width, generator=generator)
    return {name: {"output": output} for name, output in maps.items()}


def weighted(method: str, student: dict[str, dict[str, torch.Tensor]], teacher: object) -> float:
    """A method's share of the total loss, between two networks of one plan."""
    plan = architecture("conv", "d3w8")
    return float(METHODS[method].weight * Distillation(METHODS[method], plan, plan)(student, teacher))


@pytest.mark.parametrize(("size", "strength"), [(32, 1.0), (8, 1 / 16)])
def test_attention_transfer_weighs_as_published_however_large_the_pictures_are(size: int, strength: float) -> None:
    student, teacher = feature_maps(size, 8, 0), feature_maps(size, 8, 1)

    def attention(output: torch.Tensor) -> torch.Tensor:
        return nn.functional.normalize(output.square().mean(dim=1).flatten(1))

    published = sum(
        float((attention(student[stage]["output"]) - attention(teacher[stage]["output"])).square().mean())
        for stage in architecture("conv", "d3w8").stages
    )
    assert weighted("at", student, teacher) == pytest.approx(1000 * strength * published, rel=1e-4)


def test_similarity_preserving_weighs_as_published_with_rows_of_length_one() -> None:
    student, teacher = feature_maps(8, 8, 0), feature_maps(8, 8, 1)
    last = architecture("conv", "d3w8").stages[-1]

    def similarities(output: torch.Tensor) -> torch.Tensor:
        flat = output.flatten(1)
        products = flat @ flat.T
        return products / products.square().sum(dim=1, keepdim=True).sqrt()

    difference = similarities(student[last]["output"]) - similarities(teacher[last]["output"])
    assert weighted("sp", student, teacher) == pytest.approx(3000 * float(difference.square().sum()) / 16**2, rel=1e-4)


def test_relational_kd_weighs_as_published_distances_and_angles() -> None:
    student, teacher = feature_maps(8, 8, 0), feature_maps(8, 8, 1)
    last = architecture("conv", "d3w8").penultimate
    ours, theirs = student[last]["output"], teacher[last]["output"]

    def distances(rows: torch.Tensor) -> torch.Tensor:
        apart = torch.cdist(rows, rows)
        return apart / apart[apart > 1e-3].mean()

    def cosines(rows: torch.Tensor) -> torch.Tensor:
        towards = nn.functional.normalize(rows[None] - rows[:, None], dim=2)
        return torch.einsum("ijd,ikd->ijk", towards, towards)

    huber = nn.functional.smooth_l1_loss
    published = 25 * huber(distances(ours), distances(theirs)) + 50 * huber(cosines(ours), cosines(theirs))
    assert weighted("rkd", student, teacher) == pytest.approx(float(published), rel=1e-3)


def test_a_hint_weighs_as_published_what_the_regressor_makes_of_the_middle_stage() -> None:
    plans = architecture("conv", "d3w8"), architecture("conv", "d6w32")
    student = feature_maps(8, 8, 0)
    middle, guide = plans[0].stages[1], plans[1].stages[1]
    teacher = {guide: {"output": torch.rand(16, 64, 4, 4)}}
    distillation = Distillation(METHODS["fitnets"], *plans)
    assert distillation.regressor is not None
    regressed = distillation.regressor(student[middle]["output"])
    loss = METHODS["fitnets"].weight * distillation(student, teacher)
    expected = 100 * (regressed - teacher[guide]["output"]).square().mean()
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-4)


@pytest.mark.parametrize("method", ["rkd", "sp", "at"])
def test_a_relation_to_oneself_costs_nothing(method: str) -> None:
    plan = architecture("conv", "d3w8")
    layers = {name: {"output": torch.rand(8, 4, 4, 4)} for name in (*plan.stages, plan.penultimate)}
    assert float(Distillation(METHODS[method], plan, plan)(layers, layers)) == pytest.approx(0, abs=1e-6)


def test_every_student_of_an_architecture_and_seed_starts_alike_and_sees_the_same_batches() -> None:
    data = load(Settings(steps=2))
    plans = architecture("conv", "d3w8"), architecture("conv", "d6w32")
    labelled, shown, weights = set(), set(), set()
    for number, method in enumerate((BASELINE, *METHODS)):
        torch.manual_seed(number)  # whatever state the global generator is in
        lesson = lesson_of(Cell("d3w8", method, "limited", 3), SETTINGS, data, *plans)
        labelled.add(lesson.labelled.digest())
        shown.add(lesson.shown.digest() if lesson.shown else None)
        weights.add(float(first_weights(plans[0].build(1, 10, 8, seed=3)).detach().sum()))
    assert len(labelled) == len(weights) == 1
    assert len(shown) == 2  # the methods' one, and the baseline's none
    other = lesson_of(Cell("d3w8", BASELINE, "limited", 4), SETTINGS, data, *plans)
    assert other.labelled.digest() not in labelled


def test_making_a_network_or_a_lesson_leaves_the_global_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    plans = architecture("conv", "d3w8"), architecture("conv", "d6w32")
    lesson_of(Cell("d3w8", "fitnets", "limited", 0), SETTINGS, load(Settings(steps=2)), *plans)
    plans[0].build(1, 10, 8, seed=1)
    assert torch.equal(torch.rand(3), expected)


def test_a_limited_lesson_takes_labels_of_ten_images_of_each_class_and_no_others() -> None:
    data = load(Settings(steps=2))
    plans = architecture("conv", "d3w8"), architecture("conv", "d6w32")
    lesson = lesson_of(Cell("d3w8", "kd", "limited", 0), replace(SETTINGS, steps=200), data, *plans)
    seen = lesson.labelled.indices.unique()
    assert set(seen.tolist()) <= set(few_labelled(data.train.labels, 10, 0).tolist())
    assert data.train.labels[seen].bincount().tolist() == [10] * 10
    assert len(lesson.shown.indices.unique()) > 700


def test_more_few_labels_than_a_class_has_are_refused_with_a_sentence() -> None:
    with pytest.raises(UsageError, match="Class 1 has 2 training images"):
        few_labelled(torch.tensor([0, 0, 0, 1, 1]), 3, seed=0)


def test_a_batch_is_moved_and_mirrored_as_it_says() -> None:
    images = Images(torch.arange(16, dtype=torch.uint8).view(1, 1, 4, 4), torch.zeros(1, dtype=torch.int64))
    batches = Batches(torch.tensor([[0]]), torch.tensor([[1, -1]]), torch.tensor([[True]]))
    moved, _ = batches.at(0, images, CPU)
    expected = [[0, 0, 0, 0], [2, 1, 0, 0], [6, 5, 4, 0], [10, 9, 8, 0]]
    assert (moved * 255).round().int().squeeze().tolist() == expected


@pytest.mark.parametrize("family", STUDENTS)
def test_each_family_has_two_depths_and_two_widths_and_names_layers_that_it_has(family: str) -> None:
    plans = [architecture(family, name) for name in (*STUDENTS[family], TEACHERS[family])]
    assert len({plan.depth for plan in plans[:-1]}) == len({plan.width for plan in plans[:-1]}) == 2
    for plan in plans:
        model = plan.build(3, 10, 32, seed=0)
        outputs: dict[str, torch.Tensor] = {}
        for name in (*plan.layers, plan.penultimate):
            model.get_submodule(name).register_forward_hook(partial(note, outputs, name))
        assert model(torch.rand(2, 3, 32, 32)).shape == (2, 10)
        assert tuple(outputs[stage].shape[1] for stage in plan.stages) == plan.stage_channels
        assert plan.relative_depth(plan.layers[-1]) == 1
        assert list(outputs)[: len(plan.layers)] == list(plan.layers)  # they run in the order that depth is counted in


@pytest.mark.parametrize(("family", "name"), [("conv", "d4w8"), ("conv", "resnet18"), ("resnet", "resnet11")])
def test_an_unknown_network_is_refused_with_a_sentence(family: str, name: str) -> None:
    with pytest.raises(UsageError, match=name):
        architecture(family, name)
