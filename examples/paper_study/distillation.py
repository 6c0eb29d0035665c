"""The distillation methods, their losses from torchdistill, acting on matching layers of student and teacher.

Weights are those of one published comparison, Tian et al., "Contrastive Representation Distillation" (ICLR 2020; the
scripts of its repository RepDistiller), which chose them for CIFAR-100; nothing is tuned here. In all but KD the task
loss has weight 1 beside them. Two of torchdistill's losses are brought to the scale that those weights are for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torchdistill.losses.mid_level import ATLoss, KDLoss, RKDLoss, SimpleLossWrapper, SPKDLoss
from torchdistill.models.adaptation import ConvReg

from .networks import Architecture

IO = Mapping[str, Mapping[str, Tensor]]  # by a layer's name: {"output": what it put out}, as torchdistill has it
LOGITS = "."  # the name of the network itself
TEMPERATURE = 4.0


@dataclass(frozen=True)
class Method:
    """label: for people. source: the paper. where: the layers it acts on. total loss = task_weight · cross-entropy +
    weight · its own; `setting` says that and the loss's own parameters in words."""

    name: str
    label: str
    source: str
    where: str
    setting: str
    task_weight: float
    weight: float
    plan: Callable[[Architecture, Architecture], Wiring]


@dataclass(frozen=True)
class Wiring:
    """A loss of torchdistill's; the layers whose outputs it reads; where the student's must first be brought to the
    teacher's width, the layer, and the channels on both sides."""

    loss: nn.Module
    student_layers: tuple[str, ...]
    teacher_layers: tuple[str, ...]
    regressor: tuple[str, int, int] | None = None


class Distillation(nn.Module):
    """One method between one student and one teacher. A regressor, where there is one, learns with the student."""

    def __init__(self, method: Method, student: Architecture, teacher: Architecture) -> None:
        super().__init__()
        wiring = method.plan(student, teacher)
        self.method = method
        self.student_layers = wiring.student_layers
        self.teacher_layers = wiring.teacher_layers
        self.loss = wiring.loss
        self._regressed = ""
        self.regressor: nn.Module | None = None
        if wiring.regressor is not None:
            self._regressed, channels_in, channels_out = wiring.regressor
            self.regressor = ConvReg(channels_in, channels_out, kernel_size=1, stride=1, padding=0)

    def forward(self, student: IO, teacher: IO) -> Tensor:
        """The method's own loss, before its weight."""
        if self.regressor is not None:
            student = {**student, "regressor": {"output": self.regressor(student[self._regressed]["output"])}}
        loss: Tensor = self.loss(student, teacher, targets=None)
        return loss


class AttentionTransfer(ATLoss):  # type: ignore[misc]
    """torchdistill's, summed over the positions of a map instead of averaged.

    The maps have length 1, so in the mean the same difference counts less the more positions there are: on pictures of
    8 x 8 pixels it would be 16 times as strong as where its weight was chosen. `_attention` divides by the positions
    that a map has there, at 32 x 32.
    """

    def compute_at_loss(self, student_feature_map: Tensor, teacher_feature_map: Tensor) -> Tensor:
        ours, theirs = self.attention_transfer(student_feature_map), self.attention_transfer(teacher_feature_map)
        difference: Tensor = (ours - theirs).square().sum(dim=1).mean()
        return difference


class SimilarityPreserving(SPKDLoss):  # type: ignore[misc]
    """torchdistill's, with the rows of the similarity matrices brought to length 1 as in the paper (equation 2).

    torchdistill 1.1.5 brings them to absolute sum 1, so that 64 pictures a batch have a loss about 60 times smaller.
    """

    def matmul_and_normalize(self, z: Tensor) -> Tensor:
        flat = torch.flatten(z, 1)
        return normalize(flat @ flat.T, p=2.0, dim=1)


def _soft_targets(student: Architecture, teacher: Architecture) -> Wiring:
    # Without labels, KDLoss is the divergence alone, not yet times the squared temperature.
    return Wiring(KDLoss(LOGITS, "output", LOGITS, "output", temperature=TEMPERATURE, beta=1.0), (), ())


def _hint(student: Architecture, teacher: Architecture) -> Wiring:
    middle = len(student.stages) // 2 if len(student.stages) % 2 else len(student.stages) // 2 - 1
    hint, guided = teacher.stages[middle], student.stages[middle]
    loss = SimpleLossWrapper(
        nn.MSELoss(),
        input={"is_from_teacher": False, "module_path": "regressor", "io": "output"},
        target={"is_from_teacher": True, "module_path": hint, "io": "output"},
    )
    channels = (student.stage_channels[middle], teacher.stage_channels[middle])
    return Wiring(loss, (guided,), (hint,), regressor=(guided, *channels))


def _attention(student: Architecture, teacher: Architecture) -> Wiring:
    pairs = {
        f"stage{index}": {
            "student": {"io": "output", "path": of_student},
            "teacher": {"io": "output", "path": of_teacher},
            "weight": 1 / (32 // 2 ** (index - 1)) ** 2,  # the positions of this stage's map at 32 x 32 pixels
        }
        for index, (of_student, of_teacher) in enumerate(zip(student.stages, teacher.stages, strict=True), 1)
    }
    return Wiring(AttentionTransfer(pairs, mode="code"), student.stages, teacher.stages)


def _relations(student: Architecture, teacher: Architecture) -> Wiring:
    loss = RKDLoss(student.penultimate, teacher.penultimate, dist_factor=25.0, angle_factor=50.0, reduction="mean")
    return Wiring(loss, (student.penultimate,), (teacher.penultimate,))


def _similarity(student: Architecture, teacher: Architecture) -> Wiring:
    loss = SimilarityPreserving(student.stages[-1], teacher.stages[-1], reduction="batchmean")
    return Wiring(loss, (student.stages[-1],), (teacher.stages[-1],))


METHODS = {
    method.name: method
    for method in (
        Method(
            "kd",
            "Soft targets (KD)",
            "Hinton et al. 2015, arXiv 1503.02531",
            "the logits",
            "0.1 · cross-entropy + 0.9 · T² · KL at T = 4",
            0.1,
            0.9 * TEMPERATURE**2,
            _soft_targets,
        ),
        Method(
            "fitnets",
            "FitNets hint",
            "Romero et al. 2015, arXiv 1412.6550",
            "the end of the middle stage, through a 1x1 convolution to the teacher's width",
            "100 · mean squared error, trained jointly with the task",
            1.0,
            100.0,
            _hint,
        ),
        Method(
            "at",
            "Attention transfer",
            "Zagoruyko & Komodakis 2017, arXiv 1612.03928",
            "the end of every stage",
            "1000 · mean squared difference of the normalised attention maps, as strong as on 32 x 32 pixels",
            1.0,
            1000.0,
            _attention,
        ),
        Method(
            "rkd",
            "Relational KD",
            "Park et al. 2019, arXiv 1904.05068",
            "the last hidden layer",
            "25 · distances + 50 · angles",
            1.0,
            1.0,
            _relations,
        ),
        Method(
            "sp",
            "Similarity-preserving",
            "Tung & Mori 2019, arXiv 1907.09682",
            "the end of the last stage",
            "3000 · mean squared difference of the similarity matrices, rows of length 1",
            1.0,
            3000.0,
            _similarity,
        ),
    )
}
