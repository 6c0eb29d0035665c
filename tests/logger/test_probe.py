"""The probe: the same samples at every step and in every run, taken without disturbing anything."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from kd_projector import Probe, thumbnails
from kd_projector.errors import UsageError
from kd_projector.store import Thumbnails
from kd_projector.thumbnails import MAX_SHEET, make_thumbnails

INPUTS, LABELS = torch.arange(24.0).reshape(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])


def test_the_fingerprint_depends_on_inputs_labels_and_ids_and_on_nothing_else() -> None:
    same = [
        Probe(INPUTS, LABELS),
        Probe(INPUTS.clone(), LABELS.to(torch.int32), class_names=["a", "b", "c"], metadata={"odd": [0, 1] * 3}),
        Probe(INPUTS.numpy(), LABELS.tolist(), ids=range(6)),
    ]
    other = [
        Probe(INPUTS + 1, LABELS),
        Probe(INPUTS.double(), LABELS),
        Probe(INPUTS.reshape(6, 2, 2), LABELS),
        Probe(INPUTS, LABELS.flip(0)),
        Probe(INPUTS),
        Probe(INPUTS, LABELS, ids="abcdef"),
        Probe({"x": INPUTS}, LABELS),
    ]
    assert len({probe.fingerprint for probe in same}) == 1
    assert len({probe.fingerprint for probe in [same[0], *other]}) == 1 + len(other)


def test_the_probe_does_not_change_with_the_tensor_it_was_made_from() -> None:
    inputs = INPUTS.clone()
    probe = Probe(inputs)
    inputs.zero_()
    assert torch.equal(probe.inputs, INPUTS)  # type: ignore[arg-type]


@pytest.mark.parametrize("inputs", [INPUTS, {"a": INPUTS, "b": LABELS}, (INPUTS, LABELS)])
def test_batches_have_the_inputs_form_and_all_samples_in_order(inputs: object) -> None:
    batches = list(Probe(inputs).batches(4, torch.device("cpu")))
    assert [type(batch) for batch in batches] == [type(inputs)] * 2
    tensors = [
        batch if isinstance(batch, Tensor) else next(iter(batch.values() if isinstance(batch, dict) else batch))
        for batch in batches
    ]
    assert torch.equal(torch.cat(tensors), INPUTS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"inputs": torch.empty(0, 3)}, "empty"),
        ({"inputs": "text"}, "must be a tensor"),
        ({"inputs": {"a": [1, 2]}}, "must be a tensor"),
        ({"inputs": {}}, "must be a tensor"),
        ({"inputs": (INPUTS, LABELS[:2])}, "same number of samples"),
        ({"inputs": INPUTS, "labels": LABELS[:5]}, "6 samples but 5 labels"),
        ({"inputs": INPUTS, "labels": LABELS.float()}, "class indices"),
        ({"inputs": INPUTS, "labels": LABELS, "class_names": ["a", "b"]}, r"0\.\.2, but there are 2 class_names"),
        ({"inputs": INPUTS, "ids": "ab"}, "6 samples but 2 ids"),
        ({"inputs": INPUTS, "metadata": {"writer": [1]}}, r"6 samples but 1 metadata\['writer'\]"),
        ({"inputs": INPUTS, "images": torch.rand(5, 3, 8, 8)}, r"must be a tensor \(6, C, H, W\)"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_a_sentence(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Probe(**arguments)  # type: ignore[arg-type]


class Augmented(Dataset[tuple[Tensor, int]]):
    """A dataset with random augmentation from all three global generators."""

    classes = ("even", "odd")

    def __len__(self) -> int:
        return 50

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        noise = torch.rand(3) + random.random() + float(np.random.rand())  # noqa: NPY002
        return index + noise, index % 2


def generators() -> list[object]:
    return [random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()]  # type: ignore[index]  # noqa: NPY002


def test_a_probe_from_a_dataset_is_the_same_in_every_run_and_draws_from_no_generator_of_the_training() -> None:
    before = generators()
    first = Probe.from_dataset(Augmented(), size=10, seed=3)
    assert generators() == before
    torch.rand(5), random.random()
    again = Probe.from_dataset(Augmented(), size=10, seed=3)
    assert first.fingerprint == again.fingerprint != Probe.from_dataset(Augmented(), size=10, seed=4).fingerprint
    assert first.class_names == ("even", "odd")
    assert first.labels is not None
    assert first.labels.tolist() == [int(i) % 2 for i in first.ids]
    assert len(set(first.ids)) == len(first) == 10


def test_a_dataset_smaller_than_the_probe_is_taken_whole_also_through_a_subset() -> None:
    probe = Probe.from_dataset(Subset(Augmented(), range(7)), size=2000)
    assert probe.ids == tuple("0123456")
    assert probe.class_names == ("even", "odd")


def test_samples_of_an_unknown_form_go_through_collate_fn() -> None:
    samples = [(INPUTS[i], "text", i % 3) for i in range(6)]
    with pytest.raises(UsageError, match="collate_fn"):
        Probe.from_dataset(samples)
    probe = Probe.from_dataset(samples, collate_fn=lambda s: (torch.stack([x for x, _, _ in s]), [y for _, _, y in s]))
    assert probe.labels is not None
    assert torch.equal(probe.inputs, INPUTS)  # type: ignore[arg-type]


def test_dict_samples_are_named_inputs_with_their_label_taken_out() -> None:
    samples = [{"ids": INPUTS[i], "label": int(LABELS[i])} for i in range(6)]
    probe = Probe.from_dataset(samples)
    assert isinstance(probe.inputs, dict)
    assert list(probe.inputs) == ["ids"]
    assert torch.equal(probe.labels, LABELS)  # type: ignore[arg-type]


def test_a_probe_from_a_shuffling_loader_is_the_same_in_every_run_and_leaves_its_generator_alone() -> None:
    generator = torch.Generator().manual_seed(9)
    loader = DataLoader(TensorDataset(INPUTS, LABELS), batch_size=2, shuffle=True, generator=generator)
    before = [*generators(), generator.get_state().tolist()]
    first, again = Probe.from_loader(loader, size=5), Probe.from_loader(loader, size=5)
    assert [*generators(), generator.get_state().tolist()] == before
    assert first.fingerprint == again.fingerprint
    assert first.size == 5


def sheet(thumbnails: Thumbnails, index: int = 0) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(thumbnails.sheets[index])).convert("RGB"))


def cell(thumbnails: Thumbnails, sample: int) -> np.ndarray:
    pixels = sheet(thumbnails, sample // thumbnails.per_sheet)
    row, column = divmod(sample % thumbnails.per_sheet, thumbnails.columns)
    top, left = row * thumbnails.height, column * thumbnails.width
    return pixels[top : top + thumbnails.height, left : left + thumbnails.width]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 40),
    st.sampled_from([1, 3, 4]),
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from(["u1", "f4"]),
)
def test_every_sample_has_a_cell_of_readable_size(
    count: int, channels: int, rows: int, columns: int, kind: str
) -> None:
    images = torch.rand(count, channels, rows, columns)
    thumbnails = make_thumbnails((images * 255).to(torch.uint8) if kind == "u1" else images)
    assert 32 <= max(thumbnails.width, thumbnails.height) <= 64
    assert len(thumbnails.sheets) == -(-count // thumbnails.per_sheet)
    for sample in range(count):
        assert cell(thumbnails, sample).shape == (thumbnails.height, thumbnails.width, 3)


def test_small_images_are_enlarged_without_smoothing_or_loss() -> None:
    images = torch.randint(256, (5, 3, 8, 8), dtype=torch.uint8)
    thumbnails = make_thumbnails(images)
    assert (thumbnails.width, thumbnails.height) == (32, 32)
    for sample in range(5):
        expected = images[sample].permute(1, 2, 0).numpy().repeat(4, axis=0).repeat(4, axis=1)
        np.testing.assert_array_equal(cell(thumbnails, sample), expected)


def test_normalised_images_are_shown_with_their_full_range_whatever_a_few_pixels_do() -> None:
    images = torch.rand(30, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    wild = (images - 0.45) / 0.22
    wild[0, 0, 0, 0] = 1e6
    shown, plain = make_thumbnails(wild), make_thumbnails(images)
    difference = np.abs(cell(shown, 7).astype(int) - cell(plain, 7).astype(int))
    assert difference.max() <= 3  # of 255: what the clipped half percent amounts to


def test_many_images_fill_several_sheets_that_a_browser_can_take() -> None:
    thumbnails = make_thumbnails(torch.zeros(4200, 1, 64, 64, dtype=torch.uint8))
    assert len(thumbnails.sheets) == 2
    assert sheet(thumbnails).shape[:2] == (MAX_SHEET, MAX_SHEET)


def test_inputs_that_are_no_images_have_no_thumbnails_unless_images_are_given() -> None:
    assert Probe(INPUTS).record().thumbnails is None
    assert Probe(INPUTS, images=torch.rand(6, 20, 30)).record().thumbnails is not None
    assert Probe({"ids": INPUTS, "pixels": torch.rand(6, 3, 32, 32)}).record().thumbnails is not None


def test_many_large_images_are_scaled_few_at_a_time_to_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    images = torch.randn(23, 3, 70, 90, generator=torch.Generator().manual_seed(0))
    at_once = make_thumbnails(images)
    sizes = []
    scaled_cells = thumbnails._scaled_cells
    monkeypatch.setattr(thumbnails, "_BLOCK_VALUES", 5 * images[0].numel())
    monkeypatch.setattr(
        thumbnails, "_scaled_cells", lambda part, *rest: sizes.append(len(part)) or scaled_cells(part, *rest)
    )
    assert make_thumbnails(images) == at_once
    assert sizes == [5, 5, 5, 5, 3]


@pytest.mark.parametrize("ragged", [True, False])
def test_samples_that_make_no_batch_are_refused_with_what_to_do(ragged: bool) -> None:
    samples = [(torch.zeros(3, 8 + i, 8) if ragged else Image.new("RGB", (8, 8)), 0) for i in range(3)]
    with pytest.raises(UsageError, match=r"cannot be put into one batch .*transform"):
        Probe.from_dataset(samples)


@pytest.mark.parametrize("kind", ["u1", "u2", "i2", "u4", "i8"])
def test_labels_may_be_whole_numbers_of_any_width(kind: str) -> None:
    probe = Probe(INPUTS, LABELS.numpy().astype(kind), class_names=["a", "b", "c"])
    assert probe.fingerprint == Probe(INPUTS, LABELS).fingerprint
