"""Which layers are looked at: found, named, misnamed; and what becomes of their outputs."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from torch import Tensor, nn

from kd_projector import DistillationLogger, Probe
from kd_projector.errors import UsageError
from kd_projector.probing.capture import capture, first_tensor
from kd_projector.probing.layers import find_stages
from kd_projector.probing.pooling import Pooling
from kd_projector.store import LayerInfo, RunReader
from tests.logger.training import make_net, make_probe


def transformer(blocks: int) -> nn.TransformerEncoder:
    return nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), blocks)


class Classifier(nn.Module):
    """Tokens, a transformer, a head on the mean token."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(50, 16)
        self.encoder = transformer(12)
        self.classifier = nn.Linear(16, 4)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"logits": self.classifier(self.encoder(self.tokens(ids)).mean(1))}


def with_blocks(*widths: int) -> nn.Sequential:
    blocks = [(f"stage{i}", nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU())) for i in range(len(widths))]
    return nn.Sequential(OrderedDict([*blocks, ("head", nn.Linear(4, 2))]))


def without_weights(name: str) -> nn.Module:
    with torch.device("meta"):  # only the structure counts
        return torchvision.models.get_model(name)


PLAIN_CNN = nn.Sequential(
    *(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 8, 3), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Flatten(), nn.Dropout(), nn.Linear(32, 10)),
)


@pytest.mark.parametrize(
    ("model", "stages"),
    [
        (without_weights("resnet18"), ("layer1", "layer2", "layer3", "layer4", "fc")),
        (without_weights("resnet50"), ("layer1", "layer2", "layer3", "layer4", "fc")),
        (transformer(4), ("layers.0", "layers.1", "layers.2", "layers.3")),
        (Classifier(), (*(f"encoder.layers.{i}" for i in (1, 3, 5, 7, 9, 11)), "classifier")),
        (without_weights("efficientnet_b0"), (*(f"features.{i}" for i in (1, 2, 4, 5, 6, 7, 8)), "classifier")),
        (without_weights("vit_b_16"), (*(f"encoder.layers.encoder_layer_{i}" for i in (1, 3, 5, 7, 9, 11)), "heads")),
        (PLAIN_CNN, ("2", "5", "8")),
        (with_blocks(1, 1, 1), ("stage0", "stage1", "stage2", "head")),
        (make_net(0), ("stage1", "stage2", "embedding", "head")),
        (nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)), ("1", "2")),
        (nn.Sequential(PLAIN_CNN), ("0.2", "0.5", "0.8")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "-",
)
def test_the_stages_of_a_model_are_found_in_depth_order(model: nn.Module, stages: tuple[str, ...]) -> None:
    assert find_stages(model) == stages


def test_a_plain_network_of_many_layers_is_thinned_to_its_last_and_six_others() -> None:
    stages = find_stages(without_weights("vgg16"))
    assert len(stages) == 7
    assert stages[-1] == "classifier.6"


def test_a_resnets_stages_are_logged_with_its_logits_as_output(tmp_path: Path) -> None:
    probe = Probe(torch.randn(6, 3, 64, 64), torch.arange(6))
    with DistillationLogger(tmp_path, probe, every=1, batch_size=4) as kd:
        kd.watch("teacher", torchvision.models.resnet18(num_classes=10))
        kd.step(0)
    model = RunReader(tmp_path).model("teacher")
    assert model.layers == (
        LayerInfo("layer1", 64, (64, 16, 16), "mean"),
        LayerInfo("layer2", 128, (128, 8, 8), "mean"),
        LayerInfo("layer3", 256, (256, 4, 4), "mean"),
        LayerInfo("layer4", 512, (512, 2, 2), "mean"),
        LayerInfo("fc", 10, (10,), "mean", output=True),
    )


def test_a_transformer_on_named_inputs_is_logged_with_dict_outputs(tmp_path: Path) -> None:
    ids = torch.randint(50, (9, 5))
    probe = Probe({"ids": ids, "mask": torch.ones(9, 5)}, torch.arange(9) % 4)
    model = Classifier()
    with DistillationLogger(tmp_path, probe, every=1, batch_size=4) as kd:
        kd.watch("student", model, layers=["encoder.layers.0.linear1", "classifier"])  # inside a fused layer
        kd.step(0)
    reader = RunReader(tmp_path)
    assert reader.layers("student") == ["encoder.layers.0.linear1", "classifier"]
    with torch.no_grad():
        expected = model.eval()(ids)["logits"]
    np.testing.assert_allclose(reader.embedding("student", "classifier", 0), expected, rtol=1e-2, atol=1e-3)
    assert reader.outputs("student", 0)["prediction"].tolist() == expected.argmax(1).tolist()


def test_layers_come_in_the_order_in_which_they_run(tmp_path: Path) -> None:
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("student", make_net(0), layers=["head", "stage2", "stage1.0"])
        kd.step(0)
    assert RunReader(tmp_path).layers("student") == ["stage1.0", "stage2", "head"]


def test_an_unknown_layer_gets_the_closest_names(tmp_path: Path) -> None:
    with (
        DistillationLogger(tmp_path, make_probe()) as kd,
        pytest.raises(UsageError, match=r"no layer 'stage3'\. Did you mean 'stage\d', 'stage\d'"),
    ):
        kd.watch("student", make_net(0), layers=["stage1", "stage3"])


def test_a_named_layer_that_never_runs_is_an_error(tmp_path: Path) -> None:
    model = make_net(0)
    model.unused = nn.Linear(2, 2)
    with DistillationLogger(tmp_path, make_probe(), every=1) as kd:
        kd.watch("student", model, layers=["stage1", "unused"])
        with pytest.raises(UsageError, match="'unused' does not run"):
            kd.step(0)


def test_rows_that_are_not_the_samples_are_an_error_that_names_the_layer(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(16, 16), nn.TransformerEncoderLayer(16, 2, 32))
    with DistillationLogger(tmp_path, Probe(torch.randn(7, 5, 16)), every=1) as kd:
        kd.watch("student", nn.Sequential(nn.Identity(), Transposed(), model), layers=["2.1"])
        with pytest.raises(UsageError, match=r"'2\.1' gives 5 rows for 7 samples.*batch_first"):
            kd.step(0)


class Transposed(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(0, 1)


def pooled(output: Tensor, pool: object = "mean", max_dim: int = 2048) -> tuple[Tensor, str]:
    return Pooling(pool, max_dim)(output, "layer")  # type: ignore[arg-type]


def test_outputs_are_pooled_by_their_kind() -> None:
    maps, tokens, rows = torch.rand(3, 4, 5, 6), torch.rand(3, 7, 4), torch.rand(3, 4)
    torch.testing.assert_close(pooled(maps)[0], maps.mean((2, 3)))
    torch.testing.assert_close(pooled(tokens)[0], tokens.mean(1))
    assert torch.equal(pooled(tokens, "cls")[0], tokens[:, 0])
    assert torch.equal(pooled(rows)[0], rows)
    assert torch.equal(pooled(maps, "flatten")[0], maps.reshape(3, -1))
    assert torch.equal(pooled(maps, lambda x: x.amax((2, 3)))[0], maps.amax((2, 3)))
    assert pooled(rows.half())[0].dtype == torch.float32
    assert pooled(rows[:, 0])[0].shape == (3, 1)


def test_a_layer_changed_in_place_by_the_next_one_is_captured_as_it_was() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    images = torch.randn(5, 1, 4, 4)
    with torch.no_grad():
        captured = capture(model, ["0"], [images], Pooling("flatten"))
        assert torch.equal(captured.embeddings["0"], model[0](images).flatten(1))
    assert (captured.embeddings["0"] < 0).any()


def test_what_cannot_be_pooled_is_an_error_that_names_the_layer() -> None:
    for output, pool, words in [
        (torch.rand(2, 3, 4, 4), "cls", "without a class token"),
        (torch.rand(2, 3), lambda x: x.sum(), "must return a tensor"),
        (torch.rand(2, 3) * 1j, "mean", "complex"),
        (torch.tensor(1.0), "mean", "one number"),
    ]:
        with pytest.raises(UsageError, match=f"'layer'.*{words}|{words}.*'layer'"):
            pooled(output, pool)
    with pytest.raises(UsageError, match="Unknown pool 'max'"):
        Pooling("max")  # type: ignore[arg-type]


def test_wide_embeddings_are_projected_the_same_way_each_time_and_keep_their_distances() -> None:
    wide = torch.randn(40, 20_000, generator=torch.Generator().manual_seed(0))
    narrow, how = pooled(wide, max_dim=512)
    assert narrow.shape == (40, 512)
    assert how == "mean, projected from 20000"
    assert torch.equal(narrow, pooled(wide, max_dim=512)[0])
    ratio = torch.pdist(narrow) / torch.pdist(wide)
    assert 0.98 < ratio.mean() < 1.02
    assert ratio.std() < 0.06  # 1 / sqrt(2 * 512) = 0.031 for a dense Gaussian projection


def test_the_first_tensor_is_found_in_whatever_a_layer_returns() -> None:
    tensor = torch.rand(2)
    for output in (tensor, (None, tensor), [{"a": None, "b": (tensor, 1)}], OrderedDict(x=tensor)):
        assert first_tensor(output) is tensor
    assert first_tensor(("nothing", 3)) is None
